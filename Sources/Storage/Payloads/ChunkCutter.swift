// Cuts payloads where their content says so, so that what two payloads share is cut alike.
import Primitives

/// Content-defined chunking with a gear hash and normalised cut points (Xia et al., "FastCDC",
/// USENIX ATC 2016, §3.2 to §3.4). Deviations: sizes for JSON of a few kilobytes; bits of the
/// masks are the top ones of the hash, which depend on the last 64 bytes. A cut depends on at
/// most the 8 KiB before it and never on what follows.
public enum ChunkCutter {
    /// No chunk but the last of a payload is shorter, in bytes.
    public static let leastBytes = 512
    /// Where cuts become likely, and about the mean length of a chunk, in bytes.
    public static let meanBytes = 2048
    /// No chunk is longer, in bytes.
    public static let mostBytes = 8192

    /// Before the mean a cut needs 13 zero bits, after it 9: lengths stay near the mean.
    private static let strictMask: UInt64 = 0xFFF8_0000_0000_0000
    private static let looseMask: UInt64 = 0xFF80_0000_0000_0000

    /// One random word for every byte value; changing the seed changes every cut and so undoes
    /// deduplication.
    private static let gear: [UInt64] = {
        var generator = SeededGenerator(seed: 0x4765_6172_3230_3236)
        return (0..<256).map { _ in generator.next() }
    }()

    /// The length of the first chunk of `bytes`; 0 only for none.
    public static func firstLength(of bytes: UnsafeRawBufferPointer) -> Int {
        guard bytes.count > leastBytes, let base = bytes.baseAddress else { return bytes.count }
        let end = min(bytes.count, mostBytes)
        let middle = min(end, meanBytes)
        return gear.withUnsafeBufferPointer { gear in
            var hash: UInt64 = 0
            var index = leastBytes
            while index < middle {
                let byte = base.load(fromByteOffset: index, as: UInt8.self)
                hash = hash << 1 &+ gear[Int(byte)]
                index += 1
                if hash & strictMask == 0 { return index }
            }
            while index < end {
                let byte = base.load(fromByteOffset: index, as: UInt8.self)
                hash = hash << 1 &+ gear[Int(byte)]
                index += 1
                if hash & looseMask == 0 { return index }
            }
            return end
        }
    }
}
