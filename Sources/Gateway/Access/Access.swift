// Who sends: the token of a request, and the table it is looked up in.
import Environment
import Platform
import Primitives
import Synchronization

/// How a gateway knows its senders.
public enum GatewayMode: Sendable {
    /// No token is needed: whoever can connect records for `owner`, or for the owner of the token
    /// that it sends where `readTokens` knows it. For a developer's own machine.
    case development(owner: OwnerID, readTokens: @Sendable () -> [UInt8]? = { nil })
    /// A token is needed; `readTokens` gives the bytes of the token file, nil where it cannot be
    /// read.
    case production(readTokens: @Sendable () -> [UInt8]?)

    /// The name in `/v1/status`.
    var name: String {
        switch self {
        case .development: "development"
        case .production: "production"
        }
    }
}

/// The token table in force. The lock is held for a lookup only.
final class Access: Sendable {
    private struct State {
        var table = TokenTable()
        /// By the monotonic clock; nil before the first reading.
        var readAt: UInt64?
    }
    private let mode: GatewayMode
    private let clock: any Clock
    private let state = Mutex(State())

    /// Nanoseconds between two readings of the token file, while tokens are asked about.
    private static let rereadNanoseconds = Nanoseconds.perSecond

    init(mode: GatewayMode, clock: any Clock) {
        self.mode = mode
        self.clock = clock
    }

    /// The owner for whom the sender of these fields may record.
    func owner(of headers: HTTPFields) throws(Problem) -> OwnerID {
        switch mode {
        case .development(let owner, let read):
            return Self.token(in: headers).flatMap { self.owner(of: $0, read) } ?? owner
        case .production(let read):
            guard let token = Self.token(in: headers) else {
                throw Problem(.unauthorized, "Send Authorization: Bearer <token>.")
            }
            guard let owner = owner(of: token, read) else {
                throw Problem(.unauthorized, "The token is not known.")
            }
            return owner
        }
    }

    /// Reads the file again where the last reading is old enough, so that a new token comes into
    /// force, and a revoked one out of it, within a second.
    private func owner(of token: String, _ read: () -> [UInt8]?) -> OwnerID? {
        let now = clock.monotonicNanoseconds()
        let isDue = state.withLock { state in
            if let last = state.readAt, now &- last < Self.rereadNanoseconds { return false }
            state.readAt = now
            return true
        }
        // A file that cannot be read, or is spoilt, leaves the table as it was.
        let fresh = isDue ? read().flatMap { try? TokenTable(parsing: $0) } : nil
        return state.withLock { state in
            if let fresh { state.table = fresh }
            return state.table.owner(of: token)
        }
    }

    /// The token of `Bearer <token>`, or the password of `Basic` (RFC 7617), as some exporters send
    /// it.
    static func token(in headers: HTTPFields) -> String? {
        guard let value = headers["authorization"] else { return nil }
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        switch parts[0].lowercased() {
        case "bearer": return String(parts[1])
        case "basic":
            guard let raw = Base64.decode(parts[1], as: .standard),
                let text = String(validating: raw, as: UTF8.self),
                let colon = text.firstIndex(of: ":")
            else { return nil }
            return String(text[text.index(after: colon)...])
        default: return nil
        }
    }
}
