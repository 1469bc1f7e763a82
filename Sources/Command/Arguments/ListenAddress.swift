// A host and a port, as text and apart.

/// Where a node listens.
struct ListenAddress: Hashable, Sendable {
    /// Without brackets.
    var host: String
    var port: UInt16

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `host:port` or `[v6]:port`.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"),
            let number = ValueKind.number(String(text[text.index(after: colon)...])),
            let port = UInt16(exactly: number)
        else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        guard !host.isEmpty else { return nil }
        self.host = String(host)
        self.port = port
    }

    /// Whether only this machine can connect.
    var isLoopback: Bool { host.hasPrefix("127.") || host == "::1" || host == "localhost" }

    /// As it stands in addresses.
    var authority: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
