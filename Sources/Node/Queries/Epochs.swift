// Questions about epochs: the steps from committee to committee that light clients follow.
import Primitives
import Records
import Storage

/// Steps in the order of epochs, and the epoch they lead to.
public struct EpochSteps: Hashable, Sendable {
    /// The current epoch.
    public var epoch: UInt64
    /// From the epoch asked for, at most `QueryLimits.epochSteps`.
    public var steps: [EpochStep]
}

extension QueryLimits {
    /// Steps given at once: at most 1.5 MB of JSON, with 128 validators.
    public static let epochSteps = 64
}

extension Node {
    /// The steps that end the epochs from `first` on.
    public func epochSteps(from first: UInt64) throws(NodeFailure) -> EpochSteps {
        let working = try asked()
        var scan = IndexScan(Space.epochs)
        scan.prefix = [0]
        scan.start = .at(IndexKey.step(first, isChange: false))
        scan.limit = QueryLimits.epochSteps
        let steps = try working.steps(scan)
        var newest = IndexScan(Space.epochs)
        newest.prefix = [0]
        newest.isDescending = true
        newest.limit = 1
        let last = try working.steps(newest).first
        return EpochSteps(epoch: last.map { $0.epoch &+ 1 } ?? 0, steps: steps)
    }
}

extension Working {
    /// The steps that a receipt needs whose checkpoint has this header: those that change the
    /// committee before its epoch. None where the committee of the genesis certified it, and none
    /// where they are too many for a receipt: then it takes a light client to check it.
    func steps(
        to header: CheckpointHeader, from genesis: Genesis
    ) throws(NodeFailure) -> [EpochStep] {
        guard header.epoch > 0, header.committee != genesis.committee.digest else { return [] }
        var scan = IndexScan(Space.epochs)
        scan.prefix = [1]
        scan.limit = ReceiptLimits.steps + 1
        let found = try steps(scan).filter { $0.epoch < header.epoch }
        return found.count <= ReceiptLimits.steps ? found : []
    }

    func steps(_ scan: IndexScan) throws(NodeFailure) -> [EpochStep] {
        var steps: [EpochStep] = []
        for entry in try entries(scan) {
            do { steps.append(try EpochStep(decoding: entry.value)) } catch {
                throw .index(space: "epochs", error)
            }
        }
        return steps
    }
}
