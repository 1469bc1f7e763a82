// The graph of the epoch before: kept going until its last checkpoint is certified, since others
// may
// need this seat's blocks to come to the last commit; after that kept to answer from.
import Consensus
import Primitives

struct EarlierEpoch: Sendable {
    var order: Validator
    var coin: CoinKeeping
    let view: CommitteeView
    /// Whether the last checkpoint of the epoch is still to be certified.
    var isNeeded: Bool

    var epoch: UInt64 { view.epoch }
}

extension Replica {
    /// Lets the earlier graph take an input; what it commits has no effect any more.
    mutating func stepEarlier(
        _ input: Validator.Input, at now: Instant, into actions: inout [Action]
    ) {
        guard var earlier, earlier.isNeeded, !isStopped else { return }
        step([input], of: &earlier, at: now, into: &actions)
        self.earlier = earlier
    }

    private mutating func step(
        _ given: [Validator.Input], of earlier: inout EarlierEpoch, at now: Instant,
        into actions: inout [Action]
    ) {
        var inputs = given
        while !inputs.isEmpty {
            let next = inputs.removeFirst()
            var made: [Validator.Action] = []
            earlier.order.step(next, at: now, into: &made)
            for action in made {
                inputs += obey(action, of: &earlier, into: &actions)
            }
            inputs += earlier.offerShares(isSilent: isReplaying || key == nil)
        }
    }

    /// Performs what the graph of one epoch asks for in one step. A commit among it may end that
    /// epoch: what follows then is asked by the earlier graph.
    mutating func obey(
        _ made: [Validator.Action], of epoch: UInt64, at now: Instant,
        into actions: inout [Action]
    ) {
        for action in made {
            if self.epoch == epoch {
                obey(action, at: now, into: &actions)
                continue
            }
            guard var earlier, earlier.epoch == epoch else { return }
            let inputs = obey(action, of: &earlier, into: &actions)
            if !isReplaying { step(inputs, of: &earlier, at: now, into: &actions) }
            self.earlier = earlier
        }
    }

    private mutating func obey(
        _ action: Validator.Action, of earlier: inout EarlierEpoch,
        into actions: inout [Action]
    ) -> [Validator.Input] {
        switch action {
        case .persist(let block):
            actions.append(.record(.block(block.block)))
            return earlier.scan(block)
        case .broadcast(let block): actions.append(.broadcast(.block(block.block)))
        case .send(let block, let peer):
            if let key = contacts.key(of: peer, in: earlier.view) {
                actions.append(.send(.block(block.block), to: key))
            }
        case .request(let references, let round, let peer):
            if let key = contacts.key(of: peer, in: earlier.view) {
                let question = PeerMessage.blocksWanted(
                    epoch: earlier.epoch, references, above: round)
                actions.append(.send(question, to: key))
            }
        case .commit(let commit): return earlier.advance(to: commit.head.round)
        case .wake(let time): alarms.set(.earlier, at: time)
        case .halt(.broken(let fault)): halt(.broken(fault), into: &actions)
        case .halt(.amnesia): halt(.amnesia, into: &actions)
        case .accuse, .refuse: break
        }
        return []
    }
}

extension EarlierEpoch {
    mutating func scan(_ block: CheckedBlock) -> [Validator.Input] {
        var made: [CoinOpener.Action] = []
        coin.scan(block, into: &made)
        return made.inputs
    }

    mutating func advance(to round: Round) -> [Validator.Input] {
        var made: [CoinOpener.Action] = []
        coin.opener?.step(.committed(round), into: &made)
        return made.inputs
    }

    mutating func offerShares(isSilent: Bool) -> [Validator.Input] {
        guard !isSilent, order.isReady else { return [] }
        var made: [CoinOpener.Action] = []
        let shares = coin.shares(for: order.nextRound, into: &made)
        return made.inputs + (shares.isEmpty ? [] : [.system(BlockPayload(shares))])
    }
}

extension [CoinOpener.Action] {
    /// The coins that they open.
    fileprivate var inputs: [Validator.Input] {
        compactMap { if case .open(let round, let value) = $0 { .coin(round, value) } else { nil } }
    }
}
