// How the entries of the validators' chapter are written and read (docs/spec/ledger.md §3).
import Primitives

extension SeatChange {
    private enum Tag: UInt8 {
        case add = 1
        case remove, replace
    }

    func write(to writer: inout ByteWriter) {
        switch self {
        case .add(let key, let address):
            writer.write(Tag.add.rawValue)
            writer.write(key)
            writer.write(address)
        case .remove(let key):
            writer.write(Tag.remove.rawValue)
            writer.write(key)
        case .replace(let old, let new, let address):
            writer.write(Tag.replace.rawValue)
            writer.write(old)
            writer.write(new)
            writer.write(address)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        guard let tag = Tag(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        switch tag {
        case .add:
            self = .add(
                try reader.read(), address: try reader.readText(limit: Limits.nameBytes))
        case .remove: self = .remove(try reader.read())
        case .replace:
            self = .replace(
                try reader.read(), by: try reader.read(),
                address: try reader.readText(limit: Limits.nameBytes))
        }
    }
}

extension EpochCommittee: StateEntry {
    var stateKey: StateKey { .committee }

    func write(to writer: inout ByteWriter) {
        writer.write(epoch)
        writer.write(start)
        writer.write(UInt16(clamping: members.count))
        for member in members {
            writer.write(member.key)
            writer.write(member.address)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        epoch = try reader.read()
        start = try reader.readInstant()
        let offset = reader.offset
        let count = Int(try reader.read(UInt16.self))
        guard count <= Limits.validatorsPerCommittee else {
            throw DecodingFailure(.overLimit, at: offset)
        }
        members = []
        for _ in 0..<count {
            members.append(
                CommitteeMember(
                    key: try reader.read(),
                    address: try reader.readText(limit: Limits.nameBytes)))
        }
        guard committee != nil else { throw DecodingFailure(.outOfRange, at: offset) }
    }
}

extension AdoptedChanges: StateEntry {
    var stateKey: StateKey { .adopted }

    func write(to writer: inout ByteWriter) {
        writer.write(epoch)
        writer.write(UInt8(clamping: changes.count))
        for change in changes { change.write(to: &writer) }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        epoch = try reader.read()
        let offset = reader.offset
        let count = try reader.read(UInt8.self)
        guard count <= Limits.validatorsPerCommittee else {
            throw DecodingFailure(.overLimit, at: offset)
        }
        changes = []
        for _ in 0..<count { changes.append(try SeatChange(from: &reader)) }
    }
}

extension Ballot: StateEntry {
    var stateKey: StateKey { .ballot(voter) }

    func write(to writer: inout ByteWriter) {
        writer.write(voter)
        writer.write(epoch)
        change.write(to: &writer)
        writer.write(UInt8(isSpent ? 1 : 0))
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        voter = try reader.read()
        epoch = try reader.read()
        change = try SeatChange(from: &reader)
        isSpent = try reader.readFlag()
    }
}

extension Fault: StateEntry {
    var stateKey: StateKey { .fault(key) }

    func write(to writer: inout ByteWriter) {
        writer.write(key)
        writer.write(kind.rawValue)
        writer.write(epoch)
        writer.write(time)
        writer.write(reporter)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        key = try reader.read()
        let offset = reader.offset
        guard let kind = FaultKind(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: offset)
        }
        self.kind = kind
        epoch = try reader.read()
        time = try reader.readInstant()
        reporter = try reader.read()
    }
}

extension ByteReader {
    /// A byte that is 0 or 1.
    mutating func readFlag() throws(DecodingFailure) -> Bool {
        let flag = try read(UInt8.self)
        guard flag <= 1 else { throw DecodingFailure(.notCanonical, at: offset - 1) }
        return flag == 1
    }
}
