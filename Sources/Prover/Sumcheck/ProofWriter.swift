// What the maker of a proof says, and what it hears: messages go to the proof and the transcript.
import BinaryFields
import ExecutionProof
import Ligerito
import Primitives

struct ProofWriter {
    var transcript = Transcript()
    var proof = ByteWriter(capacity: 1 << 18)

    mutating func send(_ label: Transcript.Label, _ elements: [GF128]) {
        transcript.absorb(label, elements)
        proof.append(elements)
    }

    mutating func send(root: Digest) {
        transcript.absorb(.root, root)
        proof.write(root)
    }

    /// Sends one round and hears its challenge.
    mutating func round(_ first: GF128, _ second: GF128) -> GF128 {
        send(.round, [first, second])
        return transcript.challenge()
    }
}
