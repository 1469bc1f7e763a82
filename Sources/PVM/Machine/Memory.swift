// Memory of 2^32 bytes, of which only the pages that were mapped exist, each readable or writable.

/// A value: a copy is a snapshot. Everything mapped costs its size, zeroes too.
public struct Memory: Sendable {
    /// Bytes of one page.
    public static let pageBytes = 4096
    /// Addresses below this are never accessible, mapped or not.
    public static let firstAddress: UInt32 = 1 << 16

    /// A run of pages with consecutive numbers and consecutive contents.
    struct Span: Hashable, Sendable {
        var firstPage: Int
        var pageCount: Int
        /// Where the contents begin, in pages.
        var firstSlot: Int
        var isWritable: Bool
    }

    /// Why pages could not be mapped.
    public enum Failure: Error, Hashable, Sendable {
        /// The range reaches beyond 2^32.
        case beyondEnd
        /// A page of the range is mapped already.
        case overlap
        /// More pages than `ProgramLimits.memoryPages`.
        case overLimit
    }

    /// In order of page, without overlap.
    private(set) var spans: [Span] = []
    /// The contents of all pages, a slot after the other.
    var contents: [UInt8] = []
    /// What accesses are noted and which are allowed; nil where neither matters.
    public internal(set) var accessLog: AccessLog?
    /// The pages of the heap that `sbrk` extends: where its unused part begins, and where it ends.
    private var heap: Range<Int>?

    public init() {}

    /// Bytes of all pages.
    public var byteCount: Int { contents.count }

    /// Maps the pages that `length` bytes at `address` touch; new pages are zero.
    public mutating func map(
        address: UInt32, length: Int, isWritable: Bool
    ) throws(Failure) {
        guard length > 0 else { return }
        guard length <= 1 << 32, Int(address) + length <= 1 << 32 else { throw .beyondEnd }
        let first = Int(address) / Self.pageBytes
        let count = (Int(address) + length - 1) / Self.pageBytes - first + 1
        let slots = contents.count / Self.pageBytes
        guard count <= ProgramLimits.memoryPages - slots else { throw .overLimit }
        let place = spans.firstIndex { $0.firstPage + $0.pageCount > first } ?? spans.count
        guard place == spans.count || spans[place].firstPage >= first + count else {
            throw .overlap
        }
        let span = Span(
            firstPage: first, pageCount: count, firstSlot: slots, isWritable: isWritable)
        spans.insert(span, at: place)
        contents += [UInt8](repeating: 0, count: count * Self.pageBytes)
    }

    /// The bytes, nil where one of them is not readable.
    public func read(_ address: UInt32, count: Int) -> [UInt8]? {
        guard count >= 0, count <= contents.count, Int(address) + count <= 1 << 32 else {
            return nil
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            let next = Int(address) + bytes.count
            guard let slot = slot(of: next / Self.pageBytes, writing: false) else { return nil }
            let offset = next % Self.pageBytes
            let piece = min(count - bytes.count, Self.pageBytes - offset)
            let start = slot * Self.pageBytes + offset
            bytes += contents[start..<start + piece]
        }
        return bytes
    }

    /// Writes all the bytes, or none where one of them is not writable.
    ///
    /// - Parameter isForced: pages that are only readable are written too: for a loader.
    /// - Returns: whether the bytes were written.
    public mutating func write(
        _ bytes: [UInt8], at address: UInt32, isForced: Bool = false
    ) -> Bool {
        guard Int(address) + bytes.count <= 1 << 32 else { return false }
        var places: [Int] = []
        var done = 0
        while done < bytes.count {
            let next = Int(address) + done
            let page = slot(of: next / Self.pageBytes, writing: !isForced)
            guard let page else { return false }
            places.append(page * Self.pageBytes + next % Self.pageBytes)
            done += Self.pageBytes - next % Self.pageBytes
        }
        done = 0
        for place in places {
            let piece = min(bytes.count - done, Self.pageBytes - place % Self.pageBytes)
            contents.withUnsafeMutableBytes { target in
                bytes.withUnsafeBytes { source in
                    let part = UnsafeRawBufferPointer(rebasing: source[done..<done + piece])
                    UnsafeMutableRawBufferPointer(rebasing: target[place..<place + piece])
                        .copyMemory(from: part)
                }
            }
            done += piece
        }
        return true
    }

