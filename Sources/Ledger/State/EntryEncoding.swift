// How state entries are written and read: the same bytes are hashed into the state root and kept in
// snapshots.
import Primitives

/// A state entry with one canonical encoding.
protocol StateEntry: Sendable {
    /// Where it lives.
    var stateKey: StateKey { get }
    func write(to writer: inout ByteWriter)
    init(from reader: inout ByteReader) throws(DecodingFailure)
}

extension StateEntry {
    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 256)
        write(to: &writer)
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }
}

extension Owner: StateEntry {
    var stateKey: StateKey { .owner(id) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(name)
        writer.write(registered)
        writer.write(UInt16(keys.count))
        for entry in keys {
            writer.write(entry.key)
            writer.write(entry.added)
            writer.write(entry.revoked)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        name = try reader.readText(limit: Limits.nameBytes)
        registered = try reader.readInstant()
        keys = []
        for _ in 0..<(try reader.read(UInt16.self)) {
            keys.append(
                OwnerKey(
                    key: try reader.read(), added: try reader.readInstant(),
                    revoked: try reader.readInstant()))
        }
    }
}

extension Agent: StateEntry {
    var stateKey: StateKey { .agent(id) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(owner)
        writer.write(name)
        profile.write(to: &writer)
        writer.write(status.rawValue)
        writer.write(registered)
        writer.write(key)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        owner = try reader.read()
        name = try reader.readText(limit: Limits.nameBytes)
        profile = try AgentProfile(from: &reader)
        status = try reader.readStatus()
        registered = try reader.readInstant()
        key = try reader.read()
    }
}

extension Submitter: StateEntry {
    var stateKey: StateKey { .submitter(id) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(key)
        writer.write(sequence)
        writer.write(last)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        key = try reader.read()
        sequence = try reader.read()
        last = try reader.read()
    }
}

extension Grant: StateEntry {
    var stateKey: StateKey { .grant(owner, submitter) }

    func write(to writer: inout ByteWriter) {
        writer.write(owner)
        writer.write(submitter)
        writer.write(rights.rawValue)
        writer.write(UInt8(inForce ? 1 : 0))
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        owner = try reader.read()
        submitter = try reader.read()
        rights = try reader.readRights()
        inForce = try reader.readFlag()
    }
}

extension Usage: StateEntry {
    var stateKey: StateKey { .usage(agent) }

    func write(to writer: inout ByteWriter) {
        writer.write(agent)
        for count in [
            records, failures, tokensInput, tokensOutput, tokensCached, tokensReasoning,
        ] {
            writer.write(count)
        }
        writer.write(cost)
        writer.write(gas)
        writer.write(first)
        writer.write(last)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        agent = try reader.read()
        records = try reader.read()
        failures = try reader.read()
        tokensInput = try reader.read()
        tokensOutput = try reader.read()
        tokensCached = try reader.read()
        tokensReasoning = try reader.read()
        cost = try reader.readAmount()
        gas = try reader.read()
        first = try reader.readInstant()
        last = try reader.readInstant()
    }
}
