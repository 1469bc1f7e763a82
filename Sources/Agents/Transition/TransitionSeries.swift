// Transitions of one agent that follow each other, with one proof of all (docs/spec/agents.md §3).
import Cryptography
import Primitives

/// Two transitions or more that are accepted together or not at all.
public struct TransitionSeries: Hashable, Sendable {
    /// A transition without evidence of its own.
    public struct Member: Hashable, Sendable {
        public var signed: SignedHeader
        public var exchange: Exchange

        public init(signed: SignedHeader, exchange: Exchange) {
            (self.signed, self.exchange) = (signed, exchange)
        }

        public var header: TransitionHeader { signed.header }
    }

    public static let mostMembers = 16

    /// Two to `mostMembers`, of one agent, in order.
    public var members: [Member]
    /// A chain of proofs of all their runs, in order; at most `AgentLimits.proofBytes`.
    public var proof: [UInt8]

    public init(_ members: [Member], proof: [UInt8]) {
        (self.members, self.proof) = (members, proof)
    }

    /// Bytes of the encoding.
    public var byteCount: Int {
        var writer = ByteWriter()
        write(to: &writer)
        return writer.bytes.count
    }

    /// Whose transitions these are.
    public var agent: AgentID { members.first?.header.agent ?? AgentID() }

    /// Each as a transition whose proof is elsewhere, with the bytes that it pays for: its own,
    /// and the last one the proof.
    public var parts: [(transition: Transition, bytes: Int)] {
        members.enumerated().map { place, member in
            let bare = Transition(
                signed: member.signed, exchange: member.exchange, evidence: .proof([]))
            let shared = place == members.count - 1 ? proof.count : 0
            return (bare, bare.encoded.count + shared)
        }
    }
}

extension TransitionSeries {
    /// u8 n (2 to 16) ‖ n × (header ‖ signature ‖ exchange) ‖ the counted proof.
    public func write(to writer: inout ByteWriter) {
        writer.write(UInt8(truncatingIfNeeded: members.count))
        for member in members {
            member.signed.write(to: &writer)
            member.exchange.write(to: &writer)
        }
        writer.writeCounted(proof)
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        let first = reader.offset
        let count = Int(try reader.read(UInt8.self))
        guard (2...Self.mostMembers).contains(count) else {
            throw DecodingFailure(.overLimit, at: first)
        }
        (members, proof) = ([], [])
        for _ in 0..<count {
            let start = reader.offset
            let signed = try SignedHeader(from: &reader)
            members.append(Member(signed: signed, exchange: try Exchange(from: &reader)))
            guard signed.header.agent == agent else {
                throw DecodingFailure(.notCanonical, at: start)
            }
        }
        proof = try reader.readCounted(limit: AgentLimits.proofBytes)
        guard reader.offset - first <= AgentLimits.transitionBytes else {
            throw DecodingFailure(.overLimit, at: first)
        }
    }
}
