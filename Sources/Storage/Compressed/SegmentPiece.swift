// A piece of a compressed segment: its bytes are dealt out into streams of like bytes, each
// compressed by itself (docs/spec/storage.md §3).
import Compression
import Primitives

/// Bytes of a frame that are alike and go into streams of their own.
public struct FrameSection: Hashable, Sendable {
    /// Number of the stream, not 0; with a stride the first of that many streams.
    public var stream: UInt16
    /// 1 to 8: byte i goes to the stream numbered `stream` + i mod stride.
    public var stride: UInt8
    public var length: UInt32

    public init(stream: UInt16, stride: UInt8 = 1, length: UInt32) {
        self.stream = stream
        self.stride = stride
        self.length = length
    }

    /// Of bytes that nothing is known of.
    static func rest(_ length: Int) -> FrameSection {
        FrameSection(stream: 0, length: UInt32(length))
    }

    fileprivate static let width = 7
}

/// Says how the payload of a frame of a kind is made up; nil, or lengths that do not come to those
/// of the payload, where that is not known.
public typealias FrameSplit =
    (_ kind: UInt8, _ payload: UnsafeRawBufferPointer) -> [FrameSection]?

package enum SegmentPiece {
    /// Bytes of a piece before compression, at most: a frame and what came before it.
    package static let rawLimit = JournalFormat.framePayloadLimit + (8 << 20)

    /// `sections` come to as many bytes as `raw` has.
    package static func encode(
        _ raw: UnsafeRawBufferPointer, _ sections: [FrameSection], _ codec: inout ZstdCodec
    ) -> [UInt8] {
        var streams: [UInt16: [UInt8]] = [:]
        var layout = ByteWriter(capacity: sections.count * FrameSection.width)
        var place = 0
        for section in sections {
            layout.write(section.stream)
            layout.write(section.stride)
            layout.write(section.length)
            let part = UnsafeRawBufferPointer(rebasing: raw[place..<place + Int(section.length)])
            deal(part, section, into: &streams)
            place += part.count
        }
        var writer = ByteWriter(capacity: raw.count / 2)
        writer.write(UInt32(raw.count))
        writer.write(UInt32(sections.count))
        write(layout.bytes, to: &writer, &codec)
        let numbers = streams.keys.sorted()
        writer.write(UInt16(numbers.count))
        for number in numbers {
            writer.write(number)
            write(streams[number] ?? [], to: &writer, &codec)
        }
        return writer.bytes
    }

    private static func deal(
        _ part: UnsafeRawBufferPointer, _ section: FrameSection,
        into streams: inout [UInt16: [UInt8]]
    ) {
        let stride = Int(section.stride)
        guard stride > 1 else {
            return streams[section.stream, default: []].append(contentsOf: part)
        }
        for plane in 0..<stride {
            streams[section.stream + UInt16(plane), default: []].append(
                contentsOf: Swift.stride(from: plane, to: part.count, by: stride).lazy.map {
                    part[$0]
                })
        }
    }

    /// u32 bytes ‖ u32 stored bytes ‖ them: as they are where compression does not make them fewer.
    private static func write(
        _ bytes: [UInt8], to writer: inout ByteWriter, _ codec: inout ZstdCodec
    ) {
        let compressed = codec.compress(bytes)
        let stored = compressed.count < bytes.count ? compressed : bytes
        writer.write(UInt32(bytes.count))
        writer.write(UInt32(stored.count))
        writer.append(stored)
    }

    /// The bytes that were encoded.
    package static func decode(
        _ stored: [UInt8], _ codec: inout ZstdCodec
    ) throws(DecodingFailure) -> [UInt8] {
        var reader = ByteReader(stored)
        let count = Int(try reader.read(UInt32.self))
        guard count <= rawLimit else { throw DecodingFailure(.overLimit, at: 0) }
        let sections = Int(try reader.read(UInt32.self))
        let layout = try readStream(&reader, limit: rawLimit, &codec)
        guard layout.count == sections * FrameSection.width else {
            throw DecodingFailure(.outOfRange, at: 4)
        }
        var streams: [UInt16: [UInt8]] = [:]
        var last = -1
        var left = count
        for _ in 0..<Int(try reader.read(UInt16.self)) {
            let offset = reader.offset
            let number = try reader.read(UInt16.self)
            guard Int(number) > last else { throw DecodingFailure(.notCanonical, at: offset) }
            last = Int(number)
            let bytes = try readStream(&reader, limit: left, &codec)
            left -= bytes.count
            streams[number] = bytes
        }
        try reader.finish()
        guard left == 0 else { throw DecodingFailure(.outOfRange, at: 0) }
        return try gather(layout, streams, count)
    }

    private static func readStream(
        _ reader: inout ByteReader, limit: Int, _ codec: inout ZstdCodec
    ) throws(DecodingFailure) -> [UInt8] {
        let offset = reader.offset
        let count = Int(try reader.read(UInt32.self))
        let stored = Int(try reader.read(UInt32.self))
        guard count <= limit, stored <= count else {
            throw DecodingFailure(.overLimit, at: offset)
        }
        let bytes = try reader.read(count: stored)
        guard stored < count else { return bytes }
        guard let raw = try? codec.decompress(bytes, limit: count), raw.count == count else {
            throw DecodingFailure(.notCanonical, at: offset)
        }
        return raw
    }

    /// Puts the sections together again, each stream used from its start to its end.
    private static func gather(
        _ layout: [UInt8], _ streams: [UInt16: [UInt8]], _ count: Int
    ) throws(DecodingFailure) -> [UInt8] {
        var raw = [UInt8](repeating: 0, count: count)
        var used: [UInt16: Int] = [:]
        var reader = ByteReader(layout)
        var place = 0
        while reader.remaining > 0 {
            let offset = reader.offset
            let section = FrameSection(
                stream: try reader.read(), stride: try reader.read(), length: try reader.read())
            let stride = Int(section.stride)
            guard (1...8).contains(stride), Int(section.length) <= count - place,
                section.stream <= UInt16.max - UInt16(stride)
            else { throw DecodingFailure(.outOfRange, at: offset) }
            if section.length == 0 { continue }
            for plane in 0..<stride {
                let number = section.stream + UInt16(plane)
                let wanted = (Int(section.length) - plane + stride - 1) / stride
                let start = used[number, default: 0]
                guard wanted > 0 else { continue }
                guard let stream = streams[number], stream.count - start >= wanted else {
                    throw DecodingFailure(.truncated, at: offset)
                }
                scatter(stream[start..<start + wanted], into: &raw, from: place + plane, stride)
                used[number] = start + wanted
            }
            place += Int(section.length)
        }
        guard place == count else { throw DecodingFailure(.truncated, at: layout.count) }
        return raw
    }

    private static func scatter(
        _ bytes: ArraySlice<UInt8>, into raw: inout [UInt8], from place: Int, _ stride: Int
    ) {
        raw.withUnsafeMutableBufferPointer { raw in
            bytes.withUnsafeBufferPointer { bytes in
                guard stride > 1 else {
                    let target = raw[place..<place + bytes.count]
                    _ = UnsafeMutableBufferPointer(rebasing: target).update(fromContentsOf: bytes)
                    return
                }
                var target = place
                for byte in bytes {
                    raw[target] = byte
                    target += stride
                }
            }
        }
    }
}
