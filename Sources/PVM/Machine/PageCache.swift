// The interpreter's view of a memory: pointers to the pages used last, so that most accesses take
// one comparison.

/// Valid while the memory it was made from is neither copied nor changed otherwise.
struct PageCache {
    /// Entries, a power of two; a page can stand at one of them only.
    private static let entryCount = 64
    private static let pageMask = UInt64(Memory.pageBytes - 1)
    private static let none = UInt32.max

    /// A page: its number where it may be read, where it may be written, and its bytes.
    struct Entry {
        var readable: UInt32
        var writable: UInt32
        var bytes: UnsafeMutableRawPointer
    }

    private let entries: UnsafeMutablePointer<Entry>
    private let spans: UnsafeBufferPointer<Memory.Span>
    private let contents: UnsafeMutableRawPointer
    /// Where accesses are noted; no entry is ever filled then, so that each comes by here.
    private let log: AccessLog.Pointers?
    /// Why the access that failed did.
    private(set) var fault = Exit.panic

    /// - Parameter body: gets the view of `memory`.
    static func with<Result>(
        _ memory: inout Memory, _ body: (inout PageCache) -> Result
    ) -> Result {
        guard var log = memory.accessLog.take() else { return with(&memory, nil, body) }
        defer { memory.accessLog = log }
        return log.withPointers { with(&memory, $0, body) }
    }

    private static func with<Result>(
        _ memory: inout Memory, _ log: AccessLog.Pointers?, _ body: (inout PageCache) -> Result
    ) -> Result {
        let spans = memory.spans
        return memory.contents.withUnsafeMutableBytes { contents in
            spans.withUnsafeBufferPointer { spans in
                withUnsafeTemporaryAllocation(of: Entry.self, capacity: entryCount) { entries in
                    // Without pages no entry is ever filled, so any address will do.
                    let contents =
                        contents.baseAddress ?? UnsafeMutableRawPointer(entries.baseAddress!)
                    entries.initialize(
                        repeating: Entry(readable: none, writable: none, bytes: contents))
                    var cache = PageCache(
                        entries: entries.baseAddress!, spans: spans, contents: contents, log: log)
                    return body(&cache)
                }
            }
        }
    }

    private init(
        entries: UnsafeMutablePointer<Entry>, spans: UnsafeBufferPointer<Memory.Span>,
        contents: UnsafeMutableRawPointer, log: AccessLog.Pointers?
    ) {
        (self.entries, self.spans, self.contents) = (entries, spans, contents)
        self.log = log
    }

    /// Reads a little-endian number and extends it to 64 bits by its sign, if it has one.
    ///
    /// - Parameter isFine: becomes false, and `fault` is set, where a byte is not readable.
    @inline(__always)
    mutating func load<Value: FixedWidthInteger>(
        _: Value.Type, _ address: UInt64, _ isFine: inout Bool
    ) -> UInt64 {
        let page = UInt32(truncatingIfNeeded: address) >> 12
        let offset = Int(address & Self.pageMask)
        let entry = entries + Int(page & UInt32(Self.entryCount - 1))
        let last = Memory.pageBytes - Value.bitWidth / 8
        if entry.pointee.readable == page, offset <= last {
            let value = entry.pointee.bytes.loadUnaligned(fromByteOffset: offset, as: Value.self)
            return UInt64(truncatingIfNeeded: Value(littleEndian: value))
        }
        guard let value = slowLoad(address, count: Value.bitWidth / 8) else {
            isFine = false
            return 0
        }
        return UInt64(truncatingIfNeeded: Value(truncatingIfNeeded: value))
    }

    /// Writes the low bits of `value`, little-endian, or nothing.
    ///
    /// - Parameter isFine: becomes false, and `fault` is set, where a byte is not writable.
    /// - Returns: zero, for the cell that is never read.
    @inline(__always)
    mutating func store<Value: FixedWidthInteger>(
        _: Value.Type, _ value: UInt64, _ address: UInt64, _ isFine: inout Bool
    ) -> UInt64 {
        let page = UInt32(truncatingIfNeeded: address) >> 12
        let offset = Int(address & Self.pageMask)
        let entry = entries + Int(page & UInt32(Self.entryCount - 1))
        let last = Memory.pageBytes - Value.bitWidth / 8
        if entry.pointee.writable == page, offset <= last {
            entry.pointee.bytes.storeBytes(
                of: Value(truncatingIfNeeded: value).littleEndian, toByteOffset: offset,
                as: Value.self)
        } else if !slowStore(value, address, count: Value.bitWidth / 8) {
            isFine = false
        }
        return 0
    }

    @inline(never)
    private mutating func slowLoad(_ address: UInt64, count: Int) -> UInt64? {
        guard isAccessible(address, count: count, writing: false) else { return nil }
        var value: UInt64 = 0
        for index in (0..<count).reversed() {
            value = value << 8 | UInt64(byte(address &+ UInt64(index)).load(as: UInt8.self))
        }
        return value
    }

    @inline(never)
    private mutating func slowStore(_ value: UInt64, _ address: UInt64, count: Int) -> Bool {
        guard isAccessible(address, count: count, writing: true) else { return false }
        for index in 0..<count {
            let low = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
            byte(address &+ UInt64(index)).storeBytes(of: low, as: UInt8.self)
        }
        return true
    }

    /// Whether all bytes may be accessed; the first that may not decides between a panic and a
    /// page fault (Gray Paper, A.4: the least index, before it is taken modulo 2^32).
    private mutating func isAccessible(_ address: UInt64, count: Int, writing: Bool) -> Bool {
        for index in 0..<count {
            let place = UInt32(truncatingIfNeeded: address &+ UInt64(index))
            if enter(place >> 12, writing: writing), note(place) { continue }
            let page = place & ~UInt32(Self.pageMask)
            fault = place < Memory.firstAddress ? .panic : .pageFault(address: page)
            return false
        }
        return true
    }

    /// A byte that was found accessible.
    private func byte(_ address: UInt64) -> UnsafeMutableRawPointer {
        let place = UInt32(truncatingIfNeeded: address)
        let span = span(of: Int(place >> 12)) ?? spans[0]
        let slot = span.firstSlot + Int(place >> 12) - span.firstPage
        return contents + slot * Memory.pageBytes + Int(place & UInt32(Self.pageMask))
    }

    /// Puts a page in its entry; false where it may not be accessed so.
    private func enter(_ page: UInt32, writing: Bool) -> Bool {
        guard page >= Memory.firstAddress >> 12, let span = span(of: Int(page)),
            span.isWritable || !writing
        else { return false }
        guard log == nil else { return true }
        let slot = span.firstSlot + Int(page) - span.firstPage
        entries[Int(page) & (Self.entryCount - 1)] = Entry(
            readable: page, writable: span.isWritable ? page : Self.none,
            bytes: contents + slot * Memory.pageBytes)
        return true
    }

    /// Notes the access to an accessible byte; false where its piece is not known.
    private func note(_ place: UInt32) -> Bool {
        guard let log else { return true }
        let offset = contents.distance(to: byte(UInt64(place)))
        return log.note(piece: offset / AccessLog.pieceBytes)
    }

    private func span(of page: Int) -> Memory.Span? {
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].firstPage + spans[middle].pageCount <= page {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < spans.count, spans[low].firstPage <= page else { return nil }
        return spans[low]
    }
}
