// The payload of a block: opaque byte strings in one buffer that is hashed and sent as it lies.
import Primitives

/// A list of byte strings. Thousands of short items cost one allocation, not thousands.
public struct BlockPayload: Hashable, Sendable, RandomAccessCollection, ExpressibleByArrayLiteral {
    /// The canonical encoding: u32 count, and for each item a u32 length and its bytes.
    public private(set) var encoded: [UInt8]
    /// Where each item ends in `encoded`.
    private var ends: [Int]

    /// No items.
    public init() {
        encoded = [0, 0, 0, 0]
        ends = []
    }

    public init(_ items: some Sequence<[UInt8]>) {
        self.init()
        for item in items { append(item) }
    }

    public init(arrayLiteral items: [UInt8]...) { self.init(items) }

    /// Reads all of `bytes`; offsets in failures count from `start` bytes before them.
    init(decoding bytes: [UInt8], at start: Int) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let count = Int(try reader.read(UInt32.self))
        guard count <= bytes.count / 4 else {
            throw DecodingFailure(.truncated, at: start + bytes.count)
        }
        encoded = bytes
        ends = []
        ends.reserveCapacity(count)
        var end = 4
        for _ in 0..<count {
            guard bytes.count - end >= 4 else { throw DecodingFailure(.truncated, at: start + end) }
            let length = bytes.withUnsafeBytes {
                UInt32(littleEndian: $0.loadUnaligned(fromByteOffset: end, as: UInt32.self))
            }
            end += 4
            guard bytes.count - end >= Int(length) else {
                throw DecodingFailure(.truncated, at: start + end)
            }
            end += Int(length)
            ends.append(end)
        }
        guard end == bytes.count else { throw DecodingFailure(.trailingBytes, at: start + end) }
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { ends.count }

    /// The bytes of one item.
    public subscript(index: Int) -> ArraySlice<UInt8> {
        encoded[start(of: index) + 4..<ends[index]]
    }

    /// Where the length of an item stands in `encoded`.
    private func start(of index: Int) -> Int { index == 0 ? 4 : ends[index - 1] }

    /// Bytes that the items of `range` take when encoded, their lengths included.
    func size(of range: Range<Int>) -> Int {
        range.isEmpty ? 0 : ends[range.upperBound - 1] - start(of: range.lowerBound)
    }

    public mutating func append(_ item: some Collection<UInt8>) {
        withUnsafeBytes(of: UInt32(clamping: item.count).littleEndian) {
            encoded.append(contentsOf: $0)
        }
        encoded.append(contentsOf: item)
        ends.append(encoded.count)
        writeCount()
    }

    /// Appends the items of `range` of another payload.
    mutating func append(_ range: Range<Int>, of other: BlockPayload) {
        guard !range.isEmpty else { return }
        let first = other.start(of: range.lowerBound)
        let shift = encoded.count - first
        encoded.append(contentsOf: other.encoded[first..<other.ends[range.upperBound - 1]])
        ends.reserveCapacity(ends.count + range.count)
        for index in range { ends.append(other.ends[index] + shift) }
        writeCount()
    }

    private mutating func writeCount() {
        let count = UInt32(clamping: ends.count).littleEndian
        encoded.withUnsafeMutableBytes { $0.storeBytes(of: count, as: UInt32.self) }
    }
}

extension BlockPayload: CustomStringConvertible, CustomReflectable {
    /// Its size only: a megabyte of numbers helps nobody.
    public var description: String { "\(count) items, \(encoded.count) bytes" }
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
