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

    /// The UTF-8 of a string, unescaped; empty where the entry is something else.
    func utf8(_ index: Int) -> ArraySlice<UInt8> {
        let entry = entries[index]
        guard entry.kind == .string else { return [] }
        let inside = bytes[Int(entry.start) + 1..<Int(entry.end) - 1]
        return entry.mark ? JSONText.unescape(inside)[...] : inside
    }

    /// True where the entry is a string of exactly these UTF-8 bytes.
    func isString(_ index: Int, _ text: String) -> Bool {
        let entry = entries[index]
        guard entry.kind == .string else { return false }
        if entry.mark { return utf8(index).elementsEqual(text.utf8) }
        guard Int(entry.end - entry.start) == text.utf8.count + 2 else { return false }
        var offset = Int(entry.start) + 1
        for byte in text.utf8 {
            guard bytes[offset] == byte else { return false }
            offset += 1
        }
        return true
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
