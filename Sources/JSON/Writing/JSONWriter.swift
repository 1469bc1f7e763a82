// The way out: appends JSON text, the same bytes for the same calls.

/// How a text is laid out.
public enum JSONLayout: Hashable, Sendable {
    /// No white space at all.
    case compact
    /// One element a line, two spaces a level, `: ` after keys; `[]` and `{}` stay together.
    case pretty
}

/// Appends values to one buffer and places commas itself. A call that the grammar does not allow at
/// that point is an error of the caller and stops the program in debug builds.
public struct JSONWriter: Sendable {
    /// The text so far.
    public private(set) var bytes: [UInt8]
    private let layout: JSONLayout
    /// One flag per open container: true once it has an element.
    private var filled: [Bool] = []
    private var isAfterKey = false

    public init(_ layout: JSONLayout = .compact, capacity: Int = 0) {
        self.layout = layout
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Opens an object; `endObject` must follow.
    public mutating func beginObject() { begin(UInt8(ascii: "{")) }
    /// Closes the innermost object.
    public mutating func endObject() { end(UInt8(ascii: "}")) }
    /// Opens an array; `endArray` must follow.
    public mutating func beginArray() { begin(UInt8(ascii: "[")) }
    /// Closes the innermost array.
    public mutating func endArray() { end(UInt8(ascii: "]")) }

    /// An object whose members `body` writes.
    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        beginObject()
        body(&self)
        endObject()
    }

    /// An array whose elements `body` writes.
    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        beginArray()
        body(&self)
        endArray()
    }

    /// The key of the next value.
    public mutating func key(_ name: String) {
        assert(!isAfterKey, "a key stands where a value must")
        separate()
        quote(name.utf8)
        bytes.append(UInt8(ascii: ":"))
        if layout == .pretty { bytes.append(0x20) }
        isAfterKey = true
    }

    /// A string; it is escaped.
    public mutating func write(_ text: String) {
        separate()
        quote(text.utf8)
    }

    /// `true` or `false`.
    public mutating func write(_ flag: Bool) {
        separate()
        append(flag ? "true" : "false")
    }

    /// A number, in decimal digits whatever its width; JavaScript loses what is over 2^53.
    public mutating func write(_ integer: some FixedWidthInteger) {
        separate()
        append(integer)
    }

    /// A number as its text.
    public mutating func write(_ number: JSONNumber) {
        separate()
        bytes.append(contentsOf: number.text.utf8)
    }

    /// The integer in quotes: for widths over 53 bits.
    public mutating func writeQuoted(_ integer: some FixedWidthInteger) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        append(integer)
        bytes.append(UInt8(ascii: "\""))
    }

    /// `null`
    public mutating func writeNull() {
        separate()
        append("null")
    }

    /// Text that is known to be one JSON value; it is not laid out again.
    public mutating func writeRaw(_ value: some Sequence<UInt8>) {
        separate()
        bytes.append(contentsOf: value)
    }

    /// A value and all it contains.
    public mutating func write(_ value: JSONValue) {
        switch value {
        case .null: writeNull()
        case .bool(let flag): write(flag)
        case .number(let number): write(number)
        case .string(let text): write(text)
        case .array(let elements):
            array { for element in elements { $0.write(element) } }
        case .object(let members):
            object { for member in members { $0.member(member.key, member.value) } }
        }
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        filled.append(false)
    }

    private mutating func end(_ bracket: UInt8) {
        assert(!filled.isEmpty && !isAfterKey, "nothing to close here")
        if filled.popLast() == true { breakLine() }
        bytes.append(bracket)
    }

    /// What stands before a key or value: a comma unless it is the first, and the line break.
    private mutating func separate() {
        if isAfterKey {
            isAfterKey = false
            return
        }
        guard let isFilled = filled.last else { return }
        if isFilled { bytes.append(UInt8(ascii: ",")) }
        filled[filled.count - 1] = true
        breakLine()
    }

    private mutating func breakLine() {
        guard layout == .pretty else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: 2 * filled.count))
    }

    private mutating func append(_ literal: StaticString) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    private mutating func append(_ integer: some FixedWidthInteger) {
        bytes.append(contentsOf: String(integer).utf8)
    }

    private mutating func quote(_ text: String.UTF8View) {
        bytes.append(UInt8(ascii: "\""))
        if text.withContiguousStorageIfAvailable({ escape($0) }) == nil { escape(text) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// Escapes quote, backslash and controls only; everything else stays UTF-8.
    private mutating func escape(_ text: some Collection<UInt8>) {
        guard text.contains(where: { $0 < 0x20 || $0 == 0x22 || $0 == 0x5C }) else {
            bytes.append(contentsOf: text)
            return
        }
        for byte in text {
            switch byte {
            case 0x22, 0x5C: bytes.append(contentsOf: [0x5C, byte])
            case 0x08: append("\\b")
            case 0x09: append("\\t")
            case 0x0A: append("\\n")
            case 0x0C: append("\\f")
            case 0x0D: append("\\r")
            case 0..<0x20:
                append("\\u00")
                let digits: StaticString = "0123456789abcdef"
                bytes.append(digits.utf8Start[Int(byte >> 4)])
                bytes.append(digits.utf8Start[Int(byte & 15)])
            default: bytes.append(byte)
            }
        }
    }
}

extension JSONWriter {
    /// A member that is a string.
    public mutating func member(_ name: String, _ text: String) {
        key(name)
        write(text)
    }

    /// A member that is a boolean.
    public mutating func member(_ name: String, _ flag: Bool) {
        key(name)
        write(flag)
    }

    /// A member that is a number.
    public mutating func member(_ name: String, _ integer: some FixedWidthInteger) {
        key(name)
        write(integer)
    }

    /// A member that is an integer in quotes.
    public mutating func member(_ name: String, quoted integer: some FixedWidthInteger) {
        key(name)
        writeQuoted(integer)
    }

    /// A member of any kind.
    public mutating func member(_ name: String, _ value: JSONValue) {
        key(name)
        write(value)
    }

    /// The member with that text, or none.
    public mutating func member(_ name: String, ifPresent text: String?) {
        if let text { member(name, text) }
    }
}
