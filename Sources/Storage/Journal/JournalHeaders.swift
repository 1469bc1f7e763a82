// The headers of segments, groups and frames: reading, writing, and their checksums.
import Cryptography
import Primitives

/// The head of a segment. Its first 64 bytes keep this layout in every version, so that an older
/// program can tell a newer store from a damaged one.
struct SegmentHeader: Hashable {
    var version: UInt32
    var purpose: UInt32
    var storeID: StoreID
    var first: UInt64

    /// Writes one block: the header and zeros.
    func store(to block: UnsafeMutableRawBufferPointer) {
        block.initializeMemory(as: UInt8.self, repeating: 0)
        let base = block.baseAddress!
        base.storeBytes(of: JournalFormat.segmentMagic.littleEndian, as: UInt64.self)
        base.storeBytes(of: version.littleEndian, toByteOffset: 8, as: UInt32.self)
        base.storeBytes(of: purpose.littleEndian, toByteOffset: 12, as: UInt32.self)
        storeID.store(to: base + 16)
        base.storeBytes(of: first.littleEndian, toByteOffset: 32, as: UInt64.self)
        Self.checksum(UnsafeRawPointer(base)).store(to: base + 48)
    }

    /// Nil unless `block` is a whole header block in every bit; of later versions only 64 bytes
    /// are looked at.
    init?(loading block: UnsafeRawBufferPointer) {
        guard block.count == JournalFormat.blockBytes, let base = block.baseAddress,
            base.load(as: UInt64.self) == JournalFormat.segmentMagic.littleEndian,
            Checksum(loading: UnsafeRawBufferPointer(rebasing: block[48..<64]))
                == Self.checksum(base)
        else { return nil }
        version = UInt32(littleEndian: base.load(fromByteOffset: 8, as: UInt32.self))
        purpose = UInt32(littleEndian: base.load(fromByteOffset: 12, as: UInt32.self))
        storeID = StoreID(loading: UnsafeRawBufferPointer(rebasing: block[16..<32]))
        first = UInt64(littleEndian: base.load(fromByteOffset: 32, as: UInt64.self))
        let rest = UnsafeRawBufferPointer(rebasing: block[40..<48])
        let fill = UnsafeRawBufferPointer(rebasing: block[64...])
        if version > JournalFormat.compressedVersion { return }
        guard JournalFormat.isZero(rest), JournalFormat.isZero(fill) else { return nil }
    }

    init(purpose: JournalPurpose, storeID: StoreID, first: UInt64) {
        version = JournalFormat.version
        self.purpose = purpose.rawValue
        self.storeID = storeID
        self.first = first
    }

    private static func checksum(_ base: UnsafeRawPointer) -> Checksum {
        JournalFormat.checksum(
            UnsafeRawBufferPointer(start: base, count: 48), in: JournalFormat.segmentDomain)
    }
}

/// The head of a group; its checksum covers the place it stands at, so that a moved block is no
/// group.
struct GroupHeader: Hashable {
    /// The last group of a segment, without frames: the segment `first` follows.
    var isSeal: Bool
    /// The sequence of the first frame.
    var first: UInt64
    var frameCount: UInt32
    /// Sectors of the padded group that are zero by right.
    var zeroSectors: UInt32
    /// Bytes of header and frames, without the zeros that fill the last block.
    var length: UInt64

    /// The sequence after its last frame.
    var next: UInt64 { first &+ UInt64(frameCount) }

    /// Bytes on disk.
    var paddedLength: UInt64 {
        UInt64(JournalFormat.roundUp(Int(length), to: JournalFormat.blockBytes))
    }

    func store(to base: UnsafeMutableRawPointer, at place: GroupPlace) {
        base.initializeMemory(as: UInt8.self, repeating: 0, count: JournalFormat.headerBytes)
        base.storeBytes(of: JournalFormat.groupMagic.littleEndian, as: UInt32.self)
        base.storeBytes(of: UInt32(isSeal ? 1 : 0).littleEndian, toByteOffset: 4, as: UInt32.self)
        base.storeBytes(of: first.littleEndian, toByteOffset: 8, as: UInt64.self)
        base.storeBytes(of: frameCount.littleEndian, toByteOffset: 16, as: UInt32.self)
        base.storeBytes(of: zeroSectors.littleEndian, toByteOffset: 20, as: UInt32.self)
        base.storeBytes(of: length.littleEndian, toByteOffset: 24, as: UInt64.self)
        place.checksum(of: UnsafeRawPointer(base)).store(to: base + 48)
    }

    /// Nil unless the 64 bytes at `base` are the header of a group at `place`.
    init?(loading base: UnsafeRawPointer, at place: GroupPlace) {
        let flags = UInt32(littleEndian: base.load(fromByteOffset: 4, as: UInt32.self))
        guard base.load(as: UInt32.self) == JournalFormat.groupMagic.littleEndian, flags <= 1,
            Checksum(loading: UnsafeRawBufferPointer(start: base + 48, count: 16))
                == place.checksum(of: base)
        else { return nil }
        isSeal = flags == 1
        first = UInt64(littleEndian: base.load(fromByteOffset: 8, as: UInt64.self))
        frameCount = UInt32(littleEndian: base.load(fromByteOffset: 16, as: UInt32.self))
        zeroSectors = UInt32(littleEndian: base.load(fromByteOffset: 20, as: UInt32.self))
        length = UInt64(littleEndian: base.load(fromByteOffset: 24, as: UInt64.self))
        guard length >= UInt64(JournalFormat.headerBytes),
            length <= UInt64(JournalFormat.groupLimit)
        else { return nil }
    }

