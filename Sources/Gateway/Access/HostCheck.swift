// Against DNS rebinding: a web page must not reach a developer's node under a name of its own.

/// Names under which a node without tokens answers.
///
/// A browser lets a page speak to its own host name, wherever that resolves to. While no token
/// protects the node, and only this machine can connect to it, the name must be one of its own.
struct HostCheck: Sendable {
    private let isOn: Bool

    init(settings: GatewaySettings, mode: GatewayMode) {
        if case .development = mode {
            isOn = Self.isLocal(settings.address)
        } else {
            isOn = false
        }
    }

    /// - Parameter authority: host and port as the request names them; empty in HTTP/1.0.
    func check(_ authority: String) throws(Problem) {
        guard isOn, !authority.isEmpty, !Self.isLocal(Self.host(of: authority)) else { return }
        throw Problem(
            .misdirected, "In development mode only requests to localhost are answered.")
    }

    private static func host(of authority: String) -> String {
        if authority.hasPrefix("[") {
            return String(authority.dropFirst().prefix { $0 != "]" })
        }
        return String(authority.prefix { $0 != ":" })
    }

    private static func isLocal(_ host: String) -> Bool {
        let name = host.lowercased()
        if name == "localhost" || name.hasSuffix(".localhost") || name == "::1" { return true }
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
