// How tasks and the commands of their chapter are written and read (docs/spec/tasks.md §2).
import Agents
import Primitives

extension TaskTerms {
    func write(to writer: inout ByteWriter) {
        verification.write(to: &writer)
        writer.write(specification)
        writer.write(worker)
        writer.write(UInt8(clamping: milestones.count))
        for milestone in milestones { writer.write(milestone) }
        for time in times.all { writer.write(time) }
        writer.write(attempts)
        writer.write(identifiers: arbiters)
        writer.write(stake)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        verification = try Verification(from: &reader)
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
        stake = try reader.readAmount()
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

extension ByteReader {
    /// A count, which must be right, and so many states.
    fileprivate mutating func readTrace() throws(DecodingFailure) -> [Digest] {
        let start = offset
        guard try read(UInt8.self) == UInt8(Challenge.traceCount) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        return try readList(count: Challenge.traceCount)
    }
}

extension TaskMove {
    private enum Tag: UInt8 {
        case assign = 1
        case claim, begin, deliver, giveUp, accept, dispute, confirm, arbitrate, cancel, expire
        case deliverRun, prove, challenge, trace, pick, show
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
        case .deliverRun: .deliverRun
        case .prove: .prove
        case .challenge: .challenge
        case .trace: .trace
        case .pick: .pick
        case .show: .show
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
        case .deliverRun(let claim): claim.write(to: &writer)
        case .prove(let result, let proof):
            writer.write(result)
            writer.writeCounted(proof)
        case .challenge(let deposit): writer.write(deposit)
        case .trace(let states):
            writer.write(UInt8(clamping: states.count))
            for state in states { writer.write(state) }
        case .pick(let part): writer.write(part)
        case .show(let step): step.write(to: &writer)
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
        case .deliverRun, .prove, .challenge, .trace, .pick, .show:
            self = try Self.readRun(tag, from: &reader)
        }
    }

    /// The moves about runs.
    private static func readRun(
        _ tag: Tag, from reader: inout ByteReader
    ) throws(DecodingFailure) -> TaskMove {
        switch tag {
        case .deliverRun: return .deliverRun(try RunClaim(from: &reader))
        case .prove:
            return .prove(
                try reader.read(), proof: try reader.readCounted(limit: AgentLimits.proofBytes))
        case .challenge: return .challenge(deposit: try reader.readAmount())
        case .trace: return .trace(try reader.readTrace())
        case .pick: return .pick(try reader.read())
        default: return .show(try RunStep(from: &reader))
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
        case .batch(let batch): batch.write(to: &writer)
        }
    }
}

extension PostedTask: StateEntry {
    /// Bits of the flags.
    private static let slashedBit: UInt8 = 1
    private static let coveredBit: UInt8 = 2

    var stateKey: StateKey { .law(.task(id)) }

    /// What receipts show stands in front, each at its place (docs/spec/receipt.md §6).
    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(poster)
        writer.write(payer)
        writer.write(mandate)
        writer.write(worker)
        writer.write(result)
        writer.write(state.rawValue)
        fee.write(to: &writer)
        writer.write(laws.poster)
        writer.write(laws.worker)
        writer.write(earned)
        writer.write(charged)
        writer.write(ended)
        terms.write(to: &writer)
        writeRest(to: &writer)
    }

    private func writeRest(to writer: inout ByteWriter) {
        writer.write(paid)
        writer.write(attempt)
        writer.write(due)
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
        writer.write((isSlashed ? Self.slashedBit : 0) | (covered > .zero ? Self.coveredBit : 0))
        // A task that nobody covers says nothing of covers.
        if covered > .zero { writer.write(covered) }
        writer.write(UInt8(claim == nil ? 0 : 1))
        claim?.write(to: &writer)
        writer.write(UInt8(challenge == nil ? 0 : 1))
        challenge?.write(to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        poster = try reader.read()
        payer = try reader.read()
        mandate = try reader.read()
        worker = try reader.read()
        result = try reader.read()
        let start = reader.offset
        guard let state = TaskState(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self.state = state
        fee = try reader.readFee()
        laws = TaskLaws(poster: try reader.read(), worker: try reader.read())
        earned = try reader.readAmount()
        charged = try reader.readAmount()
        ended = try reader.readInstant()
        terms = try TaskTerms(from: &reader)
        paid = try reader.read()
        attempt = try reader.read()
        due = try reader.readInstant()
        held = .zero
        try readRest(from: &reader)
    }

    private mutating func readRest(from reader: inout ByteReader) throws(DecodingFailure) {
        var start = reader.offset
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
        try readFlags(from: &reader)
        claim = try reader.readFlag() ? try RunClaim(from: &reader) : nil
        challenge = try reader.readFlag() ? try Challenge(from: &reader) : nil
    }

    private mutating func readFlags(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        let flags = try reader.read(UInt8.self)
        guard flags <= Self.slashedBit | Self.coveredBit else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        isSlashed = flags & Self.slashedBit != 0
        guard flags & Self.coveredBit != 0 else { return }
        covered = try reader.readAmount()
        guard covered > .zero else { throw DecodingFailure(.outOfRange, at: start + 1) }
    }
}
