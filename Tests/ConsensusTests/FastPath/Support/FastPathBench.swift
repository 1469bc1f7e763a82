// One fast path under test: inputs by hand, actions in a list.
import Primitives

@testable import Consensus

/// A machine of one seat of a committee whose keys the test holds.
struct FastPathBench {
    let committee: TestCommittee
    var machine: FastPath
    var now = Instant(nanoseconds: 1_000)
    var actions: [FastPath.Action] = []

    static func settings(
        _ change: (inout FastPathSettings) -> Void = { _ in }
    ) -> FastPathSettings {
        var settings = FastPathSettings()
        settings.window = 0
        settings.uncertified = 2
        change(&settings)
        return settings
    }

    init(
        _ count: Int = 4, seat: Int? = 0, _ change: (inout FastPathSettings) -> Void = { _ in }
    ) {
        let committee = TestCommittee(count)
        self.committee = committee
        machine = FastPath(
            committee: committee.view, key: seat.map { committee.keys[$0] },
            settings: Self.settings(change))
    }

    /// Gives one input; the actions of this step alone, wakes left out.
    @discardableResult mutating func step(_ input: FastPath.Input) -> [FastPath.Action] {
        actions = []
        machine.step(input, at: now, into: &actions)
        return actions.filter { if case .wake = $0 { false } else { true } }
    }

    mutating func wait(milliseconds: UInt64) -> [FastPath.Action] {
        now = now.advanced(byNanoseconds: milliseconds * Nanoseconds.perMillisecond)
        return step(.tick)
    }

    @discardableResult mutating func submit(
        _ updates: [Update], head: ChainHead = .start
    ) -> [FastPath.Action] {
        step(.submit(updates.map { .init($0, head: head) }))
    }

    @discardableResult mutating func propose(
        _ proposal: Proposal, head: ChainHead = .start
    ) -> [FastPath.Action] {
        step(.proposal(
            proposal, from: proposal.gateway,
            verdicts: proposal.items.map { _ in .admissible(head: head) }))
    }

    @discardableResult mutating func vote(
        _ seat: UInt8, _ proposal: Proposal, rejecting: [Int] = [], because: [Rejection] = []
    ) -> [FastPath.Action] {
        let vote = committee.vote(seat, proposal, rejecting: rejecting)
        return step(.vote(CheckedLockVote(own: vote), rejections: because))
    }

    @discardableResult mutating func certificate(
        _ certificate: Certificate, head: ChainHead = .start
    ) throws -> [FastPath.Action] {
        let checked = try CheckedCertificate(certificate, in: committee.view)
        return step(.certificate(checked, heads: checked.updates.map { _ in head }))
    }

    /// What the proposal is that the last step sent.
    var proposed: Proposal? {
        for case .propose(let proposal, _) in actions { return proposal }
        return nil
    }
}

extension [FastPath.Action] {
    /// Their names in order, for tables.
    var names: [String] {
        map { String(describing: $0).prefix { $0 != "(" }.description }
    }

    var rejected: [(Update, [RejectReason])] {
        compactMap { if case .rejected(let update, let why) = $0 { (update, why) } else { nil } }
    }

    var confirms: [Confirm] {
        compactMap { if case .confirm(let confirm, _) = $0 { confirm } else { nil } }
    }

    /// The reasons of the vote among them.
    var rejections: [Rejection]? {
        for case .vote(_, let rejections, _) in self { return rejections }
        return nil
    }
}
