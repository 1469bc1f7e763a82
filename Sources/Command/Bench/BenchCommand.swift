// `althing bench`: measures, and says on which machine and commit.
import Bench
import Platform

enum BenchCommand {
    private static let rounds = Option(
        "rounds", OptionValue("COUNT", .number(1...1_000, unit: "rounds")),
        "How often each figure is measured; quoted ones take five or more."
    ).standing(at: "5")

    private static let directory = Option(
        "directory", OptionValue("DIR", .directory),
        "Where files are written: a directory on the disk to be measured.")

    private static let steps = Option(
        "steps",
        OptionValue("COUNT", .number(1...UInt64(ProvenRun.mostSteps), unit: "steps")),
        "How long the run is that prove proves.").standing(at: "\(ProvenRun().steps)")

    private static let mix = Option(
        "mix", OptionValue("MIX", .choice(ProvenRun.Mix.allCases.map(\.rawValue))),
        "What most of its steps do.").standing(at: ProvenRun().mix.rawValue)

    private static let benchmark = Positional(
        "NAME", .choice(TestbedBench.all.map(\.name) + ["all"]), "What to measure.")

    static let verb = Verb("bench", "Measures what this machine does", run)
        .discussed(
            "Benchmarks: "
                + TestbedBench.all.map { "\($0.name) (\($0.summary))" }.joined(separator: "; ")
                + "; all runs every one but scale, which takes long and 14 GB of disk. "
                + "With --json one object a benchmark, a line each."
        )
        .example("althing bench records")
        .example("althing bench all --json")
        .example("althing bench prove --steps 5000 --mix mul")
        .expecting(benchmark)
        .taking(rounds, directory, steps, mix, .json)

    private static func run(_ call: Invocation) throws(CommandFailure) {
        let name = try call.required(benchmark)
        let chosen = TestbedBench.all.filter {
            $0.name == name || name == "all" && $0.name != "scale"
        }
        let run = try provenRun(call, name)
        let path = try LocalFiles.makeTemporaryDirectory(in: call.text(directory) ?? "/tmp")
        defer { LocalFiles.removeTree(path) }
        for benchmark in chosen {
            let console = call.console
            let context = BenchContext(
                directory: path, rounds: Int(call.number(rounds) ?? 5), provenRun: run
            ) {
                console.complain("\(benchmark.name): \($0)")
            }
            do {
                let metrics = try benchmark.run(context)
                show(
                    BenchResult(
                        bench: benchmark.name, commit: Version.commit,
                        machine: machine, metrics: metrics),
                    call)
            } catch {
                throw .failed("\(benchmark.name): \(error)")
            }
        }
    }

    /// What `--steps` and `--mix` ask for; only one benchmark takes them.
    private static func provenRun(
        _ call: Invocation, _ name: String
    ) throws(CommandFailure) -> ProvenRun {
        let isAsked = call.has(steps) || call.has(mix)
        guard !isAsked || name == ProveBench.name else {
            throw call.invalid(
                benchmark.name, name,
                expected: "\(ProveBench.name) where --steps or --mix is given")
        }
        var run = ProvenRun()
        if let count = call.number(steps) { run.steps = Int(count) }
        if let mix = call.text(mix).flatMap(ProvenRun.Mix.init(rawValue:)) { run.mix = mix }
        return run
    }

    private static func show(_ result: BenchResult, _ call: Invocation) {
        guard !call.has(.json) else {
            return call.console.print(String(decoding: result.json, as: UTF8.self))
        }
        var table = Table(
            .text("METRIC"), .number("MEDIAN"), .number("MIN"), .number("MAX"), .text("UNIT"))
        for metric in result.metrics {
            table.add(
                metric.name, figure(metric.median), figure(metric.least), figure(metric.most),
                metric.unit)
        }
        call.console.print("\(result.bench) at \(result.commit) on \(result.machine)")
        call.console.print(table.text(for: call.console))
    }

    private static var machine: String {
        let machine = MachineDescription.current
        return "\(machine.processor), \(machine.cores) cores, "
            + "\(machine.memoryBytes >> 30) GiB, \(machine.kernel)"
    }

    /// Whole where it is large, three decimals where it is small.
    private static func figure(_ value: Double) -> String {
        guard value < 1_000 else { return Quantity.count(UInt64(value.rounded())) }
        return "\((value * 1_000).rounded() / 1_000)"
    }
}
