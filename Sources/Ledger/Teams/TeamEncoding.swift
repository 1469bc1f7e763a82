// How teams, divisions and the commands about teams are written and read.
import Primitives

extension TeamMember {
    func writeTerms(to writer: inout ByteWriter) {
        writer.write(account)
        writer.write(part)
        writer.write(speciality)
    }

    init(termsFrom reader: inout ByteReader) throws(DecodingFailure) {
        self.init(
            try reader.read(), part: try reader.read(),
            speciality: try reader.readText(limit: Limits.nameBytes))
    }
}

extension ByteReader {
    /// A count of members of a team, 1...`Team.mostMembers`.
    fileprivate mutating func readMemberCount() throws(DecodingFailure) -> Int {
        let start = offset
        let count = Int(try read(UInt8.self))
        guard (1...Team.mostMembers).contains(count) else {
            throw DecodingFailure(.overLimit, at: start)
        }
        return count
    }
}

extension Team: StateEntry {
    var stateKey: StateKey { .law(.team(lead)) }

    func write(to writer: inout ByteWriter) {
        writer.write(lead)
        writer.write(UInt8(clamping: members.count))
        for member in members {
            member.writeTerms(to: &writer)
            writer.write(UInt8(member.hasJoined ? 1 : 0))
        }
        writer.write(since)
        writer.write(openTasks)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        lead = try reader.read()
        members = []
        for _ in 0..<(try reader.readMemberCount()) {
            var member = try TeamMember(termsFrom: &reader)
            member.hasJoined = try reader.readFlag()
            members.append(member)
        }
        since = try reader.readInstant()
        openTasks = try reader.read()
    }
}

extension Division: StateEntry {
    var stateKey: StateKey { .law(.division(task)) }

    func write(to writer: inout ByteWriter) {
        writer.write(task)
        writer.write(lead)
        writer.write(UInt8(clamping: shares.count))
        for share in shares {
            writer.write(share.account)
            writer.write(share.part)
            writer.write(share.paid)
        }
        writer.write(leadPaid)
        writer.write(UInt8(isOpen ? 1 : 0))
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        task = try reader.read()
        lead = try reader.read()
        shares = []
        for _ in 0..<(try reader.readMemberCount()) {
            shares.append(
                Share(
                    account: try reader.read(), part: try reader.read(),
                    paid: try reader.readAmount()))
        }
        leadPaid = try reader.readAmount()
        isOpen = try reader.readFlag()
    }
}

extension TeamCommand {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .form(let account, let members):
            writer.write(account)
            writer.write(UInt8(clamping: members.count))
            for member in members { member.writeTerms(to: &writer) }
        case .join(let account, let lead, let agreement):
            writer.write(account)
            writer.write(lead)
            writer.write(agreement)
        case .leave(let account, let lead):
            writer.write(account)
            writer.write(lead)
        case .dissolve(let account): writer.write(account)
        }
    }

    /// A command that forms a team.
    init(formingFrom reader: inout ByteReader) throws(DecodingFailure) {
        let lead: AccountID = try reader.read()
        var members: [TeamMember] = []
        for _ in 0..<(try reader.readMemberCount()) {
            members.append(try TeamMember(termsFrom: &reader))
        }
        self = .form(by: lead, members)
    }
}
