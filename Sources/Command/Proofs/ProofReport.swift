// What a proof says, checked, in words for people and for programs.
import ExecutionProof
import JSON
import PVM
import Primitives

struct ProofReport {
    private let proven: ProvenRuns
    private let proofs: Int
    private let bytes: Int

    /// Checks the proof.
    init(_ proof: ProofFile, bytes: Int) throws(CommandFailure) {
        do throws(ProofFileFailure) {
            proven = try proof.check()
        } catch {
            throw .refused("the proof does not hold: \(error)")
        }
        (proofs, self.bytes) = (proof.chain.proofs.count, bytes)
    }

    func print(_ call: Invocation) {
        call.has(.json) ? call.console.print(json) : call.console.print(text)
    }

    private func status(of run: ProvenRuns.Run) -> String {
        guard let last = run.statements.last else { return "none" }
        guard case .before(let pc) = last.end else { return "halt" }
        if run.words.hasExited { return "exit" }
        if proven.program.provable.call(at: pc) == 0 { return "rest" }
        let isYield = last.events.last.map { $0.step + 1 == last.steps && $0.number == 2 }
        return isYield ?? false ? "yield" : "before \(pc)"
    }

    private func isFromStart(_ run: ProvenRuns.Run) -> Bool {
        run.roots.before == proven.program.agent.initialRoot
    }

    private func lists(_ run: ProvenRuns.Run) -> [(name: String, words: [UInt64])] {
        [
            ("inputs", run.words.input), ("outputs", run.words.output),
            ("requests", run.words.requests), ("answers", run.words.answers),
        ]
    }

    private var text: String {
        var texts = proven.runs.enumerated().map { number, run in
            var facts = Facts()
            if proven.runs.count > 1 { facts.add("run", "\(number + 1)") }
            facts.add("program", proven.program.agent.identity.hex)
            facts.add(
                "before", run.roots.before.hex + (isFromStart(run) ? " (the first state)" : ""))
            facts.add("after", run.roots.after.hex)
            facts.add("steps", Quantity.count(run.steps))
            facts.add("gas", Quantity.count(run.gas))
            for list in lists(run) where !list.words.isEmpty || list.name.hasSuffix("puts") {
                facts.add(list.name, list.words.map { String($0) }.joined(separator: " "))
            }
            facts.add("turns", "\(run.words.yields)")
            facts.add("status", status(of: run))
            return facts.text
        }
        var whole = Facts()
        whole.add("runs", "\(proven.runs.count)")
        whole.add("proofs", "\(proofs)")
        whole.add("bytes", Quantity.bytes(UInt64(bytes)))
        whole.add("soundness", "\(proven.soundnessBits) bits")
        texts.append(whole.text)
        return texts.joined(separator: "\n\n")
    }

    /// Words are decimal text, since not every reader of JSON has integers of 64 bits.
    private var json: JSONValue {
        .object([
            JSONMember("program", .string(proven.program.agent.identity.hex)),
            JSONMember("runs", .array(proven.runs.map(json))),
            JSONMember("proofs", .integer(proofs)),
            JSONMember("bytes", .integer(bytes)),
            JSONMember("soundnessBits", .integer(proven.soundnessBits)),
        ])
    }

    private func json(_ run: ProvenRuns.Run) -> JSONValue {
        let lists = lists(run).map { list in
            JSONMember(list.name, .array(list.words.map { .string(String($0)) }))
        }
        return .object(
            [
                JSONMember("before", .string(run.roots.before.hex)),
                JSONMember("fromFirstState", .bool(isFromStart(run))),
                JSONMember("after", .string(run.roots.after.hex)),
                JSONMember("steps", .string(String(run.steps))),
                JSONMember("gas", .string(String(run.gas))),
            ] + lists + [
                JSONMember("turns", .integer(run.words.yields)),
                JSONMember("status", .string(status(of: run))),
            ])
    }
}
