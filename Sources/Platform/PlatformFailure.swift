// What can go wrong between this process and the operating system or a peer.
import Glibc

/// Why a call of Platform's network side failed.
public enum PlatformFailure: Error, Hashable, Sendable {
    /// A system call was refused; `code` is its errno.
    case system(operation: String, code: Int32)
    /// The host name has no address.
    case unknownHost(String)
    /// The address is not of the form `http://host[:port][/path]`.
    case unsupportedAddress(String)
    /// Nothing came, or could be sent, within the time given.
    case timedOut(operation: String)
    /// The peer closed the connection before the answer was whole.
    case connectionClosed
    /// The peer's answer breaks RFC 9112 in the way named.
    case malformedResponse(HTTPFault)
    /// A field or target that was to be sent holds characters HTTP does not allow.
    case malformedRequest(String)
    /// There is no terminal to ask.
    case noTerminal
}

extension PlatformFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .system(let operation, let code): "\(operation): \(String(cString: strerror(code)))"
        case .unknownHost(let host): "no address for host \(host)"
        case .unsupportedAddress(let text): "not an http:// address: \(text)"
        case .timedOut(let operation): "\(operation): timed out"
        case .connectionClosed: "the peer closed the connection early"
        case .malformedResponse(let fault): "malformed response: \(fault.detail)"
        case .malformedRequest(let what): "cannot be sent in HTTP: \(what)"
        case .noTerminal: "no terminal to ask"
        }
    }

    /// The result of a wrapper that returns a negative errno, or the failure it stands for.
    static func check(
        _ result: Int32, _ operation: @autoclosure () -> String
    ) throws(PlatformFailure) -> Int32 {
        if result < 0 { throw .system(operation: operation(), code: -result) }
        return result
    }
}
