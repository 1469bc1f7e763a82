// The tape: one entry of fixed size per value, in the order of the text.

/// What a value is.
public enum JSONKind: UInt8, Hashable, Sendable {
    case null, bool, number, string, array, object
}

/// One value or key. A container is followed by its contents, a key by its value.
struct JSONTapeEntry {
    /// Offset of the first byte of the value's text.
    var start: UInt32
    /// Offset after the last byte of the value's text.
    var end: UInt32
    /// Index of the entry after this value and all it contains.
    var next: UInt32
    /// Elements or members in bits 5..31, mark in bit 4, kind in bits 0..3.
    private var meta: UInt32

    init(_ kind: JSONKind, from start: Int, to end: Int, next: Int, mark: Bool = false) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.end = UInt32(truncatingIfNeeded: end)
        self.next = UInt32(truncatingIfNeeded: next)
        meta = UInt32(kind.rawValue) | (mark ? 16 : 0)
    }

    var kind: JSONKind { JSONKind(rawValue: UInt8(truncatingIfNeeded: meta & 15)) ?? .null }

    /// A string with escapes in it, a number that is not an integer, or the literal `true`.
    var mark: Bool { meta & 16 != 0 }

    var count: Int {
        get { Int(meta >> 5) }
        set { meta = meta & 31 | UInt32(truncatingIfNeeded: newValue) << 5 }
    }
}

/// The text and its entries; shared by all nodes of a document.
final class JSONTape: Sendable {
    let bytes: [UInt8]
    let entries: [JSONTapeEntry]

    init(bytes: [UInt8], entries: [JSONTapeEntry]) {
        self.bytes = bytes
        self.entries = entries
    }
}

/// A parsed text.
public struct JSONDocument: Sendable {
    let tape: JSONTape

    /// Throws the first fault of `bytes`. Takes time in proportion to the text, but for objects of
    /// many keys, whose keys are sorted to find a double one.
    public init(_ bytes: [UInt8], limits: JSONLimits = JSONLimits()) throws(JSONFailure) {
        tape = JSONTape(bytes: bytes, entries: try JSONParser.entries(of: bytes, limits: limits))
    }

    /// The outermost value.
    public var root: JSONNode { JSONNode(tape: tape, index: 0) }

    /// The text that was parsed.
    public var bytes: [UInt8] { tape.bytes }
}
