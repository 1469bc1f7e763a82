// Zstandard contexts that are kept: making one costs more than compressing a span.
import CZstd

/// A compressor and a decompressor for one owner at a time, used for many messages.
///
/// It holds no state from one message to the next: the results are those of `Zstd`.
public struct ZstdCodec: ~Copyable, Sendable {
    /// log2 of the largest window a stream of unknown size may ask for: RFC 8878 §3.1.1.1.2
    /// recommends to support 8 MiB.
    private static let windowLimitLog: Int32 = 23

    /// The start of every frame; skippable frames and those of old versions have another.
    private static let magic: [UInt8] = [0x28, 0xB5, 0x2F, 0xFD]

    /// What `ZSTD_getFrameContentSize` returns from here on up is no size: the frame does not state
    /// it, or is too short to tell.
    private static let unknownSize = UInt64.max - 1

    // Unsafe only in name: the struct cannot be copied, and every use is mutating.
    private nonisolated(unsafe) let compressor: OpaquePointer
    private nonisolated(unsafe) let decompressor: OpaquePointer

    /// - Parameter level: 1 (fast) to 19 (small).
    /// - Throws: `outOfMemory` only.
    public init(level: Int) throws(CompressionFailure) {
        precondition((1...19).contains(level), "levels over 19 need windows over 8 MiB")
        guard let compressor = ZSTD_createCCtx() else { throw .outOfMemory }
        guard let decompressor = ZSTD_createDCtx() else {
            ZSTD_freeCCtx(compressor)
            throw .outOfMemory
        }
        self.compressor = compressor
        self.decompressor = decompressor
        ZSTD_CCtx_setParameter(compressor, ZSTD_c_compressionLevel, Int32(level))
        ZSTD_DCtx_setParameter(decompressor, ZSTD_d_windowLogMax, Self.windowLimitLog)
    }

    deinit {
        ZSTD_freeCCtx(compressor)
        ZSTD_freeDCtx(decompressor)
    }

    /// One frame that states its content size.
    public mutating func compress(_ bytes: [UInt8]) -> [UInt8] {
        let bound = ZSTD_compressBound(bytes.count)
        return [UInt8](unsafeUninitializedCapacity: bound) { target, count in
            let size = ZSTD_compress2(compressor, target.baseAddress, bound, bytes, bytes.count)
            precondition(ZSTD_isError(size) == 0, "the bound holds every result")
            count = size
        }
    }

    /// - Parameters:
    ///   - bytes: exactly one frame.
    ///   - limit: bytes of output.
    public mutating func decompress(
        _ bytes: [UInt8], limit: Int
    ) throws(CompressionFailure) -> [UInt8] {
        guard bytes.starts(with: Self.magic.prefix(bytes.count)) else { throw .corrupt }
        ZSTD_DCtx_reset(decompressor, ZSTD_reset_session_only)
        let stated = ZSTD_getFrameContentSize(bytes, bytes.count)
        if stated >= Self.unknownSize { return try decompressPieces(bytes, limit: limit) }
        guard stated <= UInt64(limit) else { throw .overLimit }
        return try decompressWhole(bytes, size: Int(stated))
    }

    /// A frame that states its size: zstd then works in place, without a window.
    private mutating func decompressWhole(
        _ bytes: [UInt8], size: Int
    ) throws(CompressionFailure) -> [UInt8] {
        var progress = Progress()
        let output = [UInt8](unsafeUninitializedCapacity: size) { target, count in
            progress = step(bytes, from: 0, into: UnsafeMutableRawBufferPointer(target))
            count = progress.made
        }
        if let failure = progress.failure { throw failure }
        guard progress.isComplete else {
            throw progress.position == bytes.count ? .truncated : .corrupt
        }
        guard progress.position == bytes.count else { throw .trailingBytes }
        return output
    }

    /// A frame that does not state its size, as stream compressors write them.
    private mutating func decompressPieces(
        _ bytes: [UInt8], limit: Int
    ) throws(CompressionFailure) -> [UInt8] {
        let piece = UnsafeMutableRawBufferPointer.allocate(
            byteCount: ZSTD_DStreamOutSize(), alignment: 1)
        defer { piece.deallocate() }
        var output = Output(limit: limit)
        var progress = Progress()
        while !progress.isComplete {
            progress = step(bytes, from: progress.position, into: piece)
            if let failure = progress.failure { throw failure }
            let made = UnsafeRawBufferPointer(rebasing: piece[..<progress.made])
            guard output.append(made) else { throw .overLimit }
            // A full piece may hide output that waits; else all the input there is was not enough.
            let mayContinue = progress.position < bytes.count || progress.made == piece.count
            guard progress.isComplete || mayContinue else { throw .truncated }
        }
        guard progress.position == bytes.count else { throw .trailingBytes }
        return output.bytes
    }

    private mutating func step(
        _ bytes: [UInt8], from position: Int, into target: UnsafeMutableRawBufferPointer
    ) -> Progress {
        bytes.withUnsafeBytes { source in
            var input = ZSTD_inBuffer(src: source.baseAddress, size: source.count, pos: position)
            var output = ZSTD_outBuffer(dst: target.baseAddress, size: target.count, pos: 0)
            let status = ZSTD_decompressStream(decompressor, &output, &input)
            return Progress(status: status, position: input.pos, made: output.pos)
        }
    }
}

/// What one call of the stream decompressor did.
private struct Progress {
    var failure: CompressionFailure?
    /// The frame has ended and all of it is in the output.
    var isComplete = false
    /// Bytes of input taken so far.
    var position = 0
    /// Bytes of output of this call.
    var made = 0

    init() {}

    init(status: Int, position: Int, made: Int) {
        self.position = position
        self.made = made
        isComplete = status == 0
        guard ZSTD_isError(status) != 0 else { return }
        switch ZSTD_getErrorCode(status) {
        case ZSTD_error_frameParameter_windowTooLarge: failure = .overLimit
        case ZSTD_error_memory_allocation: failure = .outOfMemory
        default: failure = .corrupt
        }
    }
}
