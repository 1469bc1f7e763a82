// A record: one action of an agent, with what it used, what came out, and the 256 bytes that are
// hashed.
import Cryptography
import Primitives

/// What an agent did.
public enum RecordKind: UInt8, CaseIterable, Sendable {
    case run = 1
    case modelCall
    case toolCall
    case handOff
    case retrieval
    case memory
    case other
}

/// How it ended.
public enum Outcome: UInt8, CaseIterable, Sendable {
    case success = 1
    case failure
    case partial
}

/// Model tokens used by one action; each is a count.
public struct TokenCounts: Hashable, Sendable {
    public var input: UInt64
    public var output: UInt64
    /// Served by a cache; whether `input` includes them is the sender's convention.
    public var cached: UInt64
    /// Spent on reasoning; whether `output` includes them is the sender's convention.
    public var reasoning: UInt64

    public init(input: UInt64 = 0, output: UInt64 = 0, cached: UInt64 = 0, reasoning: UInt64 = 0) {
        self.input = input
        self.output = output
        self.cached = cached
        self.reasoning = reasoning
    }
}

/// One action of an agent (LED-3). Its canonical form is the 256-byte row of `docs/spec/record.md`
/// §1.
public struct Record: Hashable, Sendable {
    public var agent = AgentID()
    public var run = RunID()
    /// All zero where nobody paid for this.
    public var task = TaskID()
    public var operation = OperationID()
    /// The enclosing operation of the same run; all zero at its root.
    public var caller = OperationID()
    public var kind = RecordKind.other
    public var outcome = Outcome.success
    public var start = Instant(nanoseconds: 0)
    /// Nanoseconds.
    public var duration: UInt64 = 0
    public var tokens = TokenCounts()
    /// Nanoseconds of processor time.
    public var compute: UInt64 = 0
    /// Bytes at the peak.
    public var memory: UInt64 = 0
    public var cost = Amount.zero
    /// Micro-credits: what the ledger charges for the record, see `Gas`.
    public var gas: UInt64 = 0
    /// Bytes of the payload.
    public var payloadSize: UInt64 = 0
    /// Plain BLAKE3 of the payload.
    public var payloadDigest = Digest()
    /// Digests of the records this one was completed after, at most `Limits.parentsPerRecord`.
    public var parents: [Digest] = []

    public init() {}

    /// `docs/spec/record.md` §2.
    public var digest: Digest {
        let row = [UInt8](unsafeUninitializedCapacity: RecordRow.width) { buffer, count in
            RecordRow.write(self, to: UnsafeMutableRawPointer(buffer.baseAddress!))
            count = RecordRow.width
        }
        return Domains.record.hash(row)
    }
}

/// The digest of a list of parents: zero for none (`docs/spec/record.md` §1).
public func parentsDigest(_ parents: [Digest]) -> Digest {
    guard !parents.isEmpty else { return Digest() }
    return parents.withUnsafeBytes { Domains.parents.hash($0) }
}
