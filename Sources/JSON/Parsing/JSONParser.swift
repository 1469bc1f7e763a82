// The grammar of RFC 8259 §2 to §5: a loop over an explicit stack of open containers.

/// Parses one text into tape entries.
struct JSONParser {
    /// A container that is not closed yet.
    private struct Frame {
        var index: Int
        var count: Int
        var isObject: Bool
    }

    private var scanner: JSONScanner
    private let limits: JSONLimits
    private var entries: [JSONTapeEntry] = []
    private var open: [Frame] = []

    static func entries(
        of bytes: [UInt8], limits: JSONLimits
    ) throws(JSONFailure) -> [JSONTapeEntry] {
        guard bytes.count <= limits.bytes else { throw JSONFailure(.tooLong, at: limits.bytes) }
        var result: Result<[JSONTapeEntry], JSONFailure> = .success([])
        bytes.withUnsafeBufferPointer { buffer in
            var parser = JSONParser(scanner: JSONScanner(buffer), limits: limits)
            parser.entries.reserveCapacity(min(buffer.count / 16 + 1, limits.nodes))
            result = parser.run()
        }
        return try result.get()
    }

    private init(scanner: JSONScanner, limits: JSONLimits) {
        self.scanner = scanner
        self.limits = limits
    }

    private mutating func run() -> Result<[JSONTapeEntry], JSONFailure> {
        do throws(JSONFailure) {
            try document()
            return .success(entries)
        } catch {
            return .failure(error)
        }
    }

    private mutating func document() throws(JSONFailure) {
        if scanner.startsWithByteOrderMark { throw JSONFailure(.byteOrderMark, at: 0) }
        var wantsValue = true
        while wantsValue || !open.isEmpty {
            scanner.skipSpace()
            wantsValue = wantsValue ? try value() : try separator()
        }
        scanner.skipSpace()
        guard scanner.isAtEnd else { throw JSONFailure(.trailingBytes, at: scanner.offset) }
    }

    /// Reads a scalar or opens a container; true when another value must follow at once.
    private mutating func value() throws(JSONFailure) -> Bool {
        let start = scanner.offset
        switch try scanner.peek() {
        case UInt8(ascii: "\""):
            try string()
        case UInt8(ascii: "{"):
            return try open(isObject: true)
        case UInt8(ascii: "["):
            return try open(isObject: false)
        case UInt8(ascii: "t"):
            try scanner.expect("true")
            try append(.bool, from: start, mark: true)
        case UInt8(ascii: "f"):
            try scanner.expect("false")
            try append(.bool, from: start, mark: false)
        case UInt8(ascii: "n"):
            try scanner.expect("null")
            try append(.null, from: start, mark: false)
        default:
            let isInteger = try scanner.number()
            try append(.number, from: start, mark: !isInteger)
        }
        return false
    }

    private mutating func string() throws(JSONFailure) {
        let start = scanner.offset
        let hasEscapes = try scanner.string()
        try append(.string, from: start, mark: hasEscapes)
    }

    private mutating func append(
        _ kind: JSONKind, from start: Int, mark: Bool
    ) throws(JSONFailure) {
        guard entries.count < limits.nodes else { throw JSONFailure(.tooManyNodes, at: start) }
        entries.append(
            JSONTapeEntry(
                kind, from: start, to: scanner.offset, next: entries.count + 1, mark: mark))
    }

    private mutating func open(isObject: Bool) throws(JSONFailure) -> Bool {
        guard open.count < limits.depth else { throw JSONFailure(.tooDeep, at: scanner.offset) }
        try append(isObject ? .object : .array, from: scanner.offset, mark: false)
        open.append(Frame(index: entries.count - 1, count: 0, isObject: isObject))
        scanner.advance()
        scanner.skipSpace()
        if try scanner.peek() == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) {
            try close()
            return false
        }
        try begin(isObject: isObject)
        return true
    }

    /// Counts one more element, and reads the key and colon before it in an object.
    private mutating func begin(isObject: Bool) throws(JSONFailure) {
        open[open.count - 1].count += 1
        guard isObject else { return }
        scanner.skipSpace()
        guard try scanner.peek() == UInt8(ascii: "\"") else {
            throw JSONFailure(.unexpectedByte, at: scanner.offset)
        }
        try string()
        scanner.skipSpace()
        guard try scanner.peek() == UInt8(ascii: ":") else {
            throw JSONFailure(.unexpectedByte, at: scanner.offset)
        }
        scanner.advance()
    }

    /// Reads what follows a value inside a container; true when another value must follow.
    private mutating func separator() throws(JSONFailure) -> Bool {
        let isObject = open[open.count - 1].isObject
        switch try scanner.peek() {
        case UInt8(ascii: ","):
            scanner.advance()
            try begin(isObject: isObject)
            return true
        case isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"):
            try close()
            return false
        default:
            throw JSONFailure(.unexpectedByte, at: scanner.offset)
        }
    }

    private mutating func close() throws(JSONFailure) {
        scanner.advance()
        guard let frame = open.popLast() else { return }
        entries[frame.index].end = UInt32(truncatingIfNeeded: scanner.offset)
        entries[frame.index].next = UInt32(truncatingIfNeeded: entries.count)
        entries[frame.index].count = frame.count
        if frame.isObject && frame.count > 1 {
            let keys = JSONKeys(of: frame.index, count: frame.count, in: entries)
            if let offset = keys.firstDouble(in: scanner) {
                throw JSONFailure(.duplicateKey, at: offset)
            }
        }
    }
}
