// The canonical encoding of commands: a number for the kind, then the fields in order
// (docs/spec/ledger.md §2).
import Primitives

extension Command {
    /// The numbers of the commands in the encoding; chapters leave room to grow.
    private enum Tag: UInt8 {
        case registerOwner = 1
        case addKey, rotateKey, revokeKey, authorize, withdraw
        case registerAgent = 16
        case updateAgent, setAgentStatus, setAgentKey
        case voteSeatChange = 32
        case setAddress
    }

    func write(to writer: inout ByteWriter) {
        switch self {
        case .owner(let command): Self.write(command, to: &writer)
        case .agent(let command): Self.write(command, to: &writer)
        case .validator(.vote(let change, let proof)):
            writer.write(Tag.voteSeatChange.rawValue)
            change.write(to: &writer)
            writer.write(proof)
        case .validator(.setAddress(let address)):
            writer.write(Tag.setAddress.rawValue)
            writer.write(address)
        case .law(let command): command.write(to: &writer)
        case .transition(let command): command.write(to: &writer)
        }
    }

    private static func write(_ command: OwnerCommand, to writer: inout ByteWriter) {
        switch command {
        case .register(let name):
            writer.write(Tag.registerOwner.rawValue)
            writer.write(name)
        case .addKey(let key, let proof):
            writer.write(Tag.addKey.rawValue)
            writer.write(key)
            writer.write(proof)
        case .rotateKey(let old, let new, let proof):
            writer.write(Tag.rotateKey.rawValue)
            writer.write(old)
            writer.write(new)
            writer.write(proof)
        case .revokeKey(let key):
            writer.write(Tag.revokeKey.rawValue)
            writer.write(key)
        case .authorize(let submitter, let rights):
            writer.write(Tag.authorize.rawValue)
            writer.write(submitter)
            writer.write(rights.rawValue)
        case .withdraw(let submitter):
            writer.write(Tag.withdraw.rawValue)
            writer.write(submitter)
        }
    }

    private static func write(_ command: AgentCommand, to writer: inout ByteWriter) {
        switch command {
        case .register(let name, let profile):
            writer.write(Tag.registerAgent.rawValue)
            writer.write(name)
            profile.write(to: &writer)
        case .update(let agent, let profile):
            writer.write(Tag.updateAgent.rawValue)
            writer.write(agent)
            profile.write(to: &writer)
        case .setStatus(let agent, let status):
            writer.write(Tag.setAgentStatus.rawValue)
            writer.write(agent)
            writer.write(status.rawValue)
        case .setKey(let agent, let key, let proof):
            writer.write(Tag.setAgentKey.rawValue)
            writer.write(agent)
            writer.write(key)
            writer.write(proof)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        let number = try reader.read(UInt8.self)
        if let tag = TransitionCommand.Tag(rawValue: number) {
            self = .transition(try TransitionCommand(tag, from: &reader))
            return
        }
        guard let tag = Tag(rawValue: number) else {
            self = .law(try LawCommand(number: number, at: start, from: &reader))
            return
        }
        switch tag {
        case .registerOwner:
            self = .owner(.register(name: try reader.readText(limit: Limits.nameBytes)))
        case .addKey:
            self = .owner(.addKey(try reader.read(), proof: try reader.read()))
        case .rotateKey:
            self = .owner(
                .rotateKey(
                    old: try reader.read(), new: try reader.read(), proof: try reader.read()))
        case .revokeKey: self = .owner(.revokeKey(try reader.read()))
        case .authorize:
            self = .owner(
                .authorize(submitter: try reader.read(), rights: try reader.readRights()))
        case .withdraw: self = .owner(.withdraw(submitter: try reader.read()))
        case .registerAgent:
            self = .agent(
                .register(
                    name: try reader.readText(limit: Limits.nameBytes),
                    profile: try AgentProfile(from: &reader)))
        case .updateAgent:
            self = .agent(.update(try reader.read(), profile: try AgentProfile(from: &reader)))
        case .setAgentStatus:
            self = .agent(.setStatus(try reader.read(), try reader.readStatus()))
        case .setAgentKey:
            self = .agent(
                .setKey(try reader.read(), try reader.read(), proof: try reader.read()))
        case .voteSeatChange:
            self = .validator(
                .vote(try SeatChange(from: &reader), proof: try reader.read()))
        case .setAddress:
            self = .validator(.setAddress(try reader.readText(limit: Limits.nameBytes)))
        }
    }
}

extension AgentProfile {
    func write(to writer: inout ByteWriter) {
        writer.write(version)
        writer.write(UInt16(capabilities.count))
        for capability in capabilities { writer.write(capability) }
        writer.write(metadata)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        version = try reader.readText(limit: Limits.versionBytes)
        let start = reader.offset
        let count = Int(try reader.read(UInt16.self))
        guard count <= Limits.capabilitiesPerAgent else {
            throw DecodingFailure(.overLimit, at: start)
        }
        capabilities = []
        for _ in 0..<count { capabilities.append(try reader.readText(limit: Limits.nameBytes)) }
        metadata = try reader.read()
    }
}

extension ByteReader {
    mutating func readRights() throws(DecodingFailure) -> SubmitterRights {
        let start = offset
        let rights = SubmitterRights(rawValue: try read())
        guard rights.isSubset(of: .all) else { throw DecodingFailure(.outOfRange, at: start) }
        return rights
    }

    mutating func readStatus() throws(DecodingFailure) -> AgentStatus {
        let start = offset
        guard let status = AgentStatus(rawValue: try read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        return status
    }
}
