// zlib's inflate, driven to the end of one input.
import CZlib

/// One inflate state. It lives on the heap because zlib keeps a pointer back to its stream.
struct Inflater: ~Copyable {
    /// What is around the deflate data; the number is what zlib calls window bits.
    enum Wrapper: Int32 {
        /// RFC 1950.
        case zlib = 15
        /// RFC 1952.
        case gzip = 31
    }

    /// Bytes inflated at a time.
    private static let pieceBytes = 64 << 10

    private let stream: UnsafeMutablePointer<z_stream>

    init(_ wrapper: Wrapper) throws(CompressionFailure) {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, wrapper.rawValue, ZLIB_VERSION, size) == Z_OK else {
            throw .outOfMemory
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Inflates one stream from the front of `input` into `output`; returns the bytes it took.
    mutating func inflateOne(
        _ input: UnsafeRawBufferPointer, into output: inout Output
    ) throws(CompressionFailure) -> Int {
        inflateReset(stream)
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceBytes, alignment: 1)
        defer { piece.deallocate() }
        var taken = 0
        while true {
            let offered = min(input.count - taken, Int(UInt32.max))
            let front = UnsafeRawBufferPointer(rebasing: input[taken..<taken + offered])
            let (status, left, made) = step(front, into: piece)
            taken += offered - left
            guard output.append(UnsafeRawBufferPointer(rebasing: piece[..<made])) else {
                throw .overLimit
            }
            switch status {
            case Z_STREAM_END: return taken
            case Z_OK: continue
            // No progress is possible: the piece is always empty here, so input is what lacks.
            case Z_BUF_ERROR: throw .truncated
            case Z_MEM_ERROR: throw .outOfMemory
            default: throw .corrupt
            }
        }
    }

    /// One call of inflate: its status, the input bytes left, the output bytes made.
    private mutating func step(
        _ input: UnsafeRawBufferPointer, into piece: UnsafeMutableRawBufferPointer
    ) -> (status: Int32, left: Int, made: Int) {
        let next = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.next_in = UnsafeMutablePointer(mutating: next)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(piece.count)
        let status = inflate(stream, Z_NO_FLUSH)
        return (status, Int(stream.pointee.avail_in), piece.count - Int(stream.pointee.avail_out))
    }
}
