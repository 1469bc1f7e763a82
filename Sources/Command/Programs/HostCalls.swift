// Stands in for the ledger while a program runs here: the host calls of `docs/spec/agents.md`.
import Cryptography
import PVM
import Primitives

/// The host of one program: words in, words out, requests answered on the spot.
///
/// The program is alone here, so that a call of another agent is refused; a transfer is taken as
/// done, and noted.
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

    /// Words not read yet.
    private(set) var input: ArraySlice<UInt64>
    private(set) var output: [UInt64] = []
    /// Turns that ended.
    private(set) var turns = 0
    /// What was asked of the ledger, in words for people.
    private(set) var notes: [String] = []
    /// What the program is told of itself.
    var identity: [UInt64] = [0, 0, 0, 0]
    /// Nanoseconds since 1970.
    var time: UInt64 = 0
    private var request: [UInt64] = []
    private var answers: ArraySlice<UInt64> = []

    private static let mostWords: UInt64 = 4_096
    private static let mostOutput = 1 << 20

    init(input: [UInt64]) { self.input = input[...] }

    /// Adds words behind those that were not read yet.
    mutating func add(_ words: [UInt64]) { input += words }

    /// Carries out the call at which `machine` stands.
    mutating func call(_ number: UInt64, _ machine: inout Machine) -> Outcome {
        call(number, &machine[register: 7])
    }

    /// The same for register 7 alone.
    mutating func call(_ number: UInt64, _ word: inout UInt64) -> Outcome {
        switch number {
        case 0:
            guard let next = input.popFirst() else { return .rest }
            word = next
        case 1:
            guard output.count < Self.mostOutput else { return .refused }
            output.append(word)
        case 2:
            turns += 1
            return .turn
        case 3: return .ended(word)
        case 4: return ask(word) ? .done : .refused
        case 5:
            guard let next = answers.popFirst() else { return .refused }
            word = next
        default: return .refused
        }
        return .done
    }

    /// Takes one word of a request and answers it once it is whole.
    private mutating func ask(_ word: UInt64) -> Bool {
        request.append(word)
        let count = request[0] >> 32
        guard count <= Self.mostWords else { return false }
        guard request.count == 1 + Int(count) else { return true }
        let words = Array(request.dropFirst())
        let number = request[0] & 0xFFFF_FFFF
        request = []
        guard let answer = answer(number, words) else { return false }
        answers += answer
        return true
    }

    /// The header of an answer and its words; nil where there is no such request.
    private mutating func answer(_ number: UInt64, _ words: [UInt64]) -> [UInt64]? {
        switch (number, words.count) {
        case (1, 0): return Self.done(identity)
        case (2, 0): return Self.done([time])
        case (3, 1...):
            let room = 8 * UInt64(words.count - 1)
            guard words[0] <= room, room - words[0] < 8 else { return nil }
            let bytes = Self.bytes(words.dropFirst()).prefix(Int(words[0]))
            return Self.done(Self.words(SHA256.hash(Array(bytes)).bytes))
        case (4, 0...512):
            notes.append("record " + Hex.encode(Self.bytes(words[...])))
            return Self.done([])
        case (5, 4...):
            notes.append("call of " + Hex.encode(Self.bytes(words.prefix(4))) + ", refused")
            return [1]
        case (6, 5):
            let agent = Hex.encode(Self.bytes(words.prefix(4)))
            notes.append("transfer of \(words[4]) to \(agent)")
            return Self.done([])
        default: return nil
        }
    }

    private static func done(_ words: [UInt64]) -> [UInt64] { [UInt64(words.count) << 32] + words }

    /// Words as bytes, little-endian.
    static func bytes(_ words: ArraySlice<UInt64>) -> [UInt8] {
        words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) } }
    }

    /// Bytes as words, the rest of the last zero.
    static func words(_ bytes: [UInt8]) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<min(start + 8, bytes.count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// A message as an agent reads it: its header, the caller if there is one, its words.
    static func message(_ words: [UInt64], caller: [UInt64]?) -> [UInt64] {
        let mark: UInt64 = caller == nil ? 0 : 1 << 63
        return [mark | UInt64(words.count)] + (caller ?? []) + words
    }
}
