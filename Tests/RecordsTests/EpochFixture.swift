// A chain whose committee changes from epoch to epoch: steps and checkpoints signed by real keys.
import Cryptography
import Primitives
import Records
import TestSupport

/// One committee for each count, every one of other keys; epoch e ends at height 10 * (e + 1).
struct EpochFixture {
    let chain = Digest(repeating: 0xC4)
    var keys: [[SigningKey]]

    init(_ counts: [Int]) {
        keys = counts.enumerated().map { epoch, count in
            (0..<count).compactMap { index in
                var seed = [UInt8](repeating: UInt8(index), count: 32)
                seed[0] = UInt8(epoch + 1)
                return SigningKey(seed: seed)
            }
        }
    }

    func committee(_ epoch: Int) -> Committee? { Committee(keys[epoch].map(\.publicKey)) }

    /// A header of the epoch, `place` in 1...10 after its beginning.
    func header(_ epoch: Int, _ place: UInt64) -> CheckpointHeader {
        var header = CheckpointHeader()
        header.chain = chain
        header.epoch = UInt64(epoch)
        header.height = 10 * UInt64(epoch) + place
        header.previous = Digest(repeating: UInt8(place))
        header.time = Instant(nanoseconds: 1_000 + header.height)
        header.stateRoot = Digest(repeating: 0x57)
        header.committee = committee(epoch)?.digest ?? Digest()
        return header
    }

    /// `header` signed by the validators of `epoch` at `signers`, by all where that is nil.
    func certify(
        _ header: CheckpointHeader, by epoch: Int, signers: [Int]? = nil
    ) -> Checkpoint {
        let certificate = (signers ?? Array(keys[epoch].indices)).map { index in
            CheckpointSignature(
                validator: UInt16(index),
                signature: keys[epoch][index].sign(header.signedBytes))
        }
        return Checkpoint(header: header, certificate: certificate)
    }

    func checkpoint(_ epoch: Int, _ place: UInt64) -> Checkpoint {
        certify(header(epoch, place), by: epoch)
    }

    /// The step that ends `epoch`; `change` alters its header before it is signed.
    func step(
        _ epoch: Int, by signing: Int? = nil, signers: [Int]? = nil,
        _ change: (inout CheckpointHeader) -> Void = { _ in }
    ) -> EpochStep? {
        guard let next = committee(epoch + 1) else { return nil }
        var header = header(epoch, 10)
        header.next = next.digest
        change(&header)
        return EpochStep(
            checkpoint: certify(header, by: signing ?? epoch, signers: signers), committee: next)
    }

    /// Trusts the first committee for epoch 0.
    func trail() -> CommitteeTrail? {
        committee(0).map { CommitteeTrail(chain: chain, epoch: 0, committee: $0) }
    }
}
