// Deflate in one call, for both of its wrappers.
import CZlib

/// zlib's default level and window.
func deflate(
    _ bytes: [UInt8], wrapper: Inflater.Wrapper
) throws(CompressionFailure) -> [UInt8] {
    var stream = z_stream()
    let status = deflateInit2_(
        &stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, wrapper.rawValue, 8, Z_DEFAULT_STRATEGY,
        ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else { throw .outOfMemory }
    defer { deflateEnd(&stream) }
    let bound = Int(deflateBound(&stream, UInt(bytes.count)))
    precondition(bound <= Int(UInt32.max), "one call deflates less than 4 GiB")
    return [UInt8](unsafeUninitializedCapacity: bound) { target, count in
        bytes.withUnsafeBufferPointer { source in
            stream.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
            stream.avail_in = UInt32(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = UInt32(bound)
            let end = CZlib.deflate(&stream, Z_FINISH)
            precondition(end == Z_STREAM_END, "the bound holds every result")
        }
        count = bound - Int(stream.avail_out)
    }
}

/// `withUnsafeBytes` that keeps the type of what `body` throws.
func withBytes<Value>(
    of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(CompressionFailure) -> Value
) throws(CompressionFailure) -> Value {
    let result = bytes.withUnsafeBytes { raw in
        Result { () throws(CompressionFailure) in try body(raw) }
    }
    return try result.get()
}
