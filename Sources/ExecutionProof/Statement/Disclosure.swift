// What a proof shows beside its statement: everything that tables exchange with the outside.
import Primitives

/// The public part of a proof: how often each instruction ran, and what was touched.
///
/// With the statement and the program it gives the tuples that the verifier itself pushes and
/// pulls. It is absorbed into the transcript before any challenge.
public struct Disclosure: Hashable, Sendable {
    /// Steps of one instruction, or jumps by one entry of the jump table.
    public struct Use: Hashable, Sendable {
        /// Position of the instruction, or the address jumped to.
        public var place: UInt32
        /// 1 or more.
        public var count: UInt32

        public init(place: UInt32, count: UInt32) { (self.place, self.count) = (place, count) }
    }

    /// A register before and after a run.
    public struct RegisterTouch: Hashable, Sendable {
        public var old: UInt64
        public var new: UInt64
        /// Its last use, as if the run were the first; 0 where there was none.
        public var clock: UInt32

        public init(old: UInt64, new: UInt64, clock: UInt32) {
            (self.old, self.new, self.clock) = (old, new, clock)
        }
    }

    /// Eight bytes of memory before and after a run.
    public struct CellTouch: Hashable, Sendable {
        /// Of the first byte, divided by eight.
        public var address: UInt32
        /// Whether it is of a page that can only be read; then `old` and `new` are the same.
        public var isReadOnly: Bool
        public var old: UInt64
        public var new: UInt64
        /// Its last use, as if the run were the first.
        public var clock: UInt32

        public init(
            address: UInt32, isReadOnly: Bool, old: UInt64, new: UInt64, clock: UInt32
        ) {
            (self.address, self.isReadOnly) = (address, isReadOnly)
            (self.old, self.new, self.clock) = (old, new, clock)
        }
    }

    /// Active rows of each table, in the order of `TableKind`.
    public var rows: [UInt32]
    /// In order of position.
    public var instructions: [Use]
    /// In order of address.
    public var jumps: [Use]
    /// What each run touched.
    public var runs: [RunTouches]

    public init(rows: [UInt32], instructions: [Use], jumps: [Use], runs: [RunTouches]) {
        (self.rows, self.instructions, self.jumps) = (rows, instructions, jumps)
        self.runs = runs
    }

    static let registerCount = 14
}

/// What one run touched.
public struct RunTouches: Hashable, Sendable {
    /// The 13 registers, then the one that is always zero.
    public var registers: [Disclosure.RegisterTouch]
    /// In order of address.
    public var cells: [Disclosure.CellTouch]

    public init(registers: [Disclosure.RegisterTouch], cells: [Disclosure.CellTouch]) {
        (self.registers, self.cells) = (registers, cells)
    }
}

extension Disclosure {
    /// Rows, then counted instructions and jumps (place, count), then of each run, whose number the
    /// statements give, what it touched. One encoding for every disclosure that passes its checks.
    public func write(to writer: inout ByteWriter) {
        for count in rows { writer.write(count) }
        for uses in [instructions, jumps] {
            writer.write(UInt32(uses.count))
            for use in uses {
                writer.write(use.place)
                writer.write(use.count)
            }
        }
        for run in runs { run.write(to: &writer) }
    }

    /// Each step touches two cells at most.
    public static let mostCells = 2 * Trace.mostSteps

    /// - Parameter runCount: the number of runs, 1 to `Claim.mostRuns`.
    public init(reading reader: inout ByteReader, runCount: Int) throws(DecodingFailure) {
        rows = []
        for _ in TableKind.allCases { rows.append(try reader.read()) }
        instructions = try Self.readUses(&reader)
        jumps = try Self.readUses(&reader)
        runs = []
        for _ in 0..<runCount { runs.append(try RunTouches(reading: &reader)) }
    }

    private static func readUses(_ reader: inout ByteReader) throws(DecodingFailure) -> [Use] {
        let count = try reader.readCount(limit: Trace.mostSteps, bytesEach: 8)
        var uses: [Use] = []
        for _ in 0..<count {
            uses.append(Use(place: try reader.read(), count: try reader.read()))
        }
        return uses
    }
}
