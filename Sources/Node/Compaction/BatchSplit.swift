// How a batch in the journal is made up: which bytes belong to which column, so that a compressed
// segment keeps like beside like (docs/spec/storage.md §3).
import Primitives
import Records
import Replica
import Storage

enum BatchSplit {
    /// Streams of a column, one for each byte of its values.
    private static let streamsPerColumn: UInt16 = 8
    /// Bytes before the columns: time, header, signature.
    private static let headBytes = 8 + BatchHeader.width + 64

    /// Sections of a frame; nil for other frames than batches with their records.
    static func sections(_ kind: UInt8, _ payload: UnsafeRawBufferPointer) -> [FrameSection]? {
        guard kind == JournalEntry.Kind.batch.rawValue, payload.count > headBytes else {
            return nil
        }
        var split = Columns(payload, from: headBytes)
        do throws(DecodingFailure) { try split.take() } catch { return nil }
        return split.sections
    }

    /// Walks over a body (record.md §7) without judging it.
    private struct Columns {
        private let bytes: UnsafeRawBufferPointer
        private var place: Int
        private var column: UInt16 = 0
        private(set) var sections: [FrameSection] = []

        init(_ bytes: UnsafeRawBufferPointer, from place: Int) {
            self.bytes = bytes
            self.place = 0
            add(place)
        }

        /// The next bytes are a column of their own, or go with those like them in other batches.
        private mutating func add(_ length: Int, stride: Int = 1) {
            column += 1
            sections.append(
                FrameSection(
                    stream: column * BatchSplit.streamsPerColumn, stride: UInt8(stride),
                    length: UInt32(length)))
            place += length
        }

        private func number(at offset: Int) throws(DecodingFailure) -> Int {
            guard place + offset + 4 <= bytes.count else {
                throw DecodingFailure(.truncated, at: place)
            }
            return Int(
                UInt32(
                    littleEndian: bytes.loadUnaligned(
                        fromByteOffset: place + offset, as: UInt32.self)))
        }

        mutating func take() throws(DecodingFailure) {
            let rows = try number(at: 2)
            guard (1...Limits.recordsPerBatch).contains(rows) else {
                throw DecodingFailure(.overLimit, at: place)
            }
            add(6)
            for width in [AgentID.width, RunID.width, TaskID.width] {
                try list(of: width)
            }
            for _ in 0..<3 { try numbers(rows) }
            try raw(rows * OperationID.width)
            // Caller to payload size.
            for _ in 0..<15 { try numbers(rows) }
            try raw(rows * Digest.width)
            try numbers(rows)
            try list(of: 4, stride: 4)
            try list(of: Digest.width)
            guard place == bytes.count else { throw DecodingFailure(.trailingBytes, at: place) }
        }

        private mutating func raw(_ length: Int) throws(DecodingFailure) {
            guard length >= 0, length <= bytes.count - place else {
                throw DecodingFailure(.truncated, at: place)
            }
            add(length)
        }

        /// u32 count ‖ entries.
        private mutating func list(
            of width: Int, stride: Int = 1
        ) throws(DecodingFailure) {
            let length = try number(at: 0) * width
            guard length <= bytes.count - place - 4 else {
                throw DecodingFailure(.truncated, at: place)
            }
            add(4)
            add(length, stride: stride)
        }

        /// u8 width ‖ u64 base ‖ values.
        private mutating func numbers(_ rows: Int) throws(DecodingFailure) {
            guard place + 9 <= bytes.count, bytes[place] <= 8 else {
                throw DecodingFailure(.outOfRange, at: place)
            }
            let width = Int(bytes[place])
            guard width * rows <= bytes.count - place - 9 else {
                throw DecodingFailure(.truncated, at: place)
            }
            add(9)
            add(width * rows, stride: max(1, width))
        }
    }
}
