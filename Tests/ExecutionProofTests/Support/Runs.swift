// Small runs for the tests: assembled, traced, filled and judged.
import PVM
import Primitives

@testable import ExecutionProof

/// A traced run with everything that follows from it.
struct Run {
    var trace: Trace
    var witnesses: [Witness]
    var statement: Statement
    var disclosure: Disclosure

    init(_ trace: Trace) {
        self.trace = trace
        witnesses = trace.witnesses()
        statement = trace.statement(of: 0, states: (TestState.digest(1), TestState.digest(2)))
        disclosure = trace.disclosure(witnesses)
    }

    /// - Parameters:
    ///   - source: assembly; the run begins at its first instruction.
    ///   - answers: what the host puts into register 7, call by call; without one it refuses.
    init(
        _ source: String, _ registers: [UInt64] = [], memory: Memory = Memory(),
        limit: Int = 1000, answers: [UInt64] = []
    ) throws {
        let assembly = try Assembly(source, revision: .grayPaper071)
        let program = Program(assembly.blob, revision: .grayPaper071)
        try self.init(
            program, registers, memory: memory, limit: limit, answers: answers)
    }

    init(
        _ program: Program, _ registers: [UInt64], memory: Memory, entry: UInt32 = 0,
        limit: Int = 1000, answers: [UInt64] = []
    ) throws {
        let provable = try ProvableProgram(program, identity: program.identity)
        var left = answers[...]
        self.init(
            Trace(
                of: provable, memory: memory, registers: registers, entry: entry, limit: limit,
                host: { _, _ in left.popFirst() }))
    }

    /// What the checker says; nil where all is well.
    var failure: CheckFailure? {
        do {
            let claim = try Claim(statement, disclosure, of: trace.program)
            try Checker(claim).check(witnesses)
            return nil
        } catch let error as CheckFailure {
            return error
        } catch {
            return .shape(table: "\(error)")
        }
    }

    /// What is wrong in the clear; nil where nothing is.
    var claimFailure: ClaimFailure? {
        do throws(ClaimFailure) {
            _ = try Claim(statement, disclosure, of: trace.program)
            return nil
        } catch {
            return error
        }
    }

    func witness(_ kind: TableKind) -> Witness { witnesses[kind.rawValue] }
}

/// Digests that stand for states.
enum TestState {
    static func digest(_ seed: UInt8) -> Digest {
        Digest(hex: String(repeating: "0\(seed)", count: 32))!
    }
}

extension Memory {
    /// Pages at 0x20000 that can be written, at 0x21000 that can be read, at 0x22000 the first kind
    /// again; bytes count up.
    static var small: Memory {
        get throws {
            var memory = Memory()
            for (address, isWritable) in [(0x20000, true), (0x21000, false), (0x22000, true)] {
                try memory.map(address: UInt32(address), length: 4096, isWritable: isWritable)
                let bytes = (0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 129) }
                _ = memory.write(bytes, at: UInt32(address), isForced: true)
            }
            return memory
        }
    }
}
