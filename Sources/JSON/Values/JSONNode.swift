// One value inside a parsed text, with the exact bytes it was written as.

/// A cursor on a `JSONDocument`; cheap to copy.
public struct JSONNode: Sendable {
    let tape: JSONTape
    let index: Int

    private var entry: JSONTapeEntry { tape.entries[index] }

    /// What the value is.
    public var kind: JSONKind { entry.kind }

    /// Where the value stands in the text, quotes and brackets included.
    public var range: Range<Int> { Int(entry.start)..<Int(entry.end) }

    /// The value exactly as it was written.
    public var raw: ArraySlice<UInt8> { tape.bytes[range] }

    /// True for the literal `null`.
    public var isNull: Bool { kind == .null }

    /// The boolean, nil where the value is something else.
    public var bool: Bool? { kind == .bool ? entry.mark : nil }

    /// The number as written, nil where the value is something else.
    public var number: JSONNumber? {
        kind == .number ? JSONNumber(checked: String(decoding: raw, as: UTF8.self)) : nil
    }

    /// The integer, nil where the value is no number, has a fraction or exponent, or does not fit.
    @inlinable public func integer<Value: FixedWidthInteger>(
        as _: Value.Type = Value.self
    ) -> Value? {
        guard let (isNegative, magnitude) = wide else { return nil }
        return JSONNumber.narrow(isNegative, magnitude)
    }

    @usableFromInline var wide: (isNegative: Bool, magnitude: UInt128)? {
        guard kind == .number, !entry.mark else { return nil }
        return JSONNumber.wide(raw)
    }

    /// The string, unescaped; nil where the value is something else.
    public var string: String? {
        guard kind == .string else { return nil }
        return String(decoding: utf8, as: UTF8.self)
    }

    /// The UTF-8 of a string, unescaped; empty where the value is something else.
    public var utf8: ArraySlice<UInt8> {
        tape.utf8(index)
    }

    /// Elements of an array or members of an object, otherwise 0.
    public var count: Int { entry.count }

    /// The elements of an array in order; none where the value is something else.
    public var elements: JSONElements {
        JSONElements(tape: tape, index: index + 1, remaining: kind == .array ? count : 0)
    }

    /// The members of an object in order; none where the value is something else.
    public var members: JSONMembers {
        JSONMembers(tape: tape, index: index + 1, remaining: kind == .object ? count : 0)
    }

    /// The value of the member with that key, compared byte by byte; takes time in proportion to
    /// the number of members.
    public subscript(key: String) -> JSONNode? {
        guard kind == .object else { return nil }
        var next = index + 1
        for _ in 0..<count {
            if tape.isString(next, key) { return JSONNode(tape: tape, index: next + 1) }
            next = Int(tape.entries[next + 1].next)
        }
        return nil
    }

    /// The element at `position`, nil where there is none; takes time in proportion to it.
    public subscript(position: Int) -> JSONNode? {
        guard kind == .array, position >= 0, position < count else { return nil }
        return elements.dropFirst(position).first { _ in true }
    }

    /// True where the value is a string of exactly these UTF-8 bytes.
    public func isString(_ text: String) -> Bool { tape.isString(index, text) }

    /// The value and all it contains as a plain tree. Its depth is bounded by `JSONLimits.depth`.
    public var value: JSONValue {
        switch kind {
        case .null: .null
        case .bool: .bool(entry.mark)
        case .number: .number(JSONNumber(checked: String(decoding: raw, as: UTF8.self)))
        case .string: .string(String(decoding: utf8, as: UTF8.self))
        case .array: .array(elements.map(\.value))
        case .object:
            .object(members.map { JSONMember($0.key.string ?? "", $0.value.value) })
        }
    }
}

/// The elements of an array, read off the tape.
public struct JSONElements: Sequence, IteratorProtocol, Sendable {
    let tape: JSONTape
    var index: Int
    var remaining: Int

    /// The number of elements left.
    public var underestimatedCount: Int { remaining }

    /// The next element, nil at the end.
    public mutating func next() -> JSONNode? {
        guard remaining > 0 else { return nil }
        defer { index = Int(tape.entries[index].next) }
        remaining -= 1
        return JSONNode(tape: tape, index: index)
    }
}

/// The members of an object, read off the tape; keys are nodes of their own.
public struct JSONMembers: Sequence, IteratorProtocol, Sendable {
    let tape: JSONTape
    var index: Int
    var remaining: Int

    /// The number of members left.
    public var underestimatedCount: Int { remaining }

    /// The next member, nil at the end.
    public mutating func next() -> (key: JSONNode, value: JSONNode)? {
        guard remaining > 0 else { return nil }
        defer { index = Int(tape.entries[index + 1].next) }
        remaining -= 1
        return (JSONNode(tape: tape, index: index), JSONNode(tape: tape, index: index + 1))
    }
}
