// Stands in for the ledger while a program runs here: the host calls of `docs/spec/agents.md`, by
// the rules of every other host, with the ledger's answers made up.
import Agents
import Cryptography
import PVM
import Primitives

/// The host of one program: words in, words out, requests answered on the spot.
///
/// The program is alone here, so that a call of another agent, or a request for its state, is
/// refused; a transfer is taken as done. What is asked is noted.
struct LocalHost {
    /// How a call ended.
    enum Outcome: Hashable {
        /// The program goes on behind the call.
        case done
        /// The turn ended, and the program goes on.
        case turn
        /// There is no word: the program rests at the call.
        case rest
        /// The program ended itself with this number.
        case ended(UInt64)
        /// There is no such call, or a request that has no answer.
        case refused
    }

    /// What the program is told of itself.
    var identity: [UInt64] = [0, 0, 0, 0]
    /// Nanoseconds since 1970.
    var time: UInt64 = 0
    /// Turns that ended.
    private(set) var turns = 0
    /// What was asked of the ledger, in words for people.
    private(set) var notes: [String] = []
    /// Words that no turn has before it yet.
    private var input: [UInt64]
    /// Written in turns that ended.
    private var written: [UInt64] = []
    /// The turn that goes on.
    private var dialogue: Dialogue?
    /// Records of it that were noted.
    private var noted = 0

    init(input: [UInt64]) { self.input = input }

    var output: [UInt64] { written + (dialogue?.output ?? []) }

    /// Adds words behind those that were not read yet.
    mutating func add(_ words: [UInt64]) {
        if dialogue == nil { input += words } else { dialogue?.feed(words) }
    }

    /// Carries out the call at which `machine` stands.
    mutating func call(_ number: UInt64, _ machine: inout Machine) -> Outcome {
        call(number, &machine[register: 7])
    }

    /// The same for register 7 alone.
    mutating func call(_ number: UInt64, _ word: inout UInt64) -> Outcome {
        guard let call = HostCall(rawValue: number) else { return .refused }
        do throws(RunFailure) {
            var turn = dialogue ?? begin()
            var rest = try turn.take(call, &word)
            if rest == .unanswered {
                turn.answer(HostAnswer(answer(to: turn)))
                rest = try turn.take(call, &word)
            }
            dialogue = turn
            if call == .ask { note(turn) }
            return settle(rest, word)
        } catch {
            return .refused
        }
    }

    private mutating func begin() -> Dialogue {
        let agent = AgentID(Words.bytes(identity)) ?? AgentID()
        var turn = Dialogue(agent: agent, time: Instant(nanoseconds: time))
        turn.feed(input)
        (input, noted) = ([], 0)
        return turn
    }

    private mutating func settle(_ rest: Rest?, _ word: UInt64) -> Outcome {
        switch rest {
        case nil: return .done
        case .starved: return .rest
        case .exited: return .ended(word)
        case .unanswered, .paused: return .refused
        case .yielded:
            turns += 1
            (written, input) = (output, dialogue?.unread ?? [])
            dialogue = nil
            return .turn
        }
    }

    private func answer(to turn: Dialogue) -> HostAnswer.Status {
        if case .transfer? = turn.outstanding { return .done }
        return .refused
    }

    private mutating func note(_ turn: Dialogue) {
        for record in turn.records.dropFirst(noted) {
            notes.append("record " + Hex.encode(Words.bytes(record)))
        }
        noted = turn.records.count
        switch turn.outstanding {
        case .call(let agent, _)?: notes.append("call of \(agent.hex), refused")
        case .state(let agent, _)?: notes.append("state of \(agent.hex), refused")
        case .transfer(let agent, let amount)?:
            notes.append("transfer of \(amount) to \(agent.hex)")
        default: break
        }
    }

    /// Words as bytes, little-endian.
    static func bytes(_ words: ArraySlice<UInt64>) -> [UInt8] { Words.bytes(words) }

    /// Bytes as words, the rest of the last zero.
    static func words(_ bytes: [UInt8]) -> [UInt64] { Words.of(bytes) }

    /// A message as an agent reads it: its header, the caller if there is one, its words.
    static func message(_ words: [UInt64], caller: [UInt64]?) -> [UInt64] {
        Message(from: caller.flatMap { AgentID(Words.bytes($0)) }, words).frame
    }
}
