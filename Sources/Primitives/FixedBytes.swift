// Byte strings of a fixed width, told apart by what they mean: digests, keys, identifiers.

/// A value that is nothing but `width` bytes.
public protocol FixedBytes: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The number of bytes, the same for every value of the type.
    static var width: Int { get }

    /// Reads exactly `width` bytes from the start of `bytes`; the caller has checked that they are
    /// there.
    init(loading bytes: UnsafeRawBufferPointer)

    /// Writes exactly `width` bytes to `target`.
    func store(to target: UnsafeMutableRawPointer)
}

extension FixedBytes {
    /// Nil unless `bytes` has exactly `width` elements.
    public init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.width else { return nil }
        self = bytes.withUnsafeBytes { Self(loading: $0) }
    }

    /// Nil unless `bytes` has exactly `width` elements.
    public init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count == Self.width else { return nil }
        self = bytes.withUnsafeBytes { Self(loading: $0) }
    }

    /// Nil unless `hex` is exactly `2 * width` lower-case hexadecimal digits.
    public init?(hex: some StringProtocol) {
        guard let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes)
    }

    /// The value as `width` bytes.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.width) { buffer, count in
            store(to: UnsafeMutableRawPointer(buffer.baseAddress!))
            count = Self.width
        }
    }

    /// Lower-case hexadecimal, two digits a byte.
    public var hex: String { Hex.encode(bytes) }

    public var description: String { hex }
}

/// Eight bytes that mean `Kind`.
@frozen public struct Bytes8<Kind>: FixedBytes {
    @usableFromInline var word0: UInt64

    @inlinable public static var width: Int { 8 }
    @inlinable public init() { word0 = 0 }

    @inlinable public init(loading bytes: UnsafeRawBufferPointer) {
        word0 = bytes.loadUnaligned(as: UInt64.self)
    }

    @inlinable public func store(to target: UnsafeMutableRawPointer) {
        target.storeBytes(of: word0, as: UInt64.self)
    }

    @inlinable public static func < (left: Self, right: Self) -> Bool {
        left.word0.byteSwapped < right.word0.byteSwapped
    }

    /// True when every byte is zero, which stands for "none" in every fixed layout.
    @inlinable public var isZero: Bool { word0 == 0 }
}

/// Sixteen bytes that mean `Kind`.
@frozen public struct Bytes16<Kind>: FixedBytes {
    @usableFromInline var word0: UInt64
    @usableFromInline var word1: UInt64

    @inlinable public static var width: Int { 16 }

    @inlinable public init() {
        word0 = 0
        word1 = 0
    }

    @inlinable public init(loading bytes: UnsafeRawBufferPointer) {
        word0 = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        word1 = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    }

    @inlinable public func store(to target: UnsafeMutableRawPointer) {
        target.storeBytes(of: word0, as: UInt64.self)
        target.storeBytes(of: word1, toByteOffset: 8, as: UInt64.self)
    }

    @inlinable public static func < (left: Self, right: Self) -> Bool {
        if left.word0 != right.word0 { return left.word0.byteSwapped < right.word0.byteSwapped }
        return left.word1.byteSwapped < right.word1.byteSwapped
    }

    /// True when every byte is zero, which stands for "none" in every fixed layout.
    @inlinable public var isZero: Bool { word0 | word1 == 0 }
}

/// Thirty-two bytes that mean `Kind`.
@frozen public struct Bytes32<Kind>: FixedBytes {
    @usableFromInline var word0: UInt64
    @usableFromInline var word1: UInt64
    @usableFromInline var word2: UInt64
    @usableFromInline var word3: UInt64

    @inlinable public static var width: Int { 32 }

    @inlinable public init() {
        word0 = 0
        word1 = 0
        word2 = 0
        word3 = 0
    }

    @inlinable public init(loading bytes: UnsafeRawBufferPointer) {
        word0 = bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)
        word1 = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        word2 = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        word3 = bytes.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    }

    @inlinable public func store(to target: UnsafeMutableRawPointer) {
        target.storeBytes(of: word0, as: UInt64.self)
        target.storeBytes(of: word1, toByteOffset: 8, as: UInt64.self)
        target.storeBytes(of: word2, toByteOffset: 16, as: UInt64.self)
        target.storeBytes(of: word3, toByteOffset: 24, as: UInt64.self)
    }

    /// The same bytes with another meaning: an identifier that is a digest, say.
    @inlinable public init<Other>(_ other: Bytes32<Other>) {
        word0 = other.word0
        word1 = other.word1
        word2 = other.word2
        word3 = other.word3
    }

    @inlinable public static func < (left: Self, right: Self) -> Bool {
        if left.word0 != right.word0 { return left.word0.byteSwapped < right.word0.byteSwapped }
        if left.word1 != right.word1 { return left.word1.byteSwapped < right.word1.byteSwapped }
        if left.word2 != right.word2 { return left.word2.byteSwapped < right.word2.byteSwapped }
        return left.word3.byteSwapped < right.word3.byteSwapped
    }

    /// True when every byte is zero, which stands for "none" in every fixed layout.
    @inlinable public var isZero: Bool { word0 | word1 | word2 | word3 == 0 }

    /// Bit `index` of the string, 0 being the highest bit of the first byte; `index` is in 0..<256.
    @inlinable public func bit(_ index: Int) -> Bool {
        let word: UInt64
        switch index >> 6 {
        case 0: word = word0
        case 1: word = word1
        case 2: word = word2
        default: word = word3
        }
        return word.byteSwapped >> UInt64(63 - index & 63) & 1 == 1
    }
}

/// Sixty-four bytes that mean `Kind`.
@frozen public struct Bytes64<Kind>: FixedBytes {
    @usableFromInline var low: Bytes32<Kind>
    @usableFromInline var high: Bytes32<Kind>

    @inlinable public static var width: Int { 64 }

    @inlinable public init() {
        low = Bytes32()
        high = Bytes32()
    }

    @inlinable public init(loading bytes: UnsafeRawBufferPointer) {
        low = Bytes32(loading: bytes)
        high = Bytes32(loading: UnsafeRawBufferPointer(rebasing: bytes[32...]))
    }

    @inlinable public func store(to target: UnsafeMutableRawPointer) {
        low.store(to: target)
        high.store(to: target + 32)
    }

    @inlinable public static func < (left: Self, right: Self) -> Bool {
        left.low == right.low ? left.high < right.high : left.low < right.low
    }
}

extension Bytes8 {
    /// The eight bytes as they lie in memory.
    @inlinable public var word: UInt64 { word0 }

    @inlinable public init(word: UInt64) { word0 = word }
}
