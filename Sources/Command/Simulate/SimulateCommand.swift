// `althing simulate`: whole committees in virtual time under faults from seeds.
import Primitives
import Simulation

enum SimulateCommand {
    private static let seed = Option(
        "seed", OptionValue("SEED", .number(0...UInt64.max, unit: "seed")), "Runs one seed.")

    private static let seeds = Option(
        "seeds", OptionValue("FIRST..LAST", .text), "Runs every seed of a range.")

    private static let nodes = Option(
        "nodes", OptionValue("COUNT", .number(1...32, unit: "seats")), "Seats of the committee."
    ).standing(at: "4")

    private static let seconds = Option(
        "seconds", OptionValue("SECONDS", .number(1...100_000, unit: "seconds")),
        "Virtual time in which clients submit."
    ).standing(at: "10")

    private static let load = Option(
        "load", OptionValue("COUNT", .number(1...100_000, unit: "bodies a second")),
        "Bodies that all clients together submit in a virtual second."
    ).standing(at: "100")

    private static let program = Option(
        "program", OptionValue("NAME", .choice(SimulationShape.Program.allCases.map(\.rawValue))),
        "What the seats run: whole validators, or the graph of blocks alone."
    ).standing(at: SimulationShape().program.rawValue)

    private static let calm = Option("calm", nil, "Injects no faults; for measuring.")

    private static let jobs = Option(
        "jobs", OptionValue("COUNT", .number(1...64, unit: "threads")), "Seeds at a time."
    ).standing(at: "1")

    private static let trace = Option(
        "trace", nil, "Prints every event of the run; with one seed only.")

    static let verb = Verb(
        "simulate", "Runs a committee in virtual time under faults from a seed", run
    )
    .discussed(
        "The same program as in a node, with its journal on a simulated disk, between simulated"
            + " links. Each seed switches on its own subset of faults of network, disks, processes,"
            + " clocks, faulty seats and clients. Everything that honest machines claim is checked"
            + " as they claim it; when the faults have ended all submissions must finish.",
        "The hash of the trace is the same for the same seed and commit on every machine. The"
            + " command fails where a run fails, and prints the one command that replays it."
    )
    .example("althing simulate --seed 7")
    .example("althing simulate --seeds 1..200 --jobs 2")
    .taking(seed, seeds, nodes, seconds, load, program, calm, jobs, trace, .json)

    private static func run(_ call: Invocation) throws(CommandFailure) {
        try call.exclude(seed, seeds)
        try call.exclude(trace, seeds)
        let shape = shape(call)
        guard call.has(seeds) else {
            return try runOne(call.number(seed) ?? 1, shape, call)
        }
        let text = try call.required(seeds)
        guard let range = range(text) else {
            throw call.invalid(seeds.spelling, text, expected: "a range like 1..200")
        }
        try runMany(range, shape, call)
    }

    private static func shape(_ call: Invocation) -> SimulationShape {
        var shape = SimulationShape()
        shape.seats = call.number(nodes).map { Int($0) } ?? shape.seats
        shape.span = call.number(seconds).map { $0 * Nanoseconds.perSecond } ?? shape.span
        shape.load = call.number(load) ?? shape.load
        shape.program = call.text(program).flatMap(SimulationShape.Program.init) ?? shape.program
        shape.isCalm = call.has(calm)
        return shape
    }

    /// Reads `FIRST..LAST`.
    static func range(_ text: String) -> ClosedRange<UInt64>? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].isEmpty,
            let first = ValueKind.number(String(parts[0])),
            let last = ValueKind.number(String(parts[2])), first <= last, last - first < 1 << 32
        else { return nil }
        return first...last
    }

    private static func runOne(
        _ seed: UInt64, _ shape: SimulationShape, _ call: Invocation
    ) throws(CommandFailure) {
        let console = call.console
        let write: ((String) -> Void)? = call.has(trace) ? { console.print($0) } : nil
        let timed = SeedRuns.timed(seed, shape, write: write)
        if call.has(.json) {
            console.print(SimulationWords.json(timed.report))
        } else {
            console.print(SimulationWords.text(timed))
        }
        guard timed.report.verdict.isPass else {
            throw .refused("seed \(seed): \(timed.report.verdict.text)")
        }
    }

    private static func runMany(
        _ range: ClosedRange<UInt64>, _ shape: SimulationShape, _ call: Invocation
    ) throws(CommandFailure) {
        var total = SimulationTotal()
        let console = call.console
        try SeedRuns.run(range, shape, jobs: Int(call.number(jobs) ?? 1)) { timed in
            total.add(timed)
            if call.has(.json) {
                console.print(SimulationWords.json(timed.report))
            } else if !timed.report.verdict.isPass {
                console.print(SimulationWords.failure(timed.report))
            }
        }
        if !call.has(.json) { console.print(SimulationWords.text(total)) }
        guard total.failed.isEmpty else {
            throw .refused("\(total.failed.count) of \(total.runs) seeds failed")
        }
    }
}
