// What a proof says, checked, in words for people and for programs.
import ExecutionProof
import JSON
import PVM
import Primitives

struct ProofReport {
    private let chain: ProofChain
    private let words: HostWords
    private let isFromStart: Bool
    private let bytes: Int
    private let status: String
    private let identity: Digest

    /// Checks the proof.
    init(_ proof: ProofFile, bytes: Int) throws(CommandFailure) {
        let program: ProvableAgent
        do throws(ProofFileFailure) {
            (words, program) = try proof.check()
        } catch {
            throw .refused("the proof does not hold: \(error)")
        }
        (chain, self.bytes) = (proof.chain, bytes)
        identity = program.agent.identity
        isFromStart = proof.chain.roots?.before == program.agent.initialRoot
        status = Self.status(of: proof.chain, words, program.provable)
    }

    private static func status(
        of chain: ProofChain, _ words: HostWords, _ program: ProvableProgram
    ) -> String {
        guard let last = chain.segments.last?.run.statement else { return "none" }
        guard case .before(let pc) = last.end else { return "halt" }
        if words.hasExited { return "exit" }
        if program.call(at: pc) == 0 { return "rest" }
        let isYield = last.events.last.map { $0.step + 1 == last.steps && $0.number == 2 }
        return isYield ?? false ? "yield" : "before \(pc)"
    }

    func print(_ call: Invocation) {
        call.has(.json) ? call.console.print(json) : call.console.print(text)
    }

    private var soundnessBits: Int { ProofChain.soundnessBits(segments: chain.segments.count) }
    private var roots: (before: String, after: String) {
        (chain.roots?.before.hex ?? "", chain.roots?.after.hex ?? "")
    }
    private var lists: [(name: String, words: [UInt64])] {
        [
            ("inputs", words.input), ("outputs", words.output), ("requests", words.requests),
            ("answers", words.answers),
        ]
    }

    private var text: String {
        var facts = Facts()
        facts.add("program", identity.hex)
        facts.add("before", roots.before + (isFromStart ? " (the first state)" : ""))
        facts.add("after", roots.after)
        facts.add("steps", Quantity.count(chain.steps))
        facts.add("gas", Quantity.count(chain.gas))
        for list in lists where !list.words.isEmpty || list.name.hasSuffix("puts") {
            facts.add(list.name, list.words.map { String($0) }.joined(separator: " "))
        }
        facts.add("turns", "\(words.yields)")
        facts.add("status", status)
        facts.add("segments", "\(chain.segments.count)")
        facts.add("proof", Quantity.bytes(UInt64(bytes)))
        facts.add("soundness", "\(soundnessBits) bits")
        return facts.text
    }

    /// Words are decimal text, since not every reader of JSON has integers of 64 bits.
    private var json: JSONValue {
        let lists = lists.map { list in
            JSONMember(list.name, .array(list.words.map { .string(String($0)) }))
        }
        return .object(
            [
                JSONMember("program", .string(identity.hex)),
                JSONMember("before", .string(roots.before)),
                JSONMember("fromFirstState", .bool(isFromStart)),
                JSONMember("after", .string(roots.after)),
                JSONMember("steps", .string(String(chain.steps))),
                JSONMember("gas", .string(String(chain.gas))),
            ] + lists + [
                JSONMember("turns", .integer(words.yields)),
                JSONMember("status", .string(status)),
                JSONMember("segments", .integer(chain.segments.count)),
                JSONMember("bytes", .integer(bytes)),
                JSONMember("soundnessBits", .integer(soundnessBits)),
            ])
    }
}
