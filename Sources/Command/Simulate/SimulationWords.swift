// Reports of simulated runs as text and as JSON.
import JSON
import Primitives
import Simulation

/// The sum of many runs.
struct SimulationTotal {
    private(set) var runs: UInt64 = 0
    private(set) var failed: [SimulationReport] = []
    private(set) var virtualTime: UInt64 = 0
    private(set) var took: UInt64 = 0
    private(set) var events: UInt64 = 0
    private(set) var submitted: UInt64 = 0
    private(set) var executed: UInt64 = 0
    private(set) var faults = FaultCounts()
    private(set) var checks = CheckCounts()

    mutating func add(_ run: TimedRun) {
        let report = run.report
        runs += 1
        if !report.verdict.isPass { failed.append(report) }
        virtualTime += report.virtualTime
        took += run.took
        events += report.events
        submitted += report.submitted
        executed += report.executed
        faults += report.faults
        checks += report.checks
    }
}

enum SimulationWords {
    // MARK: Text

    static func text(_ run: TimedRun) -> String {
        let report = run.report
        var facts = Facts()
        facts.add("seed", "\(report.seed)")
        facts.add("verdict", report.verdict.text)
        facts.add("virtual time", span(report.virtualTime, run.took))
        facts.add(
            "machines", "\(report.machines)"
                + (report.roles.isEmpty ? "" : ", " + report.roles.joined(separator: ", ")))
        facts.add("events", Quantity.count(report.events))
        facts.add("submitted", Quantity.count(report.submitted))
        facts.add("carried out", Quantity.count(report.executed))
        facts.add("commits", Quantity.count(report.commits))
        facts.add("checkpoints", Quantity.count(report.checkpoints))
        facts.add(
            "to the answer", "median \(Quantity.duration(report.finalMedian)), "
                + "slowest \(Quantity.duration(report.finalSlowest))")
        facts.add("trace", report.trace.hex)
        var text = facts.text + "\n" + lists(report.faults, report.checks)
        if !report.verdict.isPass { text += "\n" + failure(report) }
        return text
    }

    static func text(_ total: SimulationTotal) -> String {
        var facts = Facts()
        facts.add("seeds", Quantity.count(total.runs))
        facts.add("failed", Quantity.count(UInt64(total.failed.count)))
        facts.add("virtual time", span(total.virtualTime, total.took))
        facts.add("cluster hours", hours(total.virtualTime))
        facts.add("events", Quantity.count(total.events))
        facts.add("submitted", Quantity.count(total.submitted))
        facts.add("carried out", Quantity.count(total.executed))
        return facts.text + "\n" + lists(total.faults, total.checks)
    }

    /// What went wrong and how to see it again.
    static func failure(_ report: SimulationReport) -> String {
        "seed \(report.seed): \(report.verdict.text)\n"
            + "  replay: \(report.shape.command(seed: report.seed)) --trace"
    }

    private static func lists(_ faults: FaultCounts, _ checks: CheckCounts) -> String {
        var table = Table(.text("INJECTED"), .number("TIMES"))
        for (kind, count) in faults.happened { table.add(kind.rawValue, Quantity.count(count)) }
        var checked = Table(.text("CHECKED"), .number("TIMES"))
        for (name, count) in checks.named { checked.add(name, Quantity.count(count)) }
        let console = Console(
            write: { _ in }, writeError: { _ in }, isTerminal: false, isErrorTerminal: false,
            columns: 80)
        let parts = (table.isEmpty ? [] : [table]) + [checked]
        return parts.map { "\n" + $0.text(for: console) }.joined(separator: "\n")
    }

    private static func span(_ virtual: UInt64, _ real: UInt64) -> String {
        let ratio = virtual / max(real, 1)
        return "\(Quantity.duration(virtual)) in \(Quantity.duration(real)), \(ratio) times as fast"
    }

    /// Hours with two decimals.
    private static func hours(_ nanoseconds: UInt64) -> String {
        let hundredths = nanoseconds / (Nanoseconds.perHour / 100)
        let rest = hundredths % 100
        return "\(hundredths / 100)." + (rest < 10 ? "0" : "") + "\(rest)"
    }

    // MARK: JSON

    /// Nothing in it depends on the machine: equal runs have equal text.
    static func json(_ report: SimulationReport) -> JSONValue {
        let faults = report.faults.happened.map {
            JSONMember($0.kind.rawValue, .integer($0.count))
        }
        let checks = report.checks.named.map { JSONMember($0.name, .integer($0.count)) }
        var members = [
            JSONMember("seed", .string(String(report.seed))),
            JSONMember("verdict", .string(report.verdict.text)),
            JSONMember("passed", .bool(report.verdict.isPass)),
            JSONMember("virtualNanoseconds", .string(String(report.virtualTime))),
            JSONMember("machines", .integer(UInt64(report.machines))),
            JSONMember("roles", .array(report.roles.map { .string($0) })),
            JSONMember("events", .integer(report.events)),
            JSONMember("submitted", .integer(report.submitted)),
            JSONMember("executed", .integer(report.executed)),
            JSONMember("commits", .integer(report.commits)),
            JSONMember("checkpoints", .integer(report.checkpoints)),
            JSONMember("finalMedianNanoseconds", .integer(report.finalMedian)),
            JSONMember("finalSlowestNanoseconds", .integer(report.finalSlowest)),
        ]
        members += [
            JSONMember("faults", .object(faults)), JSONMember("checks", .object(checks)),
            JSONMember("trace", .string(report.trace.hex)),
            JSONMember("replay", .string(report.shape.command(seed: report.seed))),
        ]
        return .object(members)
    }
}
