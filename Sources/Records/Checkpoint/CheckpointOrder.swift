// Which checkpoints can stand on one chain, and which contradict each other
// (docs/spec/record.md §5).

extension CheckpointHeader {
    /// Whether this checkpoint can come after `earlier`: height and time are higher, the epoch is
    /// no lower, and higher after the last checkpoint of an epoch; and where no height lies between
    /// them, this one names `earlier` as the one before and its epoch is the lowest it can be.
    public func isLater(than earlier: CheckpointHeader) -> Bool {
        let (step, overflow) = earlier.epoch.addingReportingOverflow(earlier.next == nil ? 0 : 1)
        guard !overflow, epoch >= step, height > earlier.height, time > earlier.time else {
            return false
        }
        return height - earlier.height > 1 || (epoch == step && previous == earlier.digest)
    }

    /// Whether this checkpoint and `other` cannot both be of one chain with honest committees: no
    /// honest validator signs both where it sits in the committees of both.
    public func contradicts(_ other: CheckpointHeader) -> Bool {
        guard chain == other.chain else { return false }
        if height == other.height { return digest != other.digest }
        let (earlier, later) = height < other.height ? (self, other) : (other, self)
        guard later.isLater(than: earlier) else { return true }
        if later.epoch == earlier.epoch { return later.committee != earlier.committee }
        // Not the same epoch, so higher by one or more: the sum cannot overflow.
        guard let next = earlier.next, later.epoch == earlier.epoch + 1 else { return false }
        return later.committee != next
    }
}
