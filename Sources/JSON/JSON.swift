// The door of JSON: strict RFC 8259 text in, exact ranges and values out, deterministic text back.
//
// `JSONDocument` parses once into a flat tape; `JSONNode` is a cursor on it and knows the bytes it
// came from; `JSONValue` is the same as a plain tree; `JSONWriter` appends. Nothing here recurses
// on depth that the limits do not bound, and nothing traps on any input.

/// What a text may cost before it is refused.
public struct JSONLimits: Hashable, Sendable {
    /// Arrays and objects inside each other, at most; `[]` has depth 1.
    public var depth: Int
    /// Bytes of the whole text, at most; never above `JSONLimits.mostBytes`.
    public var bytes: Int
    /// Values and keys in the text together, at most; each costs 16 bytes of memory.
    public var nodes: Int

    /// 2^27 bytes: offsets and counts are packed into 32 bits.
    public static let mostBytes = 1 << 27

    public init(depth: Int = 64, bytes: Int = 64 << 20, nodes: Int = 4 << 20) {
        self.depth = depth
        self.bytes = min(bytes, JSONLimits.mostBytes)
        self.nodes = nodes
    }
}

/// Why bytes are not acceptable JSON, and where.
public struct JSONFailure: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// The text ended inside a value.
        case truncated
        /// A byte that cannot stand where it does: also `NaN`, comments, trailing commas.
        case unexpectedByte
        /// Something other than white space follows the value.
        case trailingBytes
        /// The text begins with U+FEFF (RFC 8259 §8.1 lets a parser refuse it).
        case byteOrderMark
        /// A number that begins with a superfluous 0.
        case leadingZero
        /// A control character below U+0020 that is not escaped.
        case controlCharacter
        /// A backslash with a letter after it that RFC 8259 §7 does not list.
        case invalidEscape
        /// A `\u` escape of half a surrogate pair.
        case loneSurrogate
        /// Bytes that are not UTF-8 (RFC 3629).
        case invalidUTF8
        /// An object with the same key twice, compared after unescaping.
        case duplicateKey
        /// Deeper than `JSONLimits.depth`.
        case tooDeep
        /// Longer than `JSONLimits.bytes`.
        case tooLong
        /// More values than `JSONLimits.nodes`.
        case tooManyNodes
    }

    /// What is wrong.
    public var reason: Reason
    /// Bytes from the start of the text to the first one that is wrong.
    public var offset: Int

    public init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}
