// The address of a server: `http://host[:port][/prefix]`.

/// Where a client's requests go.
public struct HTTPAddress: Hashable, Sendable {
    public let host: String
    public let port: UInt16
    /// Put before the path of every request; empty or `/...` without a final slash.
    public let prefix: String
    /// Value of the Host field.
    let authority: String

    /// - Throws: `unsupportedAddress` for anything else than http, and for user names and queries.
    public init(_ text: String) throws(PlatformFailure) {
        let scheme = text.utf8.prefix(7).map(\.lowercased)
        guard scheme.elementsEqual("http://".utf8) else { throw .unsupportedAddress(text) }
        let (questionMark, hash) = (UInt8(ascii: "?"), UInt8(ascii: "#"))
        let rest = text.utf8.dropFirst(7)
        let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        let authority = rest[..<end]
        guard !authority.isEmpty, authority.allSatisfy(\.isHost),
            rest[end...].allSatisfy({ $0.isVisible && $0 != questionMark && $0 != hash })
        else { throw .unsupportedAddress(text) }
        guard let (host, port) = Self.split(Substring(authority)) else {
            throw .unsupportedAddress(text)
        }
        self.host = host
        self.port = port
        self.authority = String(Substring(authority))
        var prefix = Substring(rest[end...])
        while prefix.hasSuffix("/") { prefix.removeLast() }
        self.prefix = String(prefix)
    }

    /// `host:port`, `[v6]:port`, or either without port (80).
    private static func split(_ authority: Substring) -> (String, UInt16)? {
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { return nil }
            let host = authority[authority.index(after: authority.startIndex)..<close]
            let tail = authority[authority.index(after: close)...]
            if tail.isEmpty { return (String(host), 80) }
            guard tail.hasPrefix(":"), let port = UInt16(tail.dropFirst()) else { return nil }
            return (String(host), port)
        }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count == 1 { return (String(parts[0]), 80) }
        guard parts.count == 2, !parts[0].isEmpty, let port = UInt16(parts[1]) else { return nil }
        return (String(parts[0]), port)
    }
}
