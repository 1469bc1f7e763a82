// The head of the log as text, ready to be signed: C2SP tlog-checkpoint.
import Cryptography
import Primitives

/// Origin, size and root of a log, one line each, and extension lines if there must be any.
public struct CheckpointNote: Hashable, Sendable {
    /// Names the log; by custom its address without scheme, and the name of the key that signs.
    public let origin: String
    public let head: TreeHead
    /// Opaque lines after the root; C2SP advises against them.
    public let extensions: [String]

    /// Throws `.invalidOrigin` or `.invalidExtension` where a text is empty or not one line.
    public init(
        origin: String, head: TreeHead, extensions: [String] = []
    ) throws(NoteFailure) {
        guard Self.isLine(origin) else { throw .invalidOrigin }
        guard extensions.allSatisfy(Self.isLine) else { throw .invalidExtension }
        self.origin = origin
        self.head = head
        self.extensions = extensions
    }

    /// The bytes that are signed.
    public var text: [UInt8] {
        let root = Base64.encode(head.root.bytes, as: .standard)
        let lines = [origin, String(head.size), root] + extensions
        return lines.flatMap { Array($0.utf8) + [0x0A] }
    }

    /// A note with one signature. Throws what `SignedNote.init(text:)` and `sign` throw.
    public func signed(by key: SigningKey, name: String) throws(NoteFailure) -> SignedNote {
        var note = try SignedNote(text: text)
        try note.sign(with: key, name: name)
        return note
    }

    /// Reads the text of a note. Throws for the first line that is not what it must be.
    public init(text: [UInt8]) throws(NoteFailure) {
        let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard lines.count >= 4, lines.last?.isEmpty == true,
            lines.dropLast().allSatisfy({ !$0.isEmpty })
        else { throw .missingLine }
        let fields = lines.dropLast().map { String(decoding: $0, as: UTF8.self) }
        guard let size = Self.size(fields[1]) else { throw .invalidSize }
        guard let bytes = Base64.decode(fields[2], as: .standard), let root = Digest(bytes) else {
            throw .invalidRoot
        }
        try self.init(
            origin: fields[0], head: TreeHead(size: size, root: root),
            extensions: Array(fields[3...]))
        // Bytes that are not UTF-8 were replaced above, so the text would differ.
        guard self.text == text else { throw .invalidText }
    }

    /// The checkpoint in a note as it is served, after all checks: the form, the signature by
    /// `key`, and that it is the log named `origin`.
    public static func open(
        _ bytes: [UInt8], by key: NoteKey, origin: String
    ) throws(NoteFailure) -> CheckpointNote {
        let note = try SignedNote(parsing: bytes)
        try note.verify(by: key)
        let checkpoint = try CheckpointNote(text: note.text)
        guard Array(checkpoint.origin.utf8) == Array(origin.utf8) else { throw .foreignOrigin }
        return checkpoint
    }

    private static func size(_ digits: String) -> UInt64? {
        guard let size = UInt64(digits), String(size) == digits else { return nil }
        return size
    }

    private static func isLine(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 }
    }
}
