// The chunked transfer coding, one byte of framing at a time, so that pieces may end anywhere.

/// Decodes one chunked body (RFC 9112 §7.1). Trailer fields are checked and dropped.
struct ChunkedDecoder: Sendable {
    private enum State {
        case size, sizeOrExtension, chunkExtension, sizeEnd
        case bytes, bytesReturn, bytesEnd
        case lineStart, trailerName, trailerValue, trailerEnd, lastEnd
        case done
    }

    private var state = State.size
    private var left = 0
    private var digits = 0
    private var overheadBytes = 0

    init() {}

    /// Whether the last chunk and the trailer section have been read.
    var isDone: Bool { state == .done }

    /// Appends what `bytes` adds to the body and returns how many of them belong to it.
    mutating func decode(
        _ bytes: UnsafeRawBufferPointer, into body: inout [UInt8], _ limits: HTTPLimits
    ) throws(HTTPFault) -> Int {
        var index = 0
        while index < bytes.count, state != .done {
            if state == .bytes {
                let count = min(left, bytes.count - index)
                body.append(contentsOf: bytes[index..<(index + count)])
                index += count
                left -= count
                if left == 0 { state = .bytesReturn }
            } else {
                try step(bytes[index], bodyCount: body.count, limits)
                index += 1
            }
        }
        return index
    }

    private mutating func step(
        _ byte: UInt8, bodyCount: Int, _ limits: HTTPLimits
    ) throws(HTTPFault) {
        switch state {
        case .size, .sizeOrExtension: try stepSize(byte)
        case .chunkExtension: try stepExtension(byte, limits)
        case .sizeEnd: try endSize(byte, bodyCount: bodyCount, limits)
        case .bytesReturn:
            if byte != .carriageReturn { throw .missingChunkEnd }
            state = .bytesEnd
        case .bytesEnd:
            if byte != .lineFeed { throw .missingChunkEnd }
            state = .size
        case .lineStart, .trailerName, .trailerValue, .trailerEnd, .lastEnd:
            try stepTrailer(byte, limits)
        case .bytes, .done: break
        }
    }

    private mutating func stepSize(_ byte: UInt8) throws(HTTPFault) {
        if let digit = byte.hexValue {
            digits += 1
            if digits > 15 { throw .malformedChunkSize }
            left = left << 4 | Int(digit)
            state = .sizeOrExtension
        } else if state == .sizeOrExtension, byte == .carriageReturn {
            state = .sizeEnd
        } else if state == .sizeOrExtension, byte == UInt8(ascii: ";") {
            state = .chunkExtension
        } else {
            throw .malformedChunkSize
        }
    }

    private mutating func stepExtension(
        _ byte: UInt8, _ limits: HTTPLimits
    ) throws(HTTPFault) {
        if byte == .carriageReturn {
            state = .sizeEnd
            return
        }
        overheadBytes += 1
        if !byte.isFieldValue || overheadBytes > limits.headerBytes {
            throw .malformedChunkExtension
        }
    }

    private mutating func endSize(
        _ byte: UInt8, bodyCount: Int, _ limits: HTTPLimits
    ) throws(HTTPFault) {
        if byte != .lineFeed { throw .malformedChunkSize }
        if left > limits.bodyBytes - bodyCount { throw .bodyTooLarge }
        state = left == 0 ? .lineStart : .bytes
        digits = 0
        if left == 0 { overheadBytes = 0 }
    }

    private mutating func stepTrailer(_ byte: UInt8, _ limits: HTTPLimits) throws(HTTPFault) {
        overheadBytes += 1
        if overheadBytes > limits.headerBytes { throw .malformedTrailer }
        switch (state, byte) {
        case (.lineStart, .carriageReturn): state = .lastEnd
        case (.lastEnd, .lineFeed): state = .done
        case (.lineStart, _) where byte.isToken: state = .trailerName
        case (.trailerName, .colon): state = .trailerValue
        case (.trailerName, _) where byte.isToken: break
        case (.trailerValue, .carriageReturn): state = .trailerEnd
        case (.trailerValue, _) where byte.isFieldValue: break
        case (.trailerEnd, .lineFeed): state = .lineStart
        default: throw .malformedTrailer
        }
    }
}
