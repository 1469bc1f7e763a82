// One numeric column as it lies in an encoded body: a base, and differences of one width.
import Primitives

/// A numeric column of a body (docs/spec/record.md §7), read where it lies.
struct PackedColumn: Sendable {
    /// Bytes from the start of the body to the difference of row 0.
    var start = 0
    /// Bytes of a difference, 0...8.
    var width = 0
    /// The smallest value.
    var base: UInt64 = 0
    /// The largest value.
    var highest: UInt64 = 0

    /// What every column of a body has behind it: a value is read as eight bytes, most of which
    /// belong to what follows.
    static let slack = 8

    /// Whether all rows have one value, the base.
    var isConstant: Bool { width == 0 }

    /// The values, where `body` is the start of the body.
    @inline(__always)
    func values(in body: UnsafeRawPointer) -> ColumnValues { ColumnValues(self, body) }

    /// The smallest and the largest of `count` differences, at least one, of `width` bytes each.
    static func extremes(
        _ differences: UnsafeRawPointer, count: Int, width: Int
    ) -> (low: UInt64, high: UInt64) {
        switch width {
        case 0: (0, 0)
        case 1: extremes(differences, count: count, of: UInt8.self)
        case 2: extremes(differences, count: count, of: UInt16.self)
        case 4: extremes(differences, count: count, of: UInt32.self)
        default: oddExtremes(differences, count: count, width: width)
        }
    }

    @inline(__always)
    private static func extremes<Difference: FixedWidthInteger & UnsignedInteger>(
        _ differences: UnsafeRawPointer, count: Int, of: Difference.Type
    ) -> (low: UInt64, high: UInt64) {
        var low = Difference.max
        var high = Difference.min
        var place = differences
        for _ in 0..<count {
            let difference = Difference(littleEndian: place.loadUnaligned(as: Difference.self))
            low = min(low, difference)
            high = max(high, difference)
            place += MemoryLayout<Difference>.size
        }
        return (UInt64(low), UInt64(high))
    }

    private static func oddExtremes(
        _ differences: UnsafeRawPointer, count: Int, width: Int
    ) -> (low: UInt64, high: UInt64) {
        let mask = UInt64.max >> UInt64(64 - 8 * width)
        var low = UInt64.max
        var high = UInt64.min
        var place = differences
        for _ in 0..<count {
            let word = UInt64(littleEndian: place.loadUnaligned(as: UInt64.self)) & mask
            low = min(low, word)
            high = max(high, word)
            place += width
        }
        return (low, high)
    }
}

/// The values of a column by row; everything it needs stays in registers while a loop reads.
struct ColumnValues {
    private let differences: UnsafeRawPointer
    private let width: Int
    private let base: UInt64
    private let mask: UInt64

    @inline(__always)
    fileprivate init(_ column: PackedColumn, _ body: UnsafeRawPointer) {
        differences = body + column.start
        width = column.width
        base = column.base
        mask = column.width == 0 ? 0 : .max >> UInt64(64 - 8 * column.width)
    }

    /// The value of a row that is there.
    @inline(__always)
    subscript(row: Int) -> UInt64 {
        let word = (differences + row &* width).loadUnaligned(as: UInt64.self)
        return base &+ (UInt64(littleEndian: word) & mask)
    }
}
