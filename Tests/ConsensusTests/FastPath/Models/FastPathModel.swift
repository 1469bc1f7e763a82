// Every interleaving of four seats, one of them faulty, over one chain: locks, certificates,
// confirms, an unlock and the end of the epoch. All decisions are those of `ChainLocks` and
// `UnlockEntry`.
import Primitives

@testable import Consensus

/// Explores all states. A message may arrive at any time or never, so what was signed is simply
/// there for everybody; seats read the events of the order one after another, each at its own pace.
struct FastPathModel {
    struct Scope: Sendable {
        var hasUnlock = false
        var hasClose = false
        /// Whether a second update wants the first place.
        var hasRival = true
        /// Whether there is an update of the second place.
        var hasNext = false
        /// Whether the honest seats begin with locks of the first update and of the second place.
        var hasLocked = false
    }

    struct Verdict {
        var states: Int
        var violation: String?
    }

    let scope: Scope
    let rules: FastPathRules
    private var local: [UInt128: ChainLocks] = [:]

    init(_ scope: Scope, spoil: (inout FastPathRules) -> Void = { _ in }) {
        self.scope = scope
        var rules = FastPathRules(quorum: 3)
        spoil(&rules)
        self.rules = rules
    }

    private var updates: [ModelUpdate] {
        [.one] + (scope.hasRival ? [.other] : []) + (scope.hasNext ? [.next] : [])
    }
    private let slot = ModelUpdate.one.update.slot

    mutating func explore(limit: Int = .max) -> Verdict {
        var seen: Set<UInt128> = [start.packed]
        var open = Array(seen)
        while let packed = open.popLast() {
            let state = ModelState(packed: packed)
            if let violation = violation(in: state) {
                return Verdict(states: seen.count, violation: violation)
            }
            if seen.count > limit { return Verdict(states: seen.count, violation: nil) }
            for next in successors(of: state) where seen.insert(next.packed).inserted {
                open.append(next.packed)
            }
        }
        return Verdict(states: seen.count, violation: nil)
    }

    /// One schedule drawn from a seed: a violation on the way, if there is one. Finds a spoiled rule
    /// sooner than going through all states does.
    mutating func walk(seed: UInt64, steps: Int) -> String? {
        var generator = SeededGenerator(seed: seed)
        var state = start
        for _ in 0..<steps {
            guard let next = successors(of: state).randomElement(using: &generator) else { break }
            state = next
            if let violation = violation(in: state) { return violation }
        }
        return nil
    }

    private var start: ModelState {
        var state = ModelState()
        guard scope.hasLocked else { return state }
        // Seats read it when they like; after the place is settled it would be nothing.
        if scope.hasUnlock { state.events = [.unlock] }
        for index in state.seats.indices {
            state.seats[index].lock = ModelUpdate.one.rawValue
            state.seats[index].signed = ModelUpdate.one.bit | ModelUpdate.next.bit
        }
        return state
    }

    // What is there

    private func isCertified(_ update: ModelUpdate, in state: ModelState) -> Bool {
        state.count { $0.has(\.signed, update) } + 1 >= rules.certificateQuorum
    }

    private func isFinal(_ update: ModelUpdate, in state: ModelState) -> Bool {
        state.count { $0.has(\.confirmed, update) } + 1 >= rules.finalQuorum
    }

    private func isOver(_ state: ModelState) -> Bool {
        state.count(\.hasEnded) + (state.faultyEnded ? 1 : 0) >= 3
    }

    private func violation(in state: ModelState) -> String? {
        if isCertified(.one, in: state), isCertified(.other, in: state) {
            return "two updates of one slot can be certified"
        }
        for update in [ModelUpdate.one, .other] where isFinal(update, in: state) {
            if state.outcome == 3 { return "a final update was voided" }
            if state.outcome != 0, state.outcome != update.rawValue {
                return "another update than the final one was carried out"
            }
            if isOver(state), state.outcome == 0 { return "a final update is missing at the end" }
        }
        guard scope.hasNext else { return nil }
        if isCertified(.next, in: state), state.outcome == 2 {
            return "certified upon an update that was not carried out"
        }
        if isFinal(.next, in: state) {
            if state.outcome == 3 { return "a final update was voided with the one below it" }
            if isOver(state), !state.events.contains(.second) {
                return "a final second update is missing at the end"
            }
        }
        return nil
    }

    /// The locks and certificates of a seat, as the shipped code has them after all it did.
    private mutating func chain(of seat: ModelSeat, in state: ModelState) -> ChainLocks {
        var key = seat.packed << 16 | UInt128(state.outcome)
        for event in state.events.prefix(Int(seat.read)) { key = key << 3 | UInt128(event.rawValue) }
        if let known = local[key] { return known }
        var chain = ChainLocks(head: .start, rules: rules)
        if let lock = ModelUpdate(rawValue: seat.lock) {
            _ = chain.lock(lock.update, for: Seat(0))
        }
        if seat.has(\.signed, .next) { _ = chain.lock(ModelUpdate.next.update, for: Seat(0)) }
        for update in ModelUpdate.allCases where seat.has(\.held, update) {
            _ = chain.hold(update.update, update.reference, run: 8)
        }
        _ = chain.advance()
        for event in state.events.prefix(Int(seat.read)) {
            switch event {
            case .unlock: _ = chain.unlock(slot)
            case .close: break
            case .settled: _ = chain.execute(through: settledHead(state))
            case .second: _ = chain.execute(through: TestUpdates.head(1, 2))
            }
            _ = chain.advance()
        }
        local[key] = chain
        return chain
    }

