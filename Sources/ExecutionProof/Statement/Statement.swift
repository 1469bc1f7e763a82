// What a proof of execution says, in words that need no proof to be understood.
import Cryptography
import Primitives

/// Where a run ended.
public enum RunEnd: Hashable, Sendable {
    /// Before the instruction at this index in the code.
    case before(pc: UInt32)
    /// The program ended by jumping to 2^32 - 2^16.
    case halt
}

/// There is an execution of exactly `steps` instructions of the program that begins at `entry` in
/// the state `before`, makes these calls and no others, and ends so in the state `after`.
public struct Statement: Hashable, Sendable {
    /// The program's identity.
    public var program: Digest
    /// Roots of the states.
    public var before: Digest
    public var after: Digest
    /// Index in the code of the first instruction.
    public var entry: UInt32
    /// Index in the code of the last instruction.
    public var last: UInt32
    public var end: RunEnd
    /// 1 to 2^16.
    public var steps: UInt32
    /// The cost of these steps and of no others (docs/spec/pvm.md §4): what was paid for the rest
    /// of a block that the run did not reach is not in it.
    public var gas: UInt64
    /// In the order of their steps.
    public var events: [HostEvent]

    public init(
        program: Digest, states: (before: Digest, after: Digest),
        run: (entry: UInt32, last: UInt32, end: RunEnd),
        cost: (steps: UInt32, gas: UInt64), events: [HostEvent]
    ) {
        (self.program, before, after) = (program, states.before, states.after)
        (entry, last, end) = run
        (steps, gas) = cost
        self.events = events
    }

    private static let domain = HashDomain("althing 2026 execution statement v1")

    /// Digest of the canonical encoding.
    public var digest: Digest {
        var writer = ByteWriter()
        write(to: &writer)
        return Self.domain.hash(writer.bytes)
    }
}

extension Statement {
    /// Version of the encoding and of the tables.
    public static let version: UInt8 = 1
    /// Calls of one run: no more than steps.
    public static let mostEvents = Trace.mostSteps

    /// version, program, before, after, entry, last, kind of end, pc, steps, gas, then counted
    /// events: step, number, before, after.
    public func write(to writer: inout ByteWriter) {
        writer.write(Self.version)
        for digest in [program, before, after] { writer.write(digest) }
        writer.write(entry)
        writer.write(last)
        switch end {
        case .before(let pc):
            writer.write(UInt8(0))
            writer.write(pc)
        case .halt:
            writer.write(UInt8(1))
            writer.write(UInt32(0))
        }
        writer.write(steps)
        writer.write(gas)
        writer.write(UInt32(events.count))
        for event in events {
            writer.write(event.step)
            writer.write(event.number)
            writer.write(event.before)
            writer.write(event.after)
        }
    }

    public init(reading reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        guard try reader.read(UInt8.self) == Self.version else {
            throw DecodingFailure(.unknownVersion, at: start)
        }
        (program, before, after) = (try reader.read(), try reader.read(), try reader.read())
        entry = try reader.read()
        last = try reader.read()
        end = try Self.readEnd(&reader)
        steps = try reader.read()
        gas = try reader.read()
        let count = try reader.readCount(limit: Self.mostEvents, bytesEach: 24)
        events = []
        for _ in 0..<count {
            events.append(
                HostEvent(
                    step: try reader.read(), number: try reader.read(),
                    before: try reader.read(), after: try reader.read()))
        }
    }

    private static func readEnd(_ reader: inout ByteReader) throws(DecodingFailure) -> RunEnd {
        let start = reader.offset
        let (kind, pc) = (try reader.read(UInt8.self), try reader.read(UInt32.self))
        switch (kind, pc) {
        case (0, _): return .before(pc: pc)
        case (1, 0): return .halt
        default: throw DecodingFailure(.outOfRange, at: start)
        }
    }
}

extension ByteReader {
    /// A 32-bit count of items, at most `limit` and no more than the bytes left have room for.
    mutating func readCount(limit: Int, bytesEach: Int) throws(DecodingFailure) -> Int {
        let start = offset
        let count = Int(try read(UInt32.self))
        guard count <= limit else { throw DecodingFailure(.overLimit, at: start) }
        guard count <= remaining / bytesEach else { throw DecodingFailure(.truncated, at: start) }
        return count
    }
}
