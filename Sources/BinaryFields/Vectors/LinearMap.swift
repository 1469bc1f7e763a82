// Maps that are linear over GF(2), from words or elements to elements, by tables for each byte.
import CBinaryFields

/// A map given by the images of the single bits.
public struct LinearMap: Sendable {
    /// The bits of an argument: 64 or 128.
    public let width: Int
    /// `tables[256 j + b]` is the image of the byte `b` at place j.
    @usableFromInline let tables: [GF128]

    /// `images[i]` is the image of bit i; there are 64 of them for words, 128 for elements.
    public init(images: [GF128]) {
        precondition(images.count == 64 || images.count == 128, "words or elements")
        width = images.count
        let bytes = images.count / 8
        tables = [GF128](unsafeUninitializedCapacity: bytes * 256) { tables, count in
            images.withUnsafeBytes { cbf_map_tables(tables.baseAddress, $0.baseAddress, bytes) }
            count = bytes * 256
        }
    }

    /// `out[i]` is the image of `values[i]`; the width is 128.
    public func map(
        _ values: UnsafePointer<GF128>, into out: UnsafeMutablePointer<GF128>, count: Int
    ) {
        precondition(width == 128, "a map of elements")
        tables.withUnsafeBytes { cbf_map128(out, values, $0.baseAddress, count) }
    }

    /// `out[i]` is the image of `words[i]`, or is increased by it; the width is 64.
    public func map(
        _ words: UnsafePointer<UInt64>, into out: UnsafeMutablePointer<GF128>, count: Int,
        adding: Bool
    ) {
        precondition(width == 64, "a map of words")
        tables.withUnsafeBytes {
            if adding {
                cbf_map64_add(out, words, $0.baseAddress, count)
            } else {
                cbf_map64(out, words, $0.baseAddress, count)
            }
        }
    }

    /// The image of one element; the width is 128.
    public func callAsFunction(_ value: GF128) -> GF128 {
        precondition(width == 128, "a map of elements")
        var sum = GF128.zero
        for byte in 0..<16 {
            let word = byte < 8 ? value.low : value.high
            sum += tables[256 * byte + Int(word >> UInt64(8 * (byte & 7)) & 255)]
        }
        return sum
    }
}
