// The pieces of a compressed segment: their table, and reading through them
// (docs/spec/storage.md §3).
import Compression
import Cryptography
import Environment
import Primitives

/// One row of the table.
struct CompressedPiece: Hashable {
    /// Where its bytes begin in the segment.
    var start: UInt64
    /// Where it lies in the file.
    var place: UInt64
    var stored: UInt32
    /// Of what is stored.
    var checksum: Checksum

    static let width = 36

    func write(to writer: inout ByteWriter) {
        writer.write(start)
        writer.write(place)
        writer.write(stored)
        writer.write(checksum)
    }

    init(start: UInt64, place: UInt64, stored: UInt32, checksum: Checksum) {
        (self.start, self.place) = (start, place)
        (self.stored, self.checksum) = (stored, checksum)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        start = try reader.read()
        place = try reader.read()
        stored = try reader.read()
        checksum = try reader.read()
    }

    static let domain = HashDomain("althing 2026 journal compressed piece")
    static let tableDomain = HashDomain("althing 2026 journal piece table")
}

/// The end of a compressed segment's file: the table of its pieces, and what covers it.
struct PieceTable: Hashable {
    var pieces: [CompressedPiece] = []
    /// Bytes of the segment.
    var size: UInt64 = 0

    /// u64 size ‖ u32 count ‖ u32 zero ‖ digest.
    static let endBytes = 48

    /// Rows ‖ size ‖ count ‖ zero ‖ digest of the segment's identity and all before.
    func encoded(_ header: SegmentHeader) -> [UInt8] {
        var writer = ByteWriter(capacity: pieces.count * CompressedPiece.width + Self.endBytes)
        for piece in pieces { piece.write(to: &writer) }
        writer.write(size)
        writer.write(UInt32(pieces.count))
        writer.write(UInt32(0))
        writer.write(Self.digest(writer.bytes, header))
        return writer.bytes
    }

    /// - Parameters:
    ///   - raw: rows and end.
    ///   - fileBytes: the size of the file; pieces fill it from the first block to the table.
    init(
        decoding raw: [UInt8], _ header: SegmentHeader, fileBytes: UInt64
    ) throws(DecodingFailure) {
        var reader = ByteReader(raw)
        let rows = (raw.count - Self.endBytes) / CompressedPiece.width
        guard raw.count >= Self.endBytes else { throw DecodingFailure(.truncated, at: 0) }
        pieces.reserveCapacity(rows)
        for _ in 0..<rows { pieces.append(try CompressedPiece(from: &reader)) }
        size = try reader.read()
        guard Int(try reader.read(UInt32.self)) == rows, try reader.read(UInt32.self) == 0 else {
            throw DecodingFailure(.outOfRange, at: reader.offset)
        }
        let end = reader.offset
        guard try reader.read(Digest.self) == Self.digest(Array(raw[..<end]), header) else {
            throw DecodingFailure(.notCanonical, at: end)
        }
        try reader.finish()
        try check(fileBytes - UInt64(raw.count))
    }

    init() {}

    /// Pieces follow each other in the segment and in the file.
    private func check(_ tablePlace: UInt64) throws(DecodingFailure) {
        var (start, place) = (UInt64(0), UInt64(JournalFormat.blockBytes))
        for (index, piece) in pieces.enumerated() {
            let next = index + 1 < pieces.count ? pieces[index + 1].start : size
            guard piece.start == start, piece.place == place, next > start,
                next - start <= UInt64(SegmentPiece.rawLimit)
            else { throw DecodingFailure(.outOfRange, at: index * CompressedPiece.width) }
            start = next
            place += UInt64(piece.stored)
        }
        guard place == tablePlace, start == size else {
            throw DecodingFailure(.outOfRange, at: 0)
        }
    }

    private static func digest(_ bytes: [UInt8], _ header: SegmentHeader) -> Digest {
        var writer = ByteWriter(capacity: bytes.count + 32)
        writer.write(header.storeID)
        writer.write(header.purpose)
        writer.write(header.first)
        writer.append(bytes)
        return CompressedPiece.tableDomain.hash(writer.bytes)
    }
}

