// What an agent that runs is told, and what it asks for: its whole protocol in two lists.
import Cryptography
import Primitives

/// What can happen to an instance.
public enum InstanceInput: Hashable, Sendable {
    /// A message; with the caller's transition where it is an agent's call.
    case message(Message, from: Dependency? = nil)
    /// The time to run for about this much gas.
    case run(quantum: UInt64)
    /// Somebody asks for the agent's state.
    case requested
    /// A time asked for with `wake` has come.
    case tick
    /// The ledger answers the request that the last transition ended with.
    case answered(HostAnswer, by: Dependency?)
    /// The agent's place in the ledger, after a submission was accepted or the instance restored.
    case ledger(sequence: UInt64, root: Digest)
    /// The submission was refused; this is the agent's place in the ledger.
    case refused(sequence: UInt64, root: Digest)
    /// The same, for what it had read: that is not read again.
    case rejected(sequence: UInt64, root: Digest)
    /// There is no evidence of the submission that the chain takes: it was not sent, nor signed.
    case withdrawn
    /// What was made is to be submitted together with what follows: to go on as if the ledger had
    /// accepted it. Only where `Instance.mayHold`.
    case held
    /// Nothing follows what is held: to submit it.
    case gathered
}

/// What an instance asks its shell for.
public enum InstanceAction: Hashable, Sendable {
    /// To be run when its turn comes.
    case schedule
    /// To get a `tick` at this time.
    case wake(at: Instant)
    /// To keep `Instance.kept` safe, then sign and submit this, with what is held before it; or to
    /// say that it is held too.
    case submit(TransitionDraft)
    /// What the accepted transition of this sequence wrote and recorded.
    case settled(sequence: UInt64, output: [UInt64], records: [[UInt64]])
    /// A run failed; the message was read last and is dropped.
    case failed(RunFailure, dropped: Message?)
    /// The agent cannot go on: it fails without reading anything. Its accepted state stays.
    case crashed
    /// The agent has ended.
    case ended
    /// Somebody else runs this agent: the ledger has a state that is not here.
    case overtaken(sequence: UInt64, root: Digest)
}

/// A transition without its signature.
public struct TransitionDraft: Hashable, Sendable {
    public var header: TransitionHeader
    public var exchange: Exchange
    public var evidence: Evidence

    /// Bytes of the transition once it is signed.
    var byteCount: Int { byteCount(with: evidence) }

    /// The same without any evidence.
    var bareByteCount: Int { byteCount(with: .proof([])) }

    private func byteCount(with evidence: Evidence) -> Int {
        let signed = SignedHeader(header: header, signature: Signature())
        return Transition(signed: signed, exchange: exchange, evidence: evidence).encoded.count
    }

    public func signed(by key: SigningKey) -> Transition {
        Transition(
            signed: SignedHeader(signing: header, key: key), exchange: exchange,
            evidence: evidence)
    }
}

/// Who an instance is, and what it may use.
public struct InstanceIdentity: Hashable, Sendable {
    public var chain: Digest
    public var agent: AgentID
    public var policy: SubmissionPolicy
    /// Gas of one transition, at most `AgentLimits.gas`.
    public var gasLimit: UInt64

    public init(chain: Digest, agent: AgentID, policy: SubmissionPolicy, gasLimit: UInt64) {
        (self.chain, self.agent) = (chain, agent)
        (self.policy, self.gasLimit) = (policy, gasLimit)
    }
}