    /// The slot of a page, nil where it may not be accessed so.
    func slot(of page: Int, writing: Bool) -> Int? {
        guard page >= Int(Self.firstAddress) / Self.pageBytes else { return nil }
        var (low, high) = (0, spans.count)
        while low < high {
            let middle = (low + high) / 2
            if spans[middle].firstPage + spans[middle].pageCount <= page {
                low = middle + 1
            } else {
                high = middle
            }
        }
        guard low < spans.count, spans[low].firstPage <= page,
            spans[low].isWritable || !writing
        else { return nil }
        return spans[low].firstSlot + page - spans[low].firstPage
    }
}

extension Memory {
    /// Names the addresses that `extendHeap` may map: from the end of the mapped heap.
    public mutating func reserveHeap(_ addresses: Range<UInt32>) {
        heap = Int(addresses.lowerBound)..<Int(addresses.upperBound)
    }

    /// Makes `count` further bytes of the heap writable.
    ///
    /// - Returns: where they begin; nil where the heap, or `ProgramLimits.memoryPages`, is full.
    public mutating func extendHeap(by count: UInt64) -> UInt32? {
        guard let heap, count <= UInt64(heap.count) else { return nil }
        let end = heap.lowerBound + Int(count)
        let mapped = Self.pages(heap.lowerBound)
        let wanted = Self.pages(end)
        if wanted > mapped {
            guard mapHeap(firstPage: mapped, count: wanted - mapped) else { return nil }
        }
        self.heap = end..<heap.upperBound
        return UInt32(heap.lowerBound)
    }

    private static func pages(_ address: Int) -> Int { (address + pageBytes - 1) / pageBytes }

    /// Joins the pages to those before them where the contents follow too, so that the number of
    /// spans does not grow with the number of calls.
    private mutating func mapHeap(firstPage: Int, count: Int) -> Bool {
        let slots = contents.count / Self.pageBytes
        guard count <= ProgramLimits.memoryPages - slots else { return false }
        let before = spans.firstIndex {
            $0.firstPage + $0.pageCount == firstPage && $0.firstSlot + $0.pageCount == slots
                && $0.isWritable
        }
        if let before {
            spans[before].pageCount += count
            contents += [UInt8](repeating: 0, count: count * Self.pageBytes)
            return true
        }
        let address = UInt32(firstPage * Self.pageBytes)
        do {
            try map(address: address, length: count * Self.pageBytes, isWritable: true)
            return true
        } catch {
            return false
        }
    }
}

extension Memory: Equatable {
    /// The same pages with the same rights and bytes, however they came to be mapped.
    public static func == (one: Memory, other: Memory) -> Bool {
        let (left, right) = (one.pages, other.pages)
        guard one.heap == other.heap, left.count == right.count else { return false }
        for (mine, theirs) in zip(left, right) {
            guard mine.number == theirs.number, mine.isWritable == theirs.isWritable,
                one.bytes(inSlot: mine.slot) == other.bytes(inSlot: theirs.slot)
            else { return false }
        }
        return true
    }

    private var pages: [(number: Int, slot: Int, isWritable: Bool)] {
        spans.flatMap { span in
            (0..<span.pageCount).map {
                (span.firstPage + $0, span.firstSlot + $0, span.isWritable)
            }
        }
    }

    private func bytes(inSlot slot: Int) -> ArraySlice<UInt8> {
        contents[slot * Self.pageBytes..<(slot + 1) * Self.pageBytes]
    }
}
