// The pieces of compressed segments: never more than the limit, and the same after another round.
import Compression
import Primitives
import Storage

extension DecoderCheck {
    static let storage = [
        DecoderCheck("segment-piece", mostBytes: 4096) { bytes throws(BrokenRule) in
            guard var codec = try? ZstdCodec(level: 1),
                let raw = try? SegmentPiece.decode(bytes, &codec)
            else { return false }
            try require(raw.count <= SegmentPiece.rawLimit, "no piece over the limit")
            guard raw.count <= 1 << 16 else { return true }
            let again = SegmentSample.piece(raw, SegmentSample.sections(of: raw.count), &codec)
            let back = try must("a piece comes back") { () throws(DecodingFailure) in
                try SegmentPiece.decode(again, &codec)
            }
            try require(back == raw, "a piece comes back the same")
            return true
        }
    ]
}

enum SegmentSample {
    /// A byte in a stream of its own, then numbers of eight bytes, then what is left.
    static func sections(of count: Int) -> [FrameSection] {
        let wide = max(0, count - 1) / 16 * 8
        return [
            FrameSection(stream: 1, length: UInt32(min(1, count))),
            FrameSection(stream: 2, stride: 8, length: UInt32(wide)),
            FrameSection(stream: 0, length: UInt32(count - min(1, count) - wide)),
        ]
    }

    static func piece(
        _ raw: [UInt8], _ sections: [FrameSection], _ codec: inout ZstdCodec
    ) -> [UInt8] {
        raw.withUnsafeBytes { SegmentPiece.encode($0, sections, &codec) }
    }
}

extension Sample {
    static func storageSamples() throws -> [Sample] {
        var codec = try ZstdCodec(level: 1)
        var samples: [Sample] = []
        for count in [0, 1, 40, 3_000] {
            let raw = (0..<count).map { UInt8(truncatingIfNeeded: $0 % 8 == 0 ? $0 : 7) }
            samples.append(
                Sample(
                    "segment-piece", "\(count)-bytes",
                    SegmentSample.piece(raw, SegmentSample.sections(of: count), &codec)))
        }
        return samples
    }
}
