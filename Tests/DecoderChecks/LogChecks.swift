// What log clients exchange: notes, checkpoints, tile paths, bundles, keys and proofs.
import Cryptography
import Merkle
import Primitives

extension DecoderCheck {
    static let log = [
        DecoderCheck("log-bundle") { bytes throws(BrokenRule) in
            guard let entries = try? EntryBundle.decode(bytes) else { return false }
            try require(EntryBundle.encode(entries) == bytes, "a bundle has one encoding")
            return true
        },
        DecoderCheck("log-note") { bytes throws(BrokenRule) in try note(bytes) },
        DecoderCheck("log-path", mostBytes: 80) { bytes throws(BrokenRule) in
            let text = String(decoding: bytes, as: UTF8.self)
            if let key = NoteKey(text: text) {
                try require(Array(key.text.utf8) == bytes, "a key has one text")
                return true
            }
            guard let path = TilePath(path: text) else { return false }
            try require(Array(path.path.utf8) == bytes, "a tile has one path")
            return true
        },
        DecoderCheck("log-proof", mostBytes: 2200) { bytes throws(BrokenRule) in proof(bytes) },
    ]

    private static let key = try? NoteKey(
        name: "example.com/log", publicKey: PublicKey([UInt8](repeating: 9, count: 32))
            ?? PublicKey())

    private static func note(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let note = try? SignedNote(parsing: bytes) else { return false }
        try require(note.bytes == bytes, "a note has one form")
        if let key { _ = try? note.verify(by: key) }
        if let checkpoint = try? CheckpointNote(text: note.text) {
            try require(checkpoint.text == note.text, "a checkpoint has one text")
        }
        return true
    }

    /// Numbers and siblings from an enemy.
    private static func proof(_ bytes: [UInt8]) -> Bool {
        var reader = ByteReader(bytes)
        guard let index: UInt64 = try? reader.read(), let size: UInt64 = try? reader.read(),
            let leaf: Digest = try? reader.read(),
            let path: [Digest] = try? reader.readList(count: reader.remaining / 32)
        else { return false }
        let older = TreeHead(size: index, root: leaf)
        let newer = TreeHead(size: size, root: path.last ?? leaf)
        _ = LogProof.isIncluded(leafHash: leaf, at: index, in: newer, siblings: path)
        _ = LogProof.isConsistent(older: older, newer: newer, path: path)
        let place = (Int(truncatingIfNeeded: index), Int(truncatingIfNeeded: size))
        let root = InclusionPath(siblings: path).root(leaf: leaf, index: place.0, count: place.1)
        let neighbour = path.last.map { StateLeaf(key: $0, value: leaf) }
        let state = StateProof(siblings: path, neighbour: index & 1 == 0 ? nil : neighbour)
        _ = state.isValid(root: leaf, key: leaf, value: size & 1 == 0 ? nil : leaf)
        return root != nil
    }
}
