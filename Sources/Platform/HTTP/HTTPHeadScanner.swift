// Finds the end of a message head in bytes that arrive in pieces, and refuses it early by its size.
import Glibc

/// Remembers how far a head has been looked at, so that each byte is looked at once.
struct HTTPHeadScanner: Sendable {
    /// Where the pieces of a complete head lie, as offsets from its start.
    struct Layout: Sendable {
        /// The start line without its CRLF.
        var startLine: Range<Int>
        /// The field lines with their CRLFs, the empty line left out.
        var fields: Range<Int>
        /// Bytes of the whole head.
        var count: Int
    }

    private var lineStart = 0
    private var scanned = 0
    private var startLine: Range<Int>?
    private var fieldCount = 0
    /// One empty line may precede a message (RFC 9112 §2.2).
    private var sawEmptyLine = false

    init() {}

    /// Looks at `head`, which holds all bytes since the head's first one; nil where its end is
    /// missing.
    mutating func scan(
        _ head: UnsafeRawBufferPointer, _ limits: HTTPLimits
    ) throws(HTTPFault) -> Layout? {
        if scanned == 0, let first = head.first, !first.isToken, first != .carriageReturn {
            throw first == .lineFeed ? .bareLineFeed : .notHTTP
        }
        while let end = lineFeed(in: head) {
            try checkSize(end + 1, limits)
            if end == lineStart || head[end - 1] != .carriageReturn { throw .bareLineFeed }
            let line = lineStart..<(end - 1)
            lineStart = end + 1
            scanned = lineStart
            if let layout = try accept(line, limits) { return layout }
        }
        scanned = head.count
        try checkSize(scanned, limits)
        return nil
    }

    private func lineFeed(in head: UnsafeRawBufferPointer) -> Int? {
        guard scanned < head.count, let start = head.baseAddress else { return nil }
        guard let found = memchr(start + scanned, Int32(UInt8.lineFeed), head.count - scanned)
        else { return nil }
        return UnsafeRawPointer(found) - start
    }

    /// `end` bytes have been seen; whether they can still belong to a head within the limits.
    private func checkSize(_ end: Int, _ limits: HTTPLimits) throws(HTTPFault) {
        if let startLine {
            if end - startLine.upperBound - 2 > limits.headerBytes { throw .headersTooLarge }
        } else if end - lineStart > limits.requestLineBytes {
            throw .requestLineTooLong
        }
    }

    private mutating func accept(
        _ line: Range<Int>, _ limits: HTTPLimits
    ) throws(HTTPFault) -> Layout? {
        guard let startLine else {
            if line.isEmpty {
                if sawEmptyLine { throw .malformedStartLine }
                sawEmptyLine = true
            } else {
                startLine = line
            }
            return nil
        }
        if line.isEmpty {
            let fields = (startLine.upperBound + 2)..<line.lowerBound
            return Layout(startLine: startLine, fields: fields, count: lineStart)
        }
        fieldCount += 1
        if fieldCount > limits.headerCount { throw .tooManyHeaders }
        return nil
    }
}