/// Reads a segment through its pieces; the one that was read last is kept.
final class CompressedPieces {
    private let header: SegmentHeader
    private let table: PieceTable
    private var codec: ZstdCodec
    private var kept: (index: Int, bytes: [UInt8])?

    var size: UInt64 { table.size }

    init(_ file: any DiskFile, _ header: SegmentHeader) throws(StorageFailure) {
        self.header = header
        let damaged = StorageFailure.damaged(
            JournalFault(segment: header.first, offset: file.size, kind: .piece))
        let end = UInt64(PieceTable.endBytes)
        guard file.size >= UInt64(JournalFormat.blockBytes) + end else { throw damaged }
        let tail = try Self.bytes(of: file, at: file.size - end, count: Int(end))
        var reader = ByteReader(tail)
        guard (try? reader.read(UInt64.self)) != nil,
            let count = try? reader.read(UInt32.self)
        else { throw damaged }
        let length = UInt64(count) * UInt64(CompressedPiece.width) + end
        guard length <= file.size - UInt64(JournalFormat.blockBytes) else { throw damaged }
        let raw = try Self.bytes(of: file, at: file.size - length, count: Int(length))
        guard let table = try? PieceTable(decoding: raw, header, fileBytes: file.size) else {
            throw damaged
        }
        self.table = table
        do { codec = try ZstdCodec(level: 1) } catch {
            throw .disk(DiskFailure(.read, path: "", code: 12))
        }
    }

    private static func bytes(
        of file: any DiskFile, at offset: UInt64, count: Int
    ) throws(StorageFailure) -> [UInt8] {
        let buffer = AlignedBuffer()
        buffer.reserve(count, keeping: 0)
        let target = UnsafeMutableRawBufferPointer(start: buffer.base, count: count)
        let read = try onDisk { () throws(DiskFailure) in
            try file.read(at: offset, into: target)
        }
        return Array(target.prefix(read))
    }

    func read(
        _ file: any DiskFile, at offset: UInt64, into target: UnsafeMutableRawBufferPointer
    ) throws(StorageFailure) -> Int {
        var done = 0
        while done < target.count, offset + UInt64(done) < size {
            let place = offset + UInt64(done)
            let index = self.index(of: place)
            if kept?.index != index { kept = (index, try piece(index, file)) }
            guard let kept else { break }
            let skipped = Int(place - table.pieces[index].start)
            let count = min(target.count - done, kept.bytes.count - skipped)
            kept.bytes.withUnsafeBytes { bytes in
                let part = UnsafeRawBufferPointer(rebasing: bytes[skipped..<skipped + count])
                UnsafeMutableRawBufferPointer(rebasing: target[done..<done + count])
                    .copyMemory(from: part)
            }
            done += count
        }
        return done
    }

    /// The piece that holds a place of the segment.
    private func index(of place: UInt64) -> Int {
        var (low, high) = (0, table.pieces.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if table.pieces[middle].start <= place { low = middle } else { high = middle }
        }
        return low
    }

    private func piece(
        _ index: Int, _ file: any DiskFile
    ) throws(StorageFailure) -> [UInt8] {
        let piece = table.pieces[index]
        let next = index + 1 < table.pieces.count ? table.pieces[index + 1].start : size
        let fault = JournalFault(segment: header.first, offset: piece.place, kind: .piece)
        let stored = try Self.bytes(of: file, at: piece.place, count: Int(piece.stored))
        let found = stored.withUnsafeBytes {
            JournalFormat.checksum($0, in: CompressedPiece.domain)
        }
        guard found == piece.checksum, let raw = try? SegmentPiece.decode(stored, &codec),
            raw.count == Int(next - piece.start)
        else { throw .damaged(fault) }
        return raw
    }

    func faults(_ file: any DiskFile) throws(StorageFailure) -> [JournalFault] {
        var faults: [JournalFault] = []
        for index in table.pieces.indices {
            do { _ = try piece(index, file) } catch .damaged(let fault) {
                faults.append(fault)
            } catch { throw error }
        }
        return faults
    }
}
