// The faults of stores and nodes in sentences, with what to do about each.
import Environment
import Node
import Platform
import Primitives
import Replica
import Storage

enum StoreWords {
    /// The failure of a command whose node or store did not open.
    static func failure(_ failure: NodeFailure, directory: DataDirectory) -> CommandFailure {
        let path = directory.path
        switch failure {
        case .storage(let storage): return self.failure(storage, directory: directory)
        case .otherChain(let found, let expected):
            return .damaged(["the store in \(path) is of chain \(found), not of \(expected)"])
        case .noGenesis:
            return .damaged(["the journal in \(path) does not begin with a genesis"])
        case .replay(let sequence, let reason):
            return .damaged([
                "frame \(sequence) of the journal in \(path) breaks a rule: \(reason)",
                "run: althing store check --data \(path)",
            ])
        case .frame(let sequence, let reason):
            return .damaged(["frame \(sequence) of the journal in \(path) is damaged: \(reason)"])
        case .frameKind(let sequence, let kind):
            return .damaged([
                "frame \(sequence) of the journal in \(path) is of kind \(kind), which this "
                    + "version does not know",
                "use the version that wrote it, or a later one",
            ])
        case .index(let space, let reason):
            return .damaged([
                "the index in \(path) is damaged in \(space): \(reason)", rebuild(directory),
            ])
        default: return .failed("the node in \(path) is not available: \(failure)")
        }
    }

    /// The failure of a command whose store refused.
    static func failure(
        _ failure: StorageFailure, directory: DataDirectory
    ) -> CommandFailure {
        let path = directory.path
        switch failure {
        case .disk(let disk): return .failed(sentence(disk))
        case .storeIsInUse:
            return .failed("another node or command has the store in \(path) open")
        case .storeIsNewer(let found, let supported):
            return .damaged([
                "the store in \(path) has format \(found); this version reads up to \(supported)",
                "use the version that wrote it, or a later one; nothing was changed",
            ])
        case .damaged(let fault):
            return .damaged([
                "the store in \(path) is damaged: \(sentence(fault))",
                "run: althing store check --data \(path), which lists every fault",
                "restore the segment it names from a copy; the node starts once it is sound",
            ])
        case .payloadDamaged(let digest):
            return .damaged(["the payload \(digest) in \(path) is damaged"])
        case .indexAheadOfJournal(let indexed, let journal):
            return .damaged([
                "the index in \(path) knows \(indexed) frames, the journal has \(journal)",
                "restore the journal from a copy that has them, or " + rebuild(directory),
            ])
        case .archived(let segment):
            return .refused(
                "segment \(segment.first) of \(segment.directory) lies in the archive; "
                    + "run first: althing store restore --data \(path)")
        case .notBrought(let segment, let reason):
            return .failed(
                "segment \(segment.first) of \(segment.directory) lies in the archive, "
                    + "which does not give it: \(reason)")
        case .indexUnusable:
            return .damaged(["the index in \(path) cannot be used", rebuild(directory)])
        case .index(let operation, let words):
            return .failed("the index in \(path) failed at \(operation.rawValue): \(words)")
        default: return .failed("the store in \(path) failed: \(failure)")
        }
    }

    private static func rebuild(_ directory: DataDirectory) -> String {
        "run: althing store rebuild --data \(directory.path)"
    }

    /// One fault of a store, with its place.
    static func sentence(_ fault: StoreFault) -> String {
        switch fault {
        case .journal(let fault): "journal: \(sentence(fault))"
        case .payloadJournal(let fault): "payloads: \(sentence(fault))"
        case .payload(let digest): "payload \(digest) does not have its digest"
        case .entry(let sequence, let reason): "frame \(sequence): \(reason)"
        case .index(let what): "index: \(what)"
        }
    }

    static func sentence(_ fault: JournalFault) -> String {
        let frame = fault.sequence.map { ", frame \($0)" } ?? ""
        return "segment \(fault.segment), byte \(fault.offset)\(frame): \(words(fault.kind))"
    }

    private static func words(_ kind: JournalFault.Kind) -> String {
        switch kind {
        case .segmentHeader: "the head of the segment is damaged"
        case .wrongStore(let id): "the segment belongs to the store \(id)"
        case .wrongPurpose(let purpose): "the segment is of another journal (\(purpose))"
        case .segmentMissing: "the segment is missing"
        case .segmentCutOff: "the segment ends too early"
        case .bytesAfterSeal: "bytes follow the end of the segment"
        case .unexpectedFile(let name): "the file \(name) does not belong here"
        case .groupHeader: "the head of a group is damaged"
        case .sequenceGap(let due): "frames are missing: \(due) is due"
        case .frameHeader: "the head of a frame is damaged"
        case .frameChecksum: "a frame does not have its checksum"
        case .frameContent: "a frame's content does not decode"
        case .piece: "compressed bytes do not have their checksum"
        case .padding: "filling bytes are not zero"
        }
    }

    static func sentence(_ failure: DiskFailure) -> String {
        let fault = FileFault(
            operation: failure.operation.rawValue, path: failure.path, cause: .system(failure.code))
        return fault.sentence
    }

    /// What to do about the faults that a walk found.
    static func advice(for faults: [StoreFault], directory: DataDirectory) -> [String] {
        let isIndexOnly = faults.allSatisfy { if case .index = $0 { true } else { false } }
        return isIndexOnly
            ? [rebuild(directory)]
            : ["restore the damaged segments from a copy, then run the check again"]
    }
}
