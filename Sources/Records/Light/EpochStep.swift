// One step of a chain's committees: the last checkpoint of an epoch and the committee it names
// (docs/spec/record.md §5).
import Primitives

/// What leads from the committee of an epoch to that of the next.
public struct EpochStep: Hashable, Sendable {
    /// The last of its epoch; its header names the next committee.
    public var checkpoint: Checkpoint
    /// The committee of the next epoch.
    public var committee: Committee

    public init(checkpoint: Checkpoint, committee: Committee) {
        self.checkpoint = checkpoint
        self.committee = committee
    }

    /// The epoch that this step ends.
    public var epoch: UInt64 { checkpoint.header.epoch }

    /// Whether the next committee is another; where it is not, a receipt needs no such step.
    public var changesCommittee: Bool { checkpoint.header.next != checkpoint.header.committee }

    /// `checkpoint ‖ u16 n ‖ n × public key`.
    public var encoded: [UInt8] {
        var writer = ByteWriter()
        checkpoint.write(to: &writer)
        committee.write(to: &writer)
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        checkpoint = try Checkpoint(from: &reader)
        committee = try Committee(from: &reader)
        try reader.finish()
    }
}
