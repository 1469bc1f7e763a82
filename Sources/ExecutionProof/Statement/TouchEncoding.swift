// The touched registers and cells of a run as bytes: without what is zero, unchanged, or follows.
import PVM
import Primitives

extension RunTouches {
    /// Each of the 14 registers: u8 slot of its last use from 1 on, 0 where there is none; then
    /// u16 step if there is one, and the values. Then u32 cells, and of each: the places between it
    /// and the one before (7 bits a byte, the lowest first, bit 7 where more follow), u16 step, and
    /// the values.
    ///
    /// Values: u8 head, its low four bits the significant bytes of the old word, its high four
    /// those of the new, 9 where it is the same, 10 where besides the cell can only be read; then
    /// the bytes of both.
    func write(to writer: inout ByteWriter) {
        for register in registers {
            let isUsed = register.clock != 0
            writer.write(isUsed ? UInt8(register.clock & 3) + 1 : 0)
            if isUsed { writer.write(Self.step(register.clock)) }
            Self.write((register.old, register.new), isReadOnly: false, to: &writer)
        }
        writer.write(UInt32(cells.count))
        var next: UInt32 = 0
        for cell in cells {
            var gap = cell.address &- next
            while gap > 0x7F {
                writer.write(UInt8(gap & 0x7F | 0x80))
                gap >>= 7
            }
            writer.write(UInt8(gap))
            writer.write(Self.step(cell.clock))
            Self.write((cell.old, cell.new), isReadOnly: cell.isReadOnly, to: &writer)
            next = cell.address &+ 1
        }
    }

    init(reading reader: inout ByteReader) throws(DecodingFailure) {
        registers = []
        for _ in 0..<Disclosure.registerCount { registers.append(try Self.readRegister(&reader)) }
        let count = try reader.readCount(limit: Disclosure.mostCells, bytesEach: 4)
        cells = []
        var next: UInt64 = 0
        for _ in 0..<count {
            let start = reader.offset
            next += try Self.readGap(&reader)
            guard next < 1 << 29 else { throw DecodingFailure(.outOfRange, at: start) }
            let clock = Self.clock(try reader.read(), Slot.memory)
            let (old, new, isReadOnly) = try Self.readValues(&reader)
            cells.append(
                Disclosure.CellTouch(
                    address: UInt32(next), isReadOnly: isReadOnly, old: old, new: new,
                    clock: clock))
            next += 1
        }
    }

    private static func readRegister(
        _ reader: inout ByteReader
    ) throws(DecodingFailure) -> Disclosure.RegisterTouch {
        let start = reader.offset
        let slot = try reader.read(UInt8.self)
        guard slot <= 3 else { throw DecodingFailure(.outOfRange, at: start) }
        let clock = slot == 0 ? 0 : Self.clock(try reader.read(), UInt64(slot) - 1)
        let (old, new, isReadOnly) = try readValues(&reader)
        guard !isReadOnly else { throw DecodingFailure(.outOfRange, at: start) }
        return Disclosure.RegisterTouch(old: old, new: new, clock: clock)
    }

    /// At most five bytes, the last of them not zero unless it is the only one.
    private static func readGap(_ reader: inout ByteReader) throws(DecodingFailure) -> UInt64 {
        let start = reader.offset
        var gap: UInt64 = 0
        for place in 0..<5 {
            let byte = try reader.read(UInt8.self)
            gap |= UInt64(byte & 0x7F) << UInt64(7 * place)
            guard byte >> 7 == 0 else { continue }
            guard place == 0 || byte != 0 else { break }
            return gap
        }
        throw DecodingFailure(.outOfRange, at: start)
    }

    private static func step(_ clock: UInt32) -> UInt16 {
        UInt16(truncatingIfNeeded: (clock &- UInt32(Layout.clockBase)) >> 2)
    }

    private static func clock(_ step: UInt16, _ slot: UInt64) -> UInt32 {
        UInt32(Layout.clockBase | UInt64(step) << 2 | slot)
    }
}

// Pairs of words.
extension RunTouches {
    private static let unchanged: UInt8 = 9
    private static let readOnly: UInt8 = 10

    private static func write(
        _ words: (old: UInt64, new: UInt64), isReadOnly: Bool, to writer: inout ByteWriter
    ) {
        let old = significantBytes(words.old)
        let high =
            isReadOnly
            ? readOnly : words.old == words.new ? unchanged : significantBytes(words.new)
        writer.write(old | high << 4)
        write(words.old, old, to: &writer)
        if high < unchanged { write(words.new, high, to: &writer) }
    }

    private static func significantBytes(_ word: UInt64) -> UInt8 {
        UInt8((71 - word.leadingZeroBitCount) / 8)
    }

    private static func write(_ word: UInt64, _ count: UInt8, to writer: inout ByteWriter) {
        for byte in 0..<UInt64(count) {
            writer.write(UInt8(truncatingIfNeeded: word >> (8 * byte)))
        }
    }

    private static func readValues(
        _ reader: inout ByteReader
    ) throws(DecodingFailure) -> (old: UInt64, new: UInt64, isReadOnly: Bool) {
        let start = reader.offset
        let head = try reader.read(UInt8.self)
        let (low, high) = (head & 15, head >> 4)
        guard low <= 8, high <= readOnly else { throw DecodingFailure(.outOfRange, at: start) }
        let old = try readWord(&reader, low)
        guard high < unchanged else { return (old, old, high == readOnly) }
        let new = try readWord(&reader, high)
        guard new != old else { throw DecodingFailure(.outOfRange, at: start) }
        return (old, new, false)
    }

    private static func readWord(
        _ reader: inout ByteReader, _ count: UInt8
    ) throws(DecodingFailure) -> UInt64 {
        let start = reader.offset
        var word: UInt64 = 0
        for byte in 0..<UInt64(count) {
            word |= UInt64(try reader.read(UInt8.self)) << (8 * byte)
        }
        guard significantBytes(word) == count else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        return word
    }
}
