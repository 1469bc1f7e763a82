// Validators and where they are reached, as one line of text: KEY@HOST:PORT,KEY@HOST:PORT.
import Cryptography
import Peers
import Primitives

/// The text of the setting `peers`, read.
struct PeerList: Hashable, Sendable {
    var entries: [PeerEntry]

    init(_ entries: [PeerEntry]) { self.entries = entries }

    /// Nil where a part is no key with an address, or a key stands twice. "" is an empty list.
    init?(_ text: String) {
        entries = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false)
        where !text.isEmpty {
            guard let entry = Self.entry(String(part)) else { return nil }
            entries.append(entry)
        }
        guard Set(entries.map(\.key)).count == entries.count else { return nil }
    }

    private static func entry(_ text: String) -> PeerEntry? {
        guard let at = text.firstIndex(of: "@"), let key = key(String(text[..<at])),
            let address = ListenAddress(String(text[text.index(after: at)...])), address.port > 0
        else { return nil }
        return PeerEntry(key: key, host: address.host, port: address.port)
    }

    /// A public key as `did:key` or 64 hexadecimal digits.
    static func key(_ text: String) -> PublicKey? { DIDKey.decode(text) ?? PublicKey(hex: text) }

    var text: String {
        entries.map { entry in
            let address = ListenAddress(host: entry.host, port: entry.port)
            return DIDKey.encode(entry.key) + "@" + address.authority
        }.joined(separator: ",")
    }
}