    private func settledHead(_ state: ModelState) -> ChainHead {
        guard let winner = ModelUpdate(rawValue: state.outcome), winner != .next else {
            return ChainHead(sequence: 0, digest: Digest(), attempt: 1)
        }
        return ChainHead(sequence: 1, digest: winner.update.digest, attempt: 0)
    }

    // What may happen next

    private mutating func successors(of state: ModelState) -> [ModelState] {
        var result: [ModelState] = []
        for index in state.seats.indices {
            let chain = chain(of: state.seats[index], in: state)
            for seat in localSteps(of: state.seats[index], chain, in: state) {
                var next = state
                next.seats[index] = seat
                result.append(next)
            }
            result += orderSteps(of: index, chain, in: state)
        }
        return result + worldSteps(of: state)
    }

    /// Lock, take a certificate, confirm, read the order.
    private func localSteps(
        of seat: ModelSeat, _ chain: ChainLocks, in state: ModelState
    ) -> [ModelSeat] {
        let isClosing = state.events.prefix(Int(seat.read)).contains(.close)
        var result: [ModelSeat] = []
        for update in updates {
            var next = seat
            if !seat.has(\.signed, update),
                chain.refusal(of: update.update, isClosing: isClosing, run: 8) == nil
            {
                next.signed |= update.bit
                if update != .next { next.lock = update.rawValue }
                result.append(next)
            }
            guard isCertified(update, in: state) else { continue }
            next = seat
            var holding = chain
            if holding.hold(update.update, update.reference, run: 8) == .held {
                next.held |= update.bit
                result.append(next)
            }
            next = seat
            if !seat.has(\.confirmed, update),
                chain.mayConfirm(update.update, isClosing: isClosing)
            {
                next.confirmed |= update.bit
                result.append(next)
            }
        }
        if let next = reading(seat, chain, in: state) { result.append(next) }
        return result
    }

    private func reading(
        _ seat: ModelSeat, _ chain: ChainLocks, in state: ModelState
    ) -> ModelSeat? {
        guard Int(seat.read) < state.events.count else { return nil }
        var next = seat
        next.read += 1
        if state.events[Int(seat.read)] == .unlock {
            var unlocking = chain
            if unlocking.unlock(slot) {
                next.answer = unlocking.shown(at: 1).flatMap { ModelUpdate.of($0) }
                    .map { $0.rawValue + 1 } ?? 1
            }
        }
        return next
    }

    /// What an honest seat puts into the order.
    private func orderSteps(
        of index: Int, _ chain: ChainLocks, in state: ModelState
    ) -> [ModelState] {
        let seat = state.seats[index]
        var result: [ModelState] = []
        if (1...3).contains(seat.answer) {
            var next = state
            next.seats[index].answer = 4
            if seat.answer == 1 {
                count(&next)
            } else if let shown = ModelUpdate(rawValue: seat.answer - 1) {
                sequence(shown, in: &next)
            }
            result.append(next)
        }
        let isClosing = state.events.prefix(Int(seat.read)).contains(.close)
        if isClosing, !seat.hasEnded, chain.certifiedCount == 0 || !rules.endWaitsForConfirmed {
            var next = state
            next.seats[index].hasEnded = true
            result.append(next)
        }
        return result
    }

    /// Certificates that anybody puts into the order, the unlock, the close, and the faulty seat.
    private func worldSteps(of state: ModelState) -> [ModelState] {
        var result: [ModelState] = []
        func add(_ change: (inout ModelState) -> Void) {
            var next = state
            change(&next)
            result.append(next)
        }
        for update in updates where isCertified(update, in: state) {
            add { sequence(update, in: &$0) }
        }
        if scope.hasUnlock, state.outcome == 0, !state.events.contains(.unlock) {
            add { $0.events.append(.unlock) }
        }
        if scope.hasClose, !state.events.contains(.close) { add { $0.events.append(.close) } }
        if state.events.contains(.unlock), !state.faultyVoted {
            add {
                $0.faultyVoted = true
                count(&$0)
            }
        }
        if state.events.contains(.close), !state.faultyEnded { add { $0.faultyEnded = true } }
        return result
    }

    /// A certificate stands in the order.
    private func sequence(_ update: ModelUpdate, in state: inout ModelState) {
        guard !isOver(state) else { return }
        if update == .next {
            state.nextSequenced = state.outcome == 3 ? state.nextSequenced : true
        } else if state.outcome == 0 {
            state.outcome = update.rawValue
            state.events.append(.settled)
        }
        if state.nextSequenced, state.outcome == 1, !state.events.contains(.second) {
            state.events.append(.second)
        }
    }

    /// An empty unlock vote stands in the order; all of them are counted again.
    private func count(_ state: inout ModelState) {
        guard !isOver(state), state.outcome == 0,
            var entry = UnlockEntry(Unlock(slot: slot), head: .start)
        else { return }
        var last = UnlockOutcome.open
        for (index, seat) in state.seats.enumerated() where seat.answer == 4 {
            last = entry.count(Seat(UInt8(index)), rules: rules)
        }
        if state.faultyVoted { last = entry.count(Seat(3), rules: rules) }
        guard case .voided = last else { return }
        state.outcome = 3
        state.events.append(.settled)
    }
}
