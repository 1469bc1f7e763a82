// Text with signatures below it, as logs and their witnesses exchange it: C2SP signed-note.
import Cryptography
import Primitives

/// Why bytes are not a signed note, not a checkpoint, or not one to trust.
public enum NoteFailure: Error, Hashable, Sendable {
    /// Over `SignedNote.limitBytes`, or over `SignedNote.limitSignatures`.
    case overLimit
    /// Not UTF-8, or with a control character that is not a newline.
    case invalidText
    /// No blank line with at least one signature line after it, or no newline at the end.
    case noSignatures
    /// A line after the last blank one that is not a signature line; counted from 0.
    case invalidSignature(line: Int)
    /// A key name that is empty, too long, or has white space, plus signs or control characters.
    case invalidName
    /// No signature by the key that was asked for.
    case unknownSigner
    /// A signature by the key that was asked for, which does not hold for this text.
    case wrongSignature
    /// A checkpoint text without its three lines, or with an empty line.
    case missingLine
    /// An origin that is empty or is not one line of text.
    case invalidOrigin
    /// Another log's checkpoint.
    case foreignOrigin
    /// A size that is not a decimal number below 2^64 without leading zeroes.
    case invalidSize
    /// A root that is not the base64 of 32 bytes.
    case invalidRoot
    /// An extension line that is empty or is not one line of text.
    case invalidExtension
}

/// One signature line: `— <name> base64(id || signature)`.
public struct NoteSignature: Hashable, Sendable {
    public var name: String
    /// The id of the key, see `NoteKey.id`; other algorithms form it otherwise.
    public var keyID: UInt32
    /// The signature in the form of its algorithm; 64 bytes for Ed25519.
    public var signature: [UInt8]

    /// The line without its newline.
    var line: String {
        let id = (0..<4).map { UInt8(truncatingIfNeeded: keyID >> (24 - 8 * UInt32($0))) }
        return "— \(name) \(Base64.encode(id + signature, as: .standard))"
    }
}

/// A text and the signatures over it. Parsing proves nothing: see `verify(by:)`.
public struct SignedNote: Hashable, Sendable {
    /// Bytes of the longest note.
    public static let limitBytes = 64 << 10
    /// Signatures on one note, more than the 16 that verifiers must accept.
    public static let limitSignatures = 256

    /// The UTF-8 bytes that are signed, with the newline at their end.
    public let text: [UInt8]
    public private(set) var signatures: [NoteSignature]

    /// A note nobody has signed yet. Throws `.invalidText` unless `text` is UTF-8 without control
    /// characters but newlines and ends with a newline, `.overLimit` where it is too long.
    public init(text: [UInt8]) throws(NoteFailure) {
        guard text.count <= Self.limitBytes else { throw .overLimit }
        guard Self.isText(text), text.last == Self.newline else { throw .invalidText }
        self.text = text
        signatures = []
    }

    /// The note as it is served: text, blank line, one line a signature.
    public var bytes: [UInt8] {
        var bytes = text
        bytes.append(Self.newline)
        for signature in signatures {
            bytes.append(contentsOf: signature.line.utf8)
            bytes.append(Self.newline)
        }
        return bytes
    }

    /// Adds a signature over the text. Throws `.invalidName`, or `.overLimit` where there are 256.
    public mutating func sign(with key: SigningKey, name: String) throws(NoteFailure) {
        let noteKey = try NoteKey(name: name, publicKey: key.publicKey)
        guard signatures.count < Self.limitSignatures else { throw .overLimit }
        let signature = key.sign(text).bytes
        signatures.append(NoteSignature(name: name, keyID: noteKey.id, signature: signature))
    }

    /// Throws unless `key` has signed the text: `.unknownSigner` where no line bears its name and
    /// id, `.wrongSignature` where any such line does not hold. Lines of other keys are ignored.
    public func verify(by key: NoteKey) throws(NoteFailure) {
        let id = key.id
        let name = Array(key.name.utf8)
        // Names are compared as bytes: `String` would take two spellings of one accent as equal.
        let own = signatures.filter { $0.keyID == id && Array($0.name.utf8) == name }
        guard !own.isEmpty else { throw .unknownSigner }
        for line in own {
            guard let signature = Signature(line.signature),
                Ed25519.isValid(signature, of: text, by: key.publicKey)
            else { throw .wrongSignature }
        }
    }
}

extension SignedNote {
    private static let newline: UInt8 = 0x0A

    /// Reads a note as it is served. The last blank line ends the text.
    public init(parsing bytes: [UInt8]) throws(NoteFailure) {
        guard bytes.count <= Self.limitBytes else { throw .overLimit }
        guard Self.isText(bytes) else { throw .invalidText }
        guard let end = Self.textEnd(in: bytes), bytes.last == Self.newline else {
            throw .noSignatures
        }
        let lines = bytes[(end + 1)...].dropLast()
            .split(separator: Self.newline, omittingEmptySubsequences: false)
        guard lines.count <= Self.limitSignatures else { throw .overLimit }
        text = Array(bytes[..<end])
        signatures = []
        for (index, line) in lines.enumerated() {
            guard let signature = NoteSignature(line: line) else {
                throw .invalidSignature(line: index)
            }
            signatures.append(signature)
        }
    }

    /// The index of the newline that is the last blank line; nil where nothing stands after it.
    private static func textEnd(in bytes: [UInt8]) -> Int? {
        guard bytes.count > 2 else { return nil }
        for index in stride(from: bytes.count - 1, to: 0, by: -1)
        where bytes[index] == newline && bytes[index - 1] == newline {
            return index + 1 < bytes.count ? index : nil
        }
        return nil
    }

    private static func isText(_ bytes: [UInt8]) -> Bool {
        bytes.allSatisfy { $0 >= 0x20 || $0 == newline }
            && String(validating: bytes, as: UTF8.self) != nil
    }
}

extension NoteSignature {
    /// Nil unless `line` is an em dash, a space, a name, a space, and base64 of at least five
    /// bytes.
    init?(line: ArraySlice<UInt8>) {
        guard line.starts(with: "— ".utf8) else { return nil }
        let parts = line.dropFirst("— ".utf8.count)
            .split(separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(decoding: parts[0], as: UTF8.self)
        guard parts.count == 2, NoteKey.isName(name),
            let payload = Base64.decode(String(decoding: parts[1], as: UTF8.self), as: .standard),
            payload.count > 4
        else { return nil }
        self.name = name
        keyID = payload[..<4].reduce(0) { $0 << 8 | UInt32($1) }
        signature = Array(payload[4...])
    }
}
