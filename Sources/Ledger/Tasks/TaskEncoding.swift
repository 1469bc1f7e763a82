// How tasks and the commands of their chapter are written and read (docs/spec/tasks.md §2).
import Primitives

extension TaskTerms {
    func write(to writer: inout ByteWriter) {
        writer.write(specification)
        writer.write(worker)
        writer.write(UInt8(clamping: milestones.count))
        for milestone in milestones { writer.write(milestone) }
        for time in times.all { writer.write(time) }
        writer.write(attempts)
        writer.write(identifiers: arbiters)
        verification.write(to: &writer)
        writer.write(stake)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        specification = try reader.read()
        worker = try reader.read()
        let start = reader.offset
        let count = Int(try reader.read(UInt8.self))
        guard count <= Self.mostMilestones else {
            throw DecodingFailure(.overLimit, at: start)
        }
        milestones = []
        for _ in 0..<count { milestones.append(try reader.readAmount()) }
        times.assign = try reader.read()
        times.begin = try reader.read()
        times.deliver = try reader.read()
        times.judge = try reader.read()
        times.arbitrate = try reader.read()
        attempts = try reader.read()
        arbiters = try reader.readIdentifiers(limit: Self.mostArbiters)
        verification = try Verification(from: &reader)
        stake = try reader.readAmount()
    }
}

extension Verification {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .attested: writer.write(UInt8(1))
        case .redundant(let quorum, let verifiers, let fee):
            writer.write(UInt8(2))
            writer.write(quorum)
            writer.write(identifiers: verifiers)
            writer.write(fee)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        switch try reader.read(UInt8.self) {
        case 1: self = .attested
        case 2:
            self = .redundant(
                quorum: try reader.read(),
                verifiers: try reader.readIdentifiers(limit: TaskTerms.mostVerifiers),
                fee: try reader.readAmount())
        default: throw DecodingFailure(.outOfRange, at: start)
        }
    }
}

extension ByteReader {
    mutating func readVerdict() throws(DecodingFailure) -> Verdict {
        let start = offset
        guard let verdict = Verdict(rawValue: try read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        return verdict
    }
}

extension TaskMove {
    private enum Tag: UInt8 {
        case assign = 1
        case claim, begin, deliver, giveUp, accept, dispute, confirm, arbitrate, cancel, expire
    }

    private var tag: Tag {
        switch self {
        case .assign: .assign
        case .claim: .claim
        case .begin: .begin
        case .deliver: .deliver
        case .giveUp: .giveUp
        case .accept: .accept
        case .dispute: .dispute
        case .confirm: .confirm
        case .arbitrate: .arbitrate
        case .cancel: .cancel
        case .expire: .expire
        }
    }

    func write(to writer: inout ByteWriter) {
        writer.write(tag.rawValue)
        switch self {
        case .assign(let worker): writer.write(worker)
        case .deliver(let digest), .dispute(let digest), .confirm(let digest):
            writer.write(digest)
        case .arbitrate(let verdict): writer.write(verdict.rawValue)
        case .claim, .begin, .giveUp, .accept, .cancel, .expire: break
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        guard let tag = Tag(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        switch tag {
        case .assign: self = .assign(try reader.read())
        case .claim: self = .claim
        case .begin: self = .begin
        case .deliver: self = .deliver(try reader.read())
        case .giveUp: self = .giveUp
        case .accept: self = .accept
        case .dispute: self = .dispute(try reader.read())
        case .confirm: self = .confirm(try reader.read())
        case .arbitrate: self = .arbitrate(try reader.readVerdict())
        case .cancel: self = .cancel
        case .expire: self = .expire
        }
    }
}

extension TaskCommand {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .post(let account, let number, let mandate, let terms):
            writer.write(account)
            writer.write(number)
            writer.write(mandate)
            terms.write(to: &writer)
        case .move(let account, let id, let move):
            writer.write(account)
            writer.write(id)
            move.write(to: &writer)
        }
    }
}

extension PostedTask: StateEntry {
    var stateKey: StateKey { .law(.task(id)) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(poster)
        writer.write(payer)
        terms.write(to: &writer)
        writer.write(state.rawValue)
        writer.write(worker)
        writer.write(paid)
        writer.write(attempt)
        writer.write(due)
        writer.write(result)
        writer.write(UInt8(clamping: confirmations.count))
        for confirmation in confirmations {
            writer.write(confirmation.verifier)
            writer.write(confirmation.result)
        }
        writer.write(UInt8(clamping: votes.count))
        for vote in votes {
            writer.write(vote.arbiter)
            writer.write(vote.verdict.rawValue)
        }
        writer.write(held)
        writer.write(UInt8(isSlashed ? 1 : 0))
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        poster = try reader.read()
        payer = try reader.read()
        terms = try TaskTerms(from: &reader)
        var start = reader.offset
        guard let state = TaskState(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self.state = state
        worker = try reader.read()
        paid = try reader.read()
        attempt = try reader.read()
        due = try reader.readInstant()
        result = try reader.read()
        start = reader.offset
        let confirmations = try reader.read(UInt8.self)
        guard confirmations <= TaskTerms.mostVerifiers else {
            throw DecodingFailure(.overLimit, at: start)
        }
        for _ in 0..<confirmations {
            self.confirmations.append(
                Confirmation(verifier: try reader.read(), result: try reader.read()))
        }
        start = reader.offset
        let votes = try reader.read(UInt8.self)
        guard votes <= TaskTerms.mostArbiters else {
            throw DecodingFailure(.overLimit, at: start)
        }
        for _ in 0..<votes {
            self.votes.append(
                ArbiterVote(arbiter: try reader.read(), verdict: try reader.readVerdict()))
        }
        held = try reader.readAmount()
        isSlashed = try reader.readFlag()
    }
}
