// One proof of several runs: honest ones pass, and nothing moves from one run to another.
import PVM
import Primitives
import Testing

@testable import ExecutionProof
@testable import Prover

@Suite struct SharedProofTests {
    private static let source = """
        loop: load_ind_u64 r5, r1, 8
        add_64 r3, r3, r5
        store_ind_u64 r3, r1, 8
        mul_64 r6, r3, r3
        ecalli 2
        add_imm_64 r2, r2, 1
        branch_lt_u_imm r2, 4, loop
        """
    private static let program: ProvableProgram? = {
        guard let assembly = try? Assembly(source, revision: .grayPaper071) else { return nil }
        let program = Program(assembly.blob, revision: .grayPaper071)
        return try? ProvableProgram(program, identity: program.identity)
    }()

    private static func memory(_ seed: UInt64) throws -> Memory {
        var memory = Memory()
        try memory.map(address: 0x20000, length: 4096, isWritable: true)
        _ = memory.write((0..<64).map { UInt8(truncatingIfNeeded: seed &* 31 &+ $0) }, at: 0x20000)
        return memory
    }

    /// Runs of so many steps each, from states of their own; seeds say which.
    private func draft(_ runs: [(seed: UInt64, limit: Int)]) throws -> ProofDraft {
        let program = try #require(Self.program)
        var trace: Trace?
        for (seed, limit) in runs {
            let registers: [UInt64] = [0, 0x20000, 0, seed, 7]
            let host = { (_: UInt32, word: UInt64) -> UInt64? in word &+ seed }
            if trace == nil {
                trace = Trace(
                    of: program, memory: try Self.memory(seed), registers: registers, entry: 0,
                    limit: limit, host: host)
            } else {
                trace?.append(
                    memory: try Self.memory(seed), registers: registers, entry: 0, limit: limit,
                    host: host)
            }
        }
        let whole = try #require(trace)
        let witnesses = whole.witnesses()
        let statements = runs.indices.map { index in
            whole.statement(
                of: index,
                states: (Digest(repeating: UInt8(index)), Digest(repeating: UInt8(index + 100))))
        }
        return ProofDraft(
            program: program, statements: statements,
            disclosure: whole.disclosure(witnesses), witnesses: witnesses)
    }

    private func prove(_ draft: ProofDraft) throws -> RunProof {
        try RunProver(workers: Workers(count: 1)).proof(of: draft, margin: 0)
    }

    private func isSatisfied(_ draft: ProofDraft) throws -> Bool {
        let claim = try Claim(draft.statements, draft.disclosure, of: draft.program)
        return (try? Checker(claim).check(draft.witnesses)) != nil
    }