    init(isSeal: Bool, first: UInt64, frameCount: UInt32, zeroSectors: UInt32, length: Int) {
        self.isSeal = isSeal
        self.first = first
        self.frameCount = frameCount
        self.zeroSectors = zeroSectors
        self.length = UInt64(length)
    }
}

/// Where a group stands.
struct GroupPlace: Hashable {
    var storeID: StoreID
    var segment: UInt64
    var offset: UInt64

    /// Covers the place and the first 48 bytes of the header.
    func checksum(of header: UnsafeRawPointer) -> Checksum {
        var input = ByteWriter(capacity: 80)
        input.write(storeID)
        input.write(segment)
        input.write(offset)
        input.append(UnsafeRawBufferPointer(start: header, count: 48))
        return input.bytes.withUnsafeBytes {
            JournalFormat.checksum($0, in: JournalFormat.groupDomain)
        }
    }
}

/// The head of a frame: checksum, magic, payload length, sequence, kind and length of the body. The
/// checksum covers all after itself.
struct FrameHeader: Hashable {
    var kind: UInt8
    /// Bytes of the payload, and of the body at its end.
    var length: UInt32
    var bodyLength: UInt32 = 0
    var sequence: UInt64

    /// Bytes of the frame with the zeros behind it.
    var paddedLength: Int {
        JournalFormat.roundUp(
            JournalFormat.frameHeaderBytes + Int(length), to: JournalFormat.frameAlignment)
    }

    /// Writes the header in front of a payload that is already there.
    /// - Parameter body: the plain BLAKE3 digest of the body, where there is one.
    func seal(_ base: UnsafeMutableRawPointer, body: Digest?) {
        let magic = JournalFormat.frameMagic
        base.storeBytes(of: magic.littleEndian, toByteOffset: 16, as: UInt32.self)
        base.storeBytes(of: length.littleEndian, toByteOffset: 20, as: UInt32.self)
        base.storeBytes(of: sequence.littleEndian, toByteOffset: 24, as: UInt64.self)
        let word = UInt64(kind) | UInt64(bodyLength) << 32
        base.storeBytes(of: word.littleEndian, toByteOffset: 32, as: UInt64.self)
        checksum(UnsafeRawPointer(base), body: body).store(to: base)
    }

    /// Nil unless `bytes`, 8-byte aligned, begin with a plausible header whose padded frame fits
    /// in `bytes`.
    init?(loading bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= JournalFormat.frameHeaderBytes, let base = bytes.baseAddress,
            base.load(fromByteOffset: 16, as: UInt32.self)
                == JournalFormat.frameMagic.littleEndian
        else { return nil }
        let word = UInt64(littleEndian: base.load(fromByteOffset: 32, as: UInt64.self))
        guard let kind = UInt8(exactly: word & 0xFFFF_FFFF) else { return nil }
        self.kind = kind
        bodyLength = UInt32(word >> 32)
        length = UInt32(littleEndian: base.load(fromByteOffset: 20, as: UInt32.self))
        sequence = UInt64(littleEndian: base.load(fromByteOffset: 24, as: UInt64.self))
        guard paddedLength <= bytes.count, bodyLength <= length else { return nil }
    }

    init(kind: UInt8, length: UInt32, bodyLength: UInt32, sequence: UInt64) {
        self.kind = kind
        self.length = length
        self.bodyLength = bodyLength
        self.sequence = sequence
    }

    /// True when the frame at `base`, header and payload, has its checksum.
    func isIntact(at base: UnsafeRawPointer) -> Bool {
        Checksum(loading: UnsafeRawBufferPointer(start: base, count: 16))
            == checksum(base, body: nil)
    }

    /// - Parameter body: the digest of the body where it is known.
    private func checksum(_ base: UnsafeRawPointer, body: Digest?) -> Checksum {
        let count = JournalFormat.frameHeaderBytes - JournalFormat.checksumBytes + Int(length)
        let covered = UnsafeRawBufferPointer(
            start: base + JournalFormat.checksumBytes, count: count)
        guard bodyLength > 0 else {
            return JournalFormat.checksum(covered, in: JournalFormat.frameDomain)
        }
        let head = count - Int(bodyLength)
        var hasher = BLAKE3Hasher(domain: JournalFormat.frameDomain)
        hasher.update(UnsafeRawBufferPointer(rebasing: covered[..<head]))
        let digest = body ?? BLAKE3.hash(UnsafeRawBufferPointer(rebasing: covered[head...]))
        hasher.update(digest.bytes)
        return withUnsafeBytes(of: hasher.finalize()) { Checksum(loading: $0) }
    }
}
