// A program as the proof knows it: each instruction as four public words.
import PVM
import Primitives

/// Why a program has no proofs.
public enum UnprovableProgram: Error, Hashable, Sendable {
    /// More instructions than positions have room for: `ProvableProgram.mostInstructions`.
    case tooLong
}

/// The instructions of a program, decoded and with resolved targets, once for all its proofs.
public struct ProvableProgram: Sendable {
    /// Positions from here on have a meaning of their own.
    public static let mostInstructions = (1 << 20) - 2
    /// Where a jump leads that may not be: no instruction is there.
    static let panicPosition = UInt32(1 << 20) - 2
    /// Where the jump to 2^32 - 2^16 leads: the program has ended.
    static let haltPosition = UInt32(1 << 20) - 1
    static let haltAddress: UInt32 = 0xFFFF_0000

    public let program: Program
    /// What statements call it by.
    public let identity: Digest
    /// By position; nil where no proof can go by: traps and `sbrk`.
    let plans: [StepPlan?]

    /// Takes time in proportion to the code.
    ///
    /// - Parameter identity: the program's, as a bare or a standard one.
    public init(_ program: Program, identity: Digest) throws(UnprovableProgram) {
        guard program.stepCount <= Self.mostInstructions else { throw .tooLong }
        self.identity = identity
        self.program = program
        plans = (0..<program.stepCount).map { position in
            StepPlan(
                program.steps[position], position: UInt32(position), count: program.stepCount)
        }
    }

    /// The position of the instruction at an index of the code, nil where none begins.
    public func position(of pc: UInt32) -> UInt32? {
        program.position(of: pc).map { UInt32($0) }
    }

    /// The index in the code of an instruction, nil for positions that are none.
    public func pc(of position: UInt32) -> UInt32? {
        position < program.stepCount ? program.steps[Int(position)].pc : nil
    }

    /// Gas of every instruction (docs/spec/pvm.md §4).
    static let gasOfStep: UInt64 = 1

    /// Where an indirect jump to `address` leads, nil where it may not be.
    func target(of address: UInt32) -> UInt32? {
        if address == Self.haltAddress { return Self.haltPosition }
        guard address & 1 == 0, address >= 2, Int(address / 2) <= program.jumps.count else {
            return nil
        }
        let target = program.jumps[Int(address / 2) - 1]
        return target == Program.noPosition ? nil : target
    }
}

/// The public words of one instruction; the columns of the same names repeat them.
struct StepPlan: Hashable, Sendable {
    /// Positions of the instruction, the next, and the target: 20 bits each.
    var places: UInt64
    /// Registers, code, flags.
    var plan: UInt64
    var leftImmediate: UInt64
    /// The right one in the low, the third in the high 32 bits.
    var immediates: UInt64

    /// A register that is always zero, in place of none.
    static let zero: UInt64 = 13
    /// The register that host calls read and write.
    static let hostRegister: UInt64 = 7

    func has(_ flag: Flag) -> Bool { plan & flag.mask != 0 }
    var firstRegister: Int { Int(plan & 15) }
    var secondRegister: Int { Int(plan >> 4 & 15) }
    var resultRegister: Int { Int(plan >> 8 & 15) }
    var code: UInt64 { plan >> 12 & 0xFFF }
    var right: UInt64 { Self.extended(immediates) }
    var third: UInt64 { Self.extended(immediates >> 32) }
    var next: UInt32 { UInt32(places >> 20 & 0xF_FFFF) }
    var target: UInt32 { UInt32(places >> 40 & 0xF_FFFF) }

    /// The tuple of the channel `program`, for a number of uses.
    func tuple(uses: UInt64) -> Tuple {
        Tuple(.program, [places, plan, leftImmediate, immediates, uses, 0])
    }

    static func extended(_ low: UInt64) -> UInt64 {
        UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: low)))
    }
}