    @Test(arguments: [[5, 7], [1, 1], [1, 20, 3], [26, 26, 26, 1], [8, 8]])
    func honestRunsShareAProof(limits: [Int]) throws {
        let draft = try draft(limits.enumerated().map { (UInt64($0.offset + 1), $0.element) })
        #expect(draft.statements.map { Int($0.steps) } == limits)
        #expect(try isSatisfied(draft))
        let proof = try prove(draft)
        let received = try RunProof(decoding: proof.encoded)
        #expect(received == proof)
        #expect(try received.check(of: draft.program, margin: 0).statements == draft.statements)
        #expect(throws: RunProofFailure.self, "another number of queries") {
            try received.check(of: draft.program, margin: 6)
        }
    }

    /// As many runs as one proof may have, and one more.
    @Test func sixtyFourRuns() throws {
        let draft = try draft((0..<64).map { (UInt64($0), 1 + Int($0) % 3) })
        #expect(try isSatisfied(draft))
        let proof = try prove(draft)
        _ = try proof.check(of: draft.program, margin: 0)
        var more = draft
        more.statements.append(more.statements[0])
        more.disclosure.runs.append(more.disclosure.runs[0])
        #expect(throws: ProvingFailure.claim(.runs)) { try prove(more) }
    }

    /// Each is refused as it stands in a valid proof, named for its fault.
    @Test func statementsOfAValidProof() throws {
        let draft = try draft([(1, 9), (2, 9), (3, 12)])
        let proof = try prove(draft)
        let changes: [(String, (inout RunProof) -> Void)] = [
            ("two statements change places", { $0.statements.swapAt(0, 1) }),
            ("two runs change places", { proof in
                proof.statements.swapAt(0, 1)
                proof.disclosure.runs.swapAt(0, 1)
            }),
            ("the touches of two runs change places", { $0.disclosure.runs.swapAt(0, 1) }),
            ("one is dropped", { $0.statements.removeLast() }),
            ("one run is dropped", { proof in
                proof.statements.removeLast()
                proof.disclosure.runs.removeLast()
            }),
            ("the first is dropped", { proof in
                proof.statements.removeFirst()
                proof.disclosure.runs.removeFirst()
            }),
            ("one is said twice", { $0.statements.append($0.statements[0]) }),
            ("one run twice", { proof in
                proof.statements.append(proof.statements[0])
                proof.disclosure.runs.append(proof.disclosure.runs[0])
            }),
            ("one in the place of another", { proof in
                proof.statements[1] = proof.statements[0]
                proof.disclosure.runs[1] = proof.disclosure.runs[0]
            }),
            ("of another program", { $0.statements[1].program = Digest() }),
            ("a step goes to the next run", { proof in
                proof.statements[0].steps += 1
                proof.statements[0].gas += 1
                proof.statements[1].steps -= 1
                proof.statements[1].gas -= 1
            }),
            ("an event goes to the next run", { proof in
                proof.statements[1].events.insert(proof.statements[0].events[0], at: 0)
                proof.statements[0].events.removeFirst()
            }),
            ("another state", { $0.statements[2].before = Digest() }),
            ("gas moves", { proof in
                proof.statements[0].gas += 1
                proof.statements[1].gas -= 1
            }),
        ]
        for (name, change) in changes {
            var forged = proof
            change(&forged)
            #expect(throws: RunProofFailure.self, "\(name)") {
                try forged.check(of: draft.program, margin: 0)
            }
        }
    }

    /// What a forger with the whole trace would need: values that go from one run to another. The
    /// slow checker and the verifier refuse the tables that an honest prover makes of them.
    @Test func valuesDoNotCrossRuns() throws {
        let changes: [(String, (inout ProofDraft) -> Void)] = [
            ("the second run begins with the registers of the end of the first", { draft in
                for register in 0..<13 {
                    let new = draft.disclosure.runs[0].registers[register].new
                    draft.disclosure.runs[1].registers[register].old = new
                }
            }),
            ("both begin with the other's memory", { draft in
                let (one, two) = (draft.disclosure.runs[0].cells, draft.disclosure.runs[1].cells)
                for cell in one.indices {
                    draft.disclosure.runs[0].cells[cell].old = two[cell].old
                    draft.disclosure.runs[1].cells[cell].old = one[cell].old
                }
            }),
            ("both end with the other's memory", { draft in
                let (one, two) = (draft.disclosure.runs[0].cells, draft.disclosure.runs[1].cells)
                for cell in one.indices {
                    draft.disclosure.runs[0].cells[cell].new = two[cell].new
                    draft.disclosure.runs[1].cells[cell].new = one[cell].new
                }
            }),
            ("both end with the other's registers", { draft in
                let touches = draft.disclosure.runs.map(\.registers)
                for register in 0..<13 {
                    draft.disclosure.runs[0].registers[register].new = touches[1][register].new
                    draft.disclosure.runs[1].registers[register].new = touches[0][register].new
                }
            }),
            ("a cell of the second run is one of the first", { draft in
                draft.disclosure.runs[1].cells = []
            }),
            ("they begin elsewhere", { draft in
                draft.statements[1].entry = draft.program.pc(of: 1) ?? 0
            }),
            ("they end elsewhere", { $0.statements[0].end = .before(pc: 0) }),
        ]
        for (name, change) in changes {
            var forged = try draft([(1, 10), (2, 12)])
            change(&forged)
            #expect(try !isSatisfied(forged), "\(name)")
            let proof = try prove(forged)
            #expect(throws: RunProofFailure.self, "\(name)") {
                try proof.check(of: forged.program, margin: 0)
            }
        }
    }

    /// A read in the second run that takes the value the first left: the clocks of its row say so,
    /// and nothing is left to take.
    @Test func aReadAcrossRunsLeavesATupleOver() throws {
        var forged = try draft([(1, 10), (1, 10)])
        let clocks = StepColumn.clocks.rawValue
        let steps = TableKind.steps.rawValue
        // The first step of the second run reads register 1 as of the end of the first.
        let last = forged.disclosure.runs[0].registers[1].clock
        let word = forged.witnesses[steps][clocks, 10]
        forged.witnesses[steps][clocks, 10] = word & ~0xFFFFF | UInt64(last)
        #expect(try !isSatisfied(forged))
        let proof = try prove(forged)
        #expect(throws: RunProofFailure.self) { try proof.check(of: forged.program, margin: 0) }
    }
}
