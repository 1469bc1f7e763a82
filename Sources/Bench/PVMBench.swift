// `bench pvm`: how fast the interpreter runs programs, and what watching each step costs.
import PVM
import Platform

enum PVMBench {
    /// Counts the primes below a million with a byte for each number.
    private static let sieve = """
        .heap 256
            load_imm r2, 0x20000
            load_imm r3, 1000000
            load_imm r4, 2
            fallthrough
        candidate:
            add_64 r5, r2, r4
            load_ind_u8 r6, r5, 0
            branch_ne_imm r6, 0, next
            add_imm_64 r9, r9, 1
            mul_64 r5, r4, r4
            branch_ge_u r5, r3, next
            add_64 r5, r5, r2
            add_64 r10, r2, r3
            fallthrough
        mark:
            store_imm_ind_u8 r5, 0, 1
            add_64 r5, r5, r4
            branch_lt_u r5, r10, mark
        next:
            add_imm_64 r4, r4, 1
            branch_lt_u r4, r3, candidate
            move_reg r7, r9
            jump_ind r0, 0
        """

    /// Fills a megabyte with words, ten times.
    private static let fill = """
        .heap 256
            load_imm r4, 10
            load_imm r3, 0x120000
            load_imm_64 r8, 0x0101010101010101
            fallthrough
        again:
            load_imm r7, 0x20000
            fallthrough
        word:
            store_ind_u64 r8, r7, 0
            store_ind_u64 r8, r7, 8
            add_imm_64 r7, r7, 16
            branch_lt_u r7, r3, word
            add_imm_64 r4, r4, -1
            branch_ne_imm r4, 0, again
            move_reg r7, r3
            jump_ind r0, 0
        """

    private static let gas: UInt64 = 1 << 40
    /// Runs of a program in one measurement without observer.
    private static let repetitions = 10
    private static let primesBelowMillion: UInt64 = 78_498

    static func run(_ context: BenchContext) throws -> [Metric] {
        let sieve = try Assembly(sieve, revision: .grayPaper071)
        let fill = try Assembly(fill, revision: .grayPaper071)
        var rates: (sieve: [Double], fill: [Double], both: [Double]) = ([], [], [])
        var watched: [Double] = []
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            let first = try measure(sieve, result: primesBelowMillion)
            let second = try measure(fill, result: 0x120000)
            rates.sieve.append(first.steps / first.seconds)
            rates.fill.append(second.steps / second.seconds)
            rates.both.append((first.steps + second.steps) / (first.seconds + second.seconds))
            watched.append(try watchedRate(sieve))
        }
        let unit = "instructions/s"
        return [
            Metric("instructions_per_second", unit: unit, samples: rates.both),
            Metric("sieve_instructions_per_second", unit: unit, samples: rates.sieve),
            Metric("memset_instructions_per_second", unit: unit, samples: rates.fill),
            Metric("traced_instructions_per_second", unit: unit, samples: watched),
        ]
    }

    /// Runs to the end and checks the result; every instruction costs one gas.
    private static func measure(
        _ assembly: Assembly, result: UInt64
    ) throws -> (steps: Double, seconds: Double) {
        let program = try StandardProgram(assembly.parts, revision: .grayPaper071)
        let start = try program.machine(input: [], pc: 0, gas: gas)
        let clock = SystemClock()
        var (steps, nanoseconds): (UInt64, UInt64) = (0, 0)
        for _ in 0..<repetitions {
            var machine = start
            // Makes the copy of the memory now, not in the first store.
            _ = machine.memory.write([0], at: 0x20000)
            let begun = clock.monotonicNanoseconds()
            let exit = machine.run()
            nanoseconds += clock.monotonicNanoseconds() - begun
            guard exit == .halt, machine[register: 7] == result else {
                throw BenchFailure.failed("a program ended with \(exit)")
            }
            steps += gas - machine.gas
        }
        return (Double(steps), Double(max(1, nanoseconds)) / 1e9)
    }

    /// Steps a second where each is shown with all its registers.
    private static func watchedRate(_ assembly: Assembly) throws -> Double {
        let program = try StandardProgram(assembly.parts, revision: .grayPaper071)
        var machine = try program.machine(input: [], pc: 0, gas: gas)
        let count = 200_000
        var limit = StepLimit(count)
        let clock = SystemClock()
        let begun = clock.monotonicNanoseconds()
        guard machine.run(observing: &limit) == nil else {
            throw BenchFailure.failed("a program ended early")
        }
        let seconds = Double(max(1, clock.monotonicNanoseconds() - begun)) / 1e9
        return Double(count) / seconds
    }
}
