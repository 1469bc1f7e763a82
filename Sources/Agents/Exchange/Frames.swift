// Messages, requests and answers as the words that programs read and write
// (docs/spec/agents.md §2).
import Cryptography
import Primitives

/// The host calls: each touches register 7 only.
public enum HostCall: UInt64, CaseIterable, Sendable {
    case read, write, yield, exit, ask, answer
}

/// Something that an agent is told: one message of its input.
public struct Message: Hashable, Sendable {
    /// The agent that waits for the answer; nil where it comes from outside.
    public var caller: AgentID?
    /// At most `AgentLimits.wordsPerFrame`.
    public var words: [UInt64]

    public init(from caller: AgentID? = nil, _ words: [UInt64]) {
        self.caller = caller
        self.words = words
    }

    /// Bit 63 of a header: identity words follow.
    private static let calledBit = UInt64(1) << 63

    /// The words as the program reads them.
    public var frame: [UInt64] {
        guard let caller else { return [UInt64(words.count)] + words }
        return [UInt64(words.count) | Self.calledBit] + Words.of(caller.bytes) + words
    }
}

/// What an agent asks its host for.
public enum HostRequest: Hashable, Sendable {
    case identity
    case time
    /// SHA-256 of these bytes.
    case digest([UInt8])
    case record([UInt64])
    case call(AgentID, [UInt64])
    case transfer(to: AgentID, microCredits: UInt64)
    /// Leaves of another agent's state, as of its last accepted transition.
    case state(AgentID, Leaves)

    /// Some leaves of a state, one behind the other.
    public struct Leaves: Hashable, Sendable {
        /// Index of the first.
        public var first: UInt32
        /// 1 to `AgentLimits.leavesPerRead`.
        public var count: Int

        /// Nil where the numbers are out of their ranges.
        public init?(first: UInt64, count: UInt64) {
            guard (1...UInt64(AgentLimits.leavesPerRead)).contains(count),
                first < UInt64(AgentLimits.imageBytes / ImageTree.leafBytes)
            else { return nil }
            (self.first, self.count) = (UInt32(first), Int(count))
        }

        public var words: [UInt64] { [UInt64(first), UInt64(count)] }
        /// Their indices, in order.
        public var indices: [Int] { Array(Int(first)..<Int(first) + count) }
    }

    /// Whether only the ledger can answer.
    public var needsLedger: Bool {
        switch self {
        case .call, .transfer, .state: true
        default: false
        }
    }

    /// Beyond the instructions, in gas of the machine.
    var gas: UInt64 {
        switch self {
        case .identity, .time: 10
        case .digest(let bytes): 100 + 10 * UInt64(1 + (bytes.count + 7) / 8)
        case .record(let words): 500 + 10 * UInt64(words.count)
        case .call(_, let words): 1_000 + 10 * UInt64(4 + words.count)
        case .transfer: 1_000
        case .state(_, let leaves): 1_000 + 10 * UInt64(8 * leaves.count)
        }
    }

    /// The words of a request as the program writes them.
    public var frame: [UInt64] {
        func frame(_ number: UInt64, _ words: [UInt64]) -> [UInt64] {
            [number | UInt64(words.count) << 32] + words
        }
        return switch self {
        case .identity: frame(1, [])
        case .time: frame(2, [])
        case .digest(let bytes): frame(3, [UInt64(bytes.count)] + Words.of(bytes))
        case .record(let words): frame(4, words)
        case .call(let agent, let words): frame(5, Words.of(agent.bytes) + words)
        case .transfer(let agent, let amount): frame(6, Words.of(agent.bytes) + [amount])
        case .state(let agent, let leaves): frame(7, Words.of(agent.bytes) + leaves.words)
        }
    }

    /// Reads the request at the front of `words`.
    ///
    /// - Returns: nil where it is not complete yet.
    /// - Throws: where it can never become one.
    static func first(
        of words: ArraySlice<UInt64>
    ) throws(RunFailure) -> (request: HostRequest, count: Int)? {
        guard let header = words.first else { return nil }
        let count = Int(header >> 32)
        guard count <= AgentLimits.wordsPerFrame else { throw .invalidRequest }
        guard words.count > count else { return nil }
        let payload = Array(words.dropFirst().prefix(count))
        guard let request = HostRequest(number: UInt32(truncatingIfNeeded: header), payload) else {
            throw .invalidRequest
        }
        return (request, 1 + count)
    }

    private init?(number: UInt32, _ words: [UInt64]) {
        switch number {
        case 1 where words.isEmpty: self = .identity
        case 2 where words.isEmpty: self = .time
        case 3:
            guard let bytes = Words.counted(words) else { return nil }
            self = .digest(bytes)
        case 4 where words.count <= AgentLimits.wordsPerRecord: self = .record(words)
        case 5 where words.count >= 4:
            guard let agent = AgentID(Words.bytes(words.prefix(4))) else { return nil }
            self = .call(agent, Array(words.dropFirst(4)))
        case 6 where words.count == 5:
            guard let agent = AgentID(Words.bytes(words.prefix(4))) else { return nil }
            self = .transfer(to: agent, microCredits: words[4])
        case 7 where words.count == 6:
            guard let agent = AgentID(Words.bytes(words.prefix(4))),
                let leaves = Leaves(first: words[4], count: words[5])
            else { return nil }
            self = .state(agent, leaves)
        default: return nil
        }
    }
}

/// The answer to a request.
public struct HostAnswer: Hashable, Sendable {
    public enum Status: UInt8, CaseIterable, Sendable {
        case done
        case refused
        /// The owner gave the call up.
        case abandoned
    }

    public var status: Status
    public var words: [UInt64]

    public init(_ status: Status, _ words: [UInt64] = []) {
        self.status = status
        self.words = words
    }

    /// The words as the program reads them.
    public var frame: [UInt64] { [UInt64(status.rawValue) | UInt64(words.count) << 32] + words }
}

/// Words and the bytes they stand for.
public enum Words {
    /// Little-endian, eight bytes each.
    public static func bytes(_ words: some Sequence<UInt64>) -> [UInt8] {
        var writer = ByteWriter()
        for word in words { writer.write(word) }
        return writer.bytes
    }

    /// As many words as the bytes need; the rest of the last is zero.
    public static func of(_ bytes: [UInt8]) -> [UInt64] {
        stride(from: 0, to: bytes.count, by: 8).map { start in
            bytes[start..<min(start + 8, bytes.count)].reversed().reduce(0) {
                $0 << 8 | UInt64($1)
            }
        }
    }

    /// The bytes behind a word that counts them; nil where the words are not exactly those needed.
    static func counted(_ words: [UInt64]) -> [UInt8]? {
        guard let count = words.first, count <= UInt64(AgentLimits.wordsPerFrame * 8),
            words.count == 1 + (Int(count) + 7) / 8
        else { return nil }
        let bytes = bytes(words.dropFirst())
        guard bytes[Int(count)...].allSatisfy({ $0 == 0 }) else { return nil }
        return Array(bytes[..<Int(count)])
    }
}
