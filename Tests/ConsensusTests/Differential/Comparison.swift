// The real committer held against the naive one, slot by slot and commit by commit.
import Primitives
import Reference

@testable import Consensus

enum Comparison {
    /// What one seat did with a graph.
    struct Record {
        /// Every block it accepted, pruned ones included.
        var blocks: [CheckedBlock] = []
        var commits: [Commit] = []
        var coins: [UInt64: Digest] = [:]
    }

    /// The first difference between what a seat did and what the specification says of its graph;
    /// nil where there is none.
    ///
    /// - Parameter open: the verdicts after its last commit, nil where they are not compared.
    static func difference(
        _ record: Record, open: [DecidedSlot]?, in committee: CommitteeView,
        _ settings: CommitSettings
    ) -> String? {
        var naive = NaiveCommitter(
            committee: committee, settings: settings, genesisTime: Instant(nanoseconds: 0),
            blocks: record.blocks, coins: record.coins)
        let expected = naive.replay()
        for (commit, step) in zip(record.commits, expected.commits) {
            guard isEqual(commit, step) else {
                return "commit \(commit.head) where \(step) is right"
            }
        }
        if record.commits.count != expected.commits.count {
            return "\(record.commits.count) commits where there are \(expected.commits.count)"
        }
        guard let open else { return nil }
        let found = open.map(plain)
        return found == expected.open ? nil : "open: \(found) where \(expected.open) is right"
    }

    /// The same, where only the digests of the commits are known.
    static func difference(
        _ record: Record, digests: ArraySlice<Digest>, in committee: CommitteeView,
        _ settings: CommitSettings
    ) -> String? {
        var naive = NaiveCommitter(
            committee: committee, settings: settings, genesisTime: Instant(nanoseconds: 0),
            blocks: record.blocks, coins: record.coins)
        let expected = naive.replay().commits.map(\.digest)
        if digests.elementsEqual(expected.prefix(digests.count)) { return nil }
        return "\(digests.count) commits, of which \(expected.count) are right"
    }

    private static func plain(_ decided: DecidedSlot) -> NaiveCommitter.Decision {
        let verdict: NaiveCommitter.Decision.Verdict =
            switch decided.verdict {
            case .undecided: .undecided
            case .skipped: .skip
            case .committed(let block, _): .commit(block)
            }
        return .init(
            round: decided.slot.round.number, author: decided.slot.author?.index,
            verdict: verdict)
    }

    private static func isEqual(_ commit: Commit, _ step: NaiveCommitter.Step) -> Bool {
        commit.index == step.index && commit.head.round.number == step.round
            && commit.head.time.nanoseconds == step.time && commit.leaders == step.leaders
            && commit.blocks.map(\.reference) == step.blocks && commit.head.digest == step.digest
            && commit.decisions.map(plain) == step.decisions
    }
}
