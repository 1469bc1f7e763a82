// The layout of journal files in bytes, little-endian: segments of groups of frames.
import Cryptography
import Environment
import Primitives

/// A journal is a directory of segments. A segment is one header block and then groups; a group
/// is what one commit wrote: a header, its frames, zeros to the end of the block. Blocks are 4096
/// bytes, so that every write is aligned and none touches a block that an earlier commit wrote.
///
/// A group is the unit of recovery: it is there with all its frames or not at all. A group that
/// is the last of the last segment may be torn; a group with anything behind it was synced before
/// that was written, so a fault in it is damage. Of the last group's sectors, the ones that a
/// crash lost read as zero. The header counts the sectors that are zero by right, so that a lost
/// sector and a flipped bit are told apart.
///
/// A frame's checksum is `H[frame](bytes 16… of the header ‖ payload)`. Where the header says that
/// the last n bytes of the payload are a body, n > 0, their plain BLAKE3 digest stands in their
/// place: who appends a batch has hashed it already. Version 1 has no bodies and is read and
/// written on as it is; new segments have version 2.
enum JournalFormat {
    static let version: UInt32 = 2
    /// The oldest version that is read.
    static let oldestVersion: UInt32 = 1
    /// From this version on frames may have bodies.
    static let bodiesVersion: UInt32 = 2
    /// In the header of a segment that is kept compressed.
    static let compressedVersion: UInt32 = 3
    static let blockBytes = diskBlockBytes
    /// The unit a disk writes whole or not at all.
    static let sectorBytes = 512
    static let headerBytes = 64
    static let checksumBytes = 16
    static let frameHeaderBytes = 40
    /// Frames begin at multiples of this.
    static let frameAlignment = 8
    /// Bytes of the payload of one frame: a batch (64 MiB) and some.
    static let framePayloadLimit = Limits.batchBytes + (1 << 20)
    /// Bytes of one group.
    static let groupLimit = 2 * framePayloadLimit

    static let segmentMagic: UInt64 = 0x4C4E_524A_4854_4C41  // "ALTHJRNL"
    static let groupMagic: UInt32 = 0x5055_5247  // "GRUP"
    static let frameMagic: UInt32 = 0x4D41_5246  // "FRAM"

    static let segmentDomain = HashDomain("althing 2026 journal segment header")
    static let groupDomain = HashDomain("althing 2026 journal group header")
    static let frameDomain = HashDomain("althing 2026 journal frame")

    /// `count` rounded up to a multiple of `unit`, a power of two.
    static func roundUp(_ count: Int, to unit: Int) -> Int { (count + unit - 1) & ~(unit - 1) }

    /// The first 16 bytes of the digest.
    static func checksum(_ bytes: UnsafeRawBufferPointer, in domain: HashDomain) -> Checksum {
        withUnsafeBytes(of: domain.hash(bytes)) { Checksum(loading: $0) }
    }

    static func isZero(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index + 8 <= bytes.count {
            if bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) != 0 { return false }
            index += 8
        }
        return bytes[index...].allSatisfy { $0 == 0 }
    }

    /// Sectors of which every byte is zero; `bytes` is a whole number of sectors.
    static func zeroSectors(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
        var count: UInt32 = 0
        for start in stride(from: 0, to: bytes.count, by: sectorBytes) {
            if bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self) != 0 { continue }
            let sector = UnsafeRawBufferPointer(rebasing: bytes[start..<start + sectorBytes])
            if isZero(sector) { count += 1 }
        }
        return count
    }

    /// The file name of the segment that begins with this sequence: 16 hexadecimal digits and an
    /// ending.
    static func name(ofSegment first: UInt64) -> String {
        let digits = (0..<8).map { UInt8(truncatingIfNeeded: first >> UInt64(56 - 8 * $0)) }
        return Hex.encode(digits) + segmentSuffix
    }

    /// Nil for a name that no segment has.
    static func firstSequence(ofName name: String) -> UInt64? {
        guard name.utf8.count == 16 + segmentSuffix.utf8.count, name.hasSuffix(segmentSuffix),
            let bytes = Hex.decode(name.prefix(16))
        else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }

    static let segmentSuffix = ".segment"
    /// Added to the name of a segment that is not part of the journal yet.
    static let unbornSuffix = ".new"
    static let lockName = "lock"
}

enum ChecksumKind {}

/// Sixteen bytes of a BLAKE3 digest: enough against accidents and against forgery without the
/// domain's key.
typealias Checksum = Bytes16<ChecksumKind>

/// Which journal of a store a segment belongs to, so that directories cannot be swapped unnoticed.
public enum JournalPurpose: UInt32, Hashable, Sendable {
    case records = 1
    case payloads = 2
    /// What an orchestrator must not forget.
    case queue = 3
}
