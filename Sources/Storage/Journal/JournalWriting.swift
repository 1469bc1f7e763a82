// The writing end of a journal: a group, the cut after a failure, and the change of segments.
import Environment
import Primitives

extension Journal {
    /// Appends whole blocks to the current segment and syncs them, or leaves it as it was, or
    /// suspends the journal.
    func write(_ bytes: UnsafeRawBufferPointer) throws(StorageFailure) {
        do {
            try current.file.append(bytes)
            try current.file.sync()
        } catch {
            cutBack()
            throw error
        }
        grow(by: bytes.count)
        if bytes.count <= Self.mostPreparedGroup { prepare() }
    }

    /// Groups up to so many bytes are worth it: they wait for the disk, not for its speed, and
    /// one that takes new room waits twice as long. Of larger ones every byte would be written
    /// twice.
    private static let mostPreparedGroup = 64 << 10
    /// Bytes made ready at a time.
    private static let preparedBytes = 256 << 10

    /// Makes the room ready that the next groups will take.
    private func prepare() {
        let next = current.end + UInt64(Self.mostPreparedGroup)
        guard readyEnd < next,
            current.end + UInt64(Self.preparedBytes) <= directory.settings.segmentBytes
        else { return }
        current.file.prepare(Self.preparedBytes)
        readyEnd = current.end + UInt64(Self.preparedBytes)
    }

    /// Takes back what was made ready and is not used.
    func cutReady() throws(StorageFailure) {
        guard readyEnd > current.end else { return }
        readyEnd = 0
        try current.file.truncate(to: current.end)
    }

    /// Takes the current segment back to its committed end, durably and verified by a read past it.
    func cutBack() {
        var byte: UInt8 = 0
        readyEnd = 0
        do {
            try current.file.truncate(to: current.end)
            try current.file.sync()
            let count = try withUnsafeMutableBytes(of: &byte) { target throws(StorageFailure) in
                try current.file.read(at: current.end, into: target)
            }
            isSuspended = count != 0 || current.file.size != current.end
        } catch {
            isSuspended = true
        }
    }

    /// Seals the current segment and begins the next. The order lets a crash at any point be told
    /// from a lost segment:
    /// 1. the next one is written under an unborn name, 2. the seal says that it exists, 3. it
    /// gets its name. A failure leaves the journal able to try again.
    func rollOver() throws(StorageFailure) {
        let first = committedSequence
        if !isSealed {
            // A seal is the last block of its segment.
            try cutReady()
            try directory.conceive(first)
            var seal = GroupBuffer()
            try write(seal.finish(isSeal: true, first: first, at: current.place(current.end)))
            isSealed = true
        }
        try directory.bear(first)
        let next = try directory.open(first, .appending, AlignedBuffer())
        note(bytes: current.end, ofSegment: current.header.first)
        current.file.close()
        current = next
        segments.append(first)
        isSealed = false
    }
}
