// The door of Compression: zstd for what is kept, gzip and zlib for what clients send.
//
// Every decompression takes a limit in bytes of output and never holds more than that.

/// Why compressed bytes were refused.
public enum CompressionFailure: Error, Hashable, Sendable {
    /// The input ends before the stream does.
    case truncated
    /// Not a stream of this format, or one whose checksum or length does not fit.
    case corrupt
    /// Bytes follow the end of the stream.
    case trailingBytes
    /// The output would pass the limit of the caller, or the stream asks for a window over 8 MiB.
    case overLimit
    /// The machine did not give the memory for a context.
    case outOfMemory
}
