// Short texts and files of keys: what is accepted is the one form of its value.
import Cryptography
import Platform
import Primitives

extension DecoderCheck {
    static let texts = [
        DecoderCheck("key-file", mostBytes: 160) { bytes throws(BrokenRule) in
            guard let stated = try? KeyFile.statedPublicKey(of: bytes) else { return false }
            // Passes and KiB of memory, after magic and version: only cheap ones are tried.
            guard bytes[10..<18].elementsEqual([1, 0, 0, 0, 8, 0, 0, 0]) else { return true }
            try require(opened(bytes).map { $0 == stated } ?? true, "a key file states its key")
            return true
        },
        DecoderCheck("text", mostBytes: 256) { bytes throws(BrokenRule) in
            let (choice, rest) = bytes.choice
            let text = String(decoding: rest, as: UTF8.self)
            guard let again = canonical(text, choice) else { return false }
            try require(Array(again.utf8) == rest, "a value has one text")
            return true
        },
    ]

    private static func opened(_ bytes: [UInt8]) -> PublicKey? {
        (try? KeyFile.open(bytes, passphrase: []))?.publicKey
    }

    /// The text of the value that `text` stands for; nil where it is none.
    private static func canonical(_ text: String, _ choice: UInt8) -> String? {
        switch choice % 5 {
        case 0: Hex.decode(text).map { Hex.encode($0) }
        case 1: Base64.decode(text, as: .standard).map { Base64.encode($0, as: .standard) }
        case 2: Base64.decode(text, as: .urlSafe).map { Base64.encode($0, as: .urlSafe) }
        case 3: DIDKey.decode(text).map(DIDKey.encode)
        default: (try? HTTPAddress(text)) == nil ? nil : text
        }
    }
}
