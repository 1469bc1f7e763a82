// Header fields of a received message: one copy of their bytes and where each lies in it.

/// Fields in the order received; names are lower case.
public struct HTTPFields: Sendable {
    private struct Entry {
        var name: Range<Int32>
        var value: Range<Int32>
    }

    private var bytes: [UInt8] = []
    private var entries: [Entry] = []

    public init() {}

    /// Reads a section of field lines, each with its CRLF, the empty line left out.
    /// - Throws: the fault of the first line that breaks RFC 9112 §5.
    init(section: UnsafeRawBufferPointer) throws(HTTPFault) {
        bytes = Array(section)
        entries.reserveCapacity(section.count / 24 + 1)
        var start = 0
        while start < section.count {
            let end = Self.lineEnd(section, from: start)
            try addLine(section, start, end)
            start = end + 2
        }
    }

    /// How many field lines there are.
    public var count: Int { entries.count }

    public func name(at index: Int) -> String { text(entries[index].name) }

    public func value(at index: Int) -> String { text(entries[index].value) }

    /// The first value under `name`, compared without regard to ASCII case.
    public subscript(name: String) -> String? {
        guard let index = entries.firstIndex(where: { isNamed($0, name) }) else { return nil }
        return text(entries[index].value)
    }

    /// Every value under `name`, in order.
    public func values(of name: String) -> [String] {
        entries.filter { isNamed($0, name) }.map { text($0.value) }
    }

    /// Calls `body` with the bytes of each name (lower case) and value.
    func forEach(
        _ body: (UnsafeRawBufferPointer, UnsafeRawBufferPointer) -> Void
    ) {
        bytes.withUnsafeBytes { raw in
            for entry in entries {
                body(
                    raw.slice(Int(entry.name.lowerBound), Int(entry.name.upperBound)),
                    raw.slice(Int(entry.value.lowerBound), Int(entry.value.upperBound)))
            }
        }
    }

    private func isNamed(_ entry: Entry, _ name: String) -> Bool {
        let utf8 = name.utf8
        guard utf8.count == entry.name.count else { return false }
        var index = Int(entry.name.lowerBound)
        for byte in utf8 {
            if bytes[index] != byte.lowercased { return false }
            index += 1
        }
        return true
    }

    private func text(_ range: Range<Int32>) -> String {
        String(decoding: bytes[Int(range.lowerBound)..<Int(range.upperBound)], as: UTF8.self)
    }

    /// The position of the CR of the line that starts at `start`; the section ends with CRLF.
    private static func lineEnd(_ section: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        while index < section.count, section[index] != .lineFeed { index += 1 }
        return max(start, index - 1)
    }

    private mutating func addLine(
        _ section: UnsafeRawBufferPointer, _ start: Int, _ end: Int
    ) throws(HTTPFault) {
        if start < end, section[start].isBlank { throw .foldedLine }
        var colon = start
        while colon < end, section[colon].isToken {
            bytes[colon] = section[colon].lowercased
            colon += 1
        }
        if colon == end || section[colon] != .colon {
            let isSpaced = colon > start && colon < end && section[colon].isBlank
            throw isSpaced ? .spaceBeforeColon : .malformedFieldName
        }
        if colon == start { throw .malformedFieldName }
        var first = colon + 1
        var last = end
        while first < last, section[first].isBlank { first += 1 }
        while last > first, section[last - 1].isBlank { last -= 1 }
        for index in first..<last where !section[index].isFieldValue {
            throw .malformedFieldValue
        }
        entries.append(
            Entry(name: Int32(start)..<Int32(colon), value: Int32(first)..<Int32(last)))
    }
}
