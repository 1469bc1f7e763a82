// What an orchestrator must not forget: the entries of its queue, and how they are written.
import Cryptography
import Discovery
import Ledger
import Primitives

/// One entry; the state of an orchestrator follows from all of them and the ledger.
public enum QueueEntry: Hashable, Sendable {
    case job(Job)
    case saga(Saga)
    /// Whether what was delivered for a part of a job, from 0, is accepted.
    case judged(JobID, milestone: UInt8, isAccepted: Bool)
    case ended(JobID, JobEnd)

    /// Bytes of an entry, at most: a saga of the most steps with the longest words.
    public static let mostBytes = 1 << 18

    private enum Tag: UInt8 { case job = 1, saga, judged, ended, judgedPart }

    public var encoded: [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .job(let job):
            writer.write(Tag.job.rawValue)
            job.write(to: &writer)
        case .saga(let saga):
            writer.write(Tag.saga.rawValue)
            writer.write(saga.id)
            writer.write(UInt8(clamping: saga.steps.count))
            for step in saga.steps {
                step.job.write(to: &writer)
                writer.write(UInt8(step.compensation == nil ? 0 : 1))
                step.compensation?.write(to: &writer)
            }
        case .judged(let id, let milestone, let isAccepted):
            writer.write((milestone == 0 ? Tag.judged : Tag.judgedPart).rawValue)
            writer.write(id)
            if milestone > 0 { writer.write(milestone) }
            writer.write(UInt8(isAccepted ? 1 : 0))
        case .ended(let id, let end):
            writer.write(Tag.ended.rawValue)
            writer.write(id)
            writer.write(end.rawValue)
        }
        return writer.bytes
    }

    /// - Throws: what is not one entry that `encoded` could have made.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        guard bytes.count <= Self.mostBytes else { throw DecodingFailure(.overLimit, at: 0) }
        var reader = ByteReader(bytes)
        guard let tag = Tag(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: 0)
        }
        switch tag {
        case .job: self = .job(try Job(from: &reader))
        case .saga: self = .saga(try Saga(from: &reader))
        case .judged:
            let id: JobID = try reader.read()
            self = .judged(id, milestone: 0, isAccepted: try reader.readQueueFlag())
        case .judgedPart:
            let id: JobID = try reader.read()
            let milestone = try reader.read(UInt8.self)
            guard (1..<TaskTerms.mostMilestones).contains(Int(milestone)) else {
                throw DecodingFailure(.outOfRange, at: reader.offset - 1)
            }
            self = .judged(id, milestone: milestone, isAccepted: try reader.readQueueFlag())
        case .ended:
            let id: JobID = try reader.read()
            guard let end = JobEnd(rawValue: try reader.read()) else {
                throw DecodingFailure(.outOfRange, at: reader.offset - 1)
            }
            self = .ended(id, end)
        }
        try reader.finish()
    }
}

extension Saga {
    fileprivate init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        steps = []
        let count = try reader.read(UInt8.self)
        for _ in 0..<count {
            let job = try Job(from: &reader)
            let compensation = try reader.readQueueFlag() ? try Job(from: &reader) : nil
            steps.append(Step(job, undoneBy: compensation))
        }
        guard isValid else { throw DecodingFailure(.outOfRange, at: reader.offset) }
    }
}

extension Job {
    fileprivate func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(specification)
        writer.write(milestones.first ?? .zero)
        for time in [times.assign, times.begin, times.deliver, times.judge, times.arbitrate] {
            writer.write(time)
        }
        writer.write(attempts)
        writer.write(words)
        writer.writeCounted(key)
        let flags: [Bool] = [
            filter.mostPrice != nil, filter.leastReputation != nil, filter.mostLoad != nil,
            filter.region != nil, milestones.count > 1, verification != .attested,
        ]
        writer.write(flags.reversed().reduce(UInt8(0)) { $0 << 1 | ($1 ? 1 : 0) })
        if let price = filter.mostPrice { writer.write(price) }
        if let reputation = filter.leastReputation { writer.write(reputation) }
        if let load = filter.mostLoad { writer.write(load) }
        if let region = filter.region { writer.write(region) }
        if milestones.count > 1 {
            writer.write(UInt8(clamping: milestones.count - 1))
            for milestone in milestones.dropFirst() { writer.write(milestone) }
        }
        if verification != .attested { verification.write(to: &writer) }
    }

    fileprivate init(from reader: inout ByteReader) throws(DecodingFailure) {
        self.init(
            id: try reader.read(), specification: try reader.read(),
            price: try reader.readAmount())
        times.assign = try reader.read()
        times.begin = try reader.read()
        times.deliver = try reader.read()
        times.judge = try reader.read()
        times.arbitrate = try reader.read()
        attempts = try reader.read()
        words = try reader.readText(limit: Self.mostWordBytes)
        key = try reader.readCounted(limit: Self.mostKeyBytes)
        let flags = try reader.read(UInt8.self)
        guard flags < 64 else { throw DecodingFailure(.outOfRange, at: reader.offset - 1) }
        if flags & 1 != 0 { filter.mostPrice = try reader.read(UInt128.self) }
        if flags & 2 != 0 { filter.leastReputation = try reader.read(UInt32.self) }
        if flags & 4 != 0 { filter.mostLoad = try reader.read(UInt32.self) }
        if flags & 8 != 0 { filter.region = try reader.readText(limit: Self.mostKeyBytes) }
        if flags & 16 != 0 { milestones += try reader.readMilestones() }
        if flags & 32 != 0 {
            verification = try Verification(from: &reader)
            guard verification != .attested else {
                throw DecodingFailure(.notCanonical, at: reader.offset)
            }
        }
        guard isValid else { throw DecodingFailure(.outOfRange, at: reader.offset) }
    }
}

extension ByteReader {
    /// Those after the first.
    fileprivate mutating func readMilestones() throws(DecodingFailure) -> [Amount] {
        let count = Int(try read(UInt8.self))
        guard (1..<TaskTerms.mostMilestones).contains(count) else {
            throw DecodingFailure(.overLimit, at: offset - 1)
        }
        var milestones: [Amount] = []
        for _ in 0..<count { milestones.append(try readAmount()) }
        return milestones
    }

    fileprivate mutating func readQueueFlag() throws(DecodingFailure) -> Bool {
        switch try read(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw DecodingFailure(.outOfRange, at: offset - 1)
        }
    }
}
