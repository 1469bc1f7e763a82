// What a validator does with blocks of others: keep, let wait, fetch parents, notice its own.
import Primitives

/// Whom a validator talks to.
public enum Peer: Hashable, Sendable {
    /// A seat of the committee.
    case seat(Seat)
    /// One without a seat, by a number that the shell gives out.
    case observer(UInt32)
}

extension Validator {
    mutating func receive(
        _ block: CheckedBlock, from sender: Peer, at now: Instant, into actions: inout [Action]
    ) {
        let isEarly = block.header.time > now.advanced(byNanoseconds: settings.futureTolerance)
        let author = Int(block.author.index)
        if isEarly, block.round >= punctual[author], !lapses.contains(.takesBlocksFromTheFuture) {
            if !lapses.contains(.dropsBlocksFromTheFuture) { wait(block, from: sender) }
            return
        }
        if !isEarly, block.round > punctual[author] {
            punctual[author] = block.round
            takeCorrected(block.author, at: now, into: &actions)
        }
        if isForgotten(block) { forget(into: &actions) }
        switch store.insert(block) {
        case .accepted(let references):
            keep(references, into: &actions)
        case .waiting(let missing):
            let isBehind = block.round > store.quorumRound + settings.lateRounds
            fetching.want(missing, of: sender, at: now, isBehind: isBehind, store)
        case .known, .pruned, .unwantedTwin, .overLimit: break
        }
        for evidence in store.evidence.dropFirst(accused)
        where !lapses.contains(.accusesNobody) {
            actions.append(.accuse(evidence))
        }
        accused = store.evidence.count
    }

    /// Blocks from the future wait; each author has some room, and the rest is fetched later.
    private mutating func wait(_ block: CheckedBlock, from sender: Peer) {
        var count = 0
        for waiting in early where waiting.block.author == block.author {
            if waiting.block == block { return }
            count += 1
        }
        let hasLimit = !lapses.contains(.keepsWaitingFutureWithoutLimit)
        if count < settings.earlyBlocks || !hasLimit { early.append((block, sender)) }
    }

    /// The author's clock was ahead and was set right: what it made before can be had now.
    private mutating func takeCorrected(
        _ author: Seat, at now: Instant, into actions: inout [Action]
    ) {
        func isCorrected(_ block: CheckedBlock) -> Bool {
            block.author == author && block.round < punctual[Int(author.index)]
        }
        let corrected = early.filter { isCorrected($0.block) }
        early.removeAll { isCorrected($0.block) }
        for (block, sender) in corrected { receive(block, from: sender, at: now, into: &actions) }
    }

    mutating func takeDue(at now: Instant, into actions: inout [Action]) {
        let limit = now.advanced(byNanoseconds: settings.futureTolerance)
        guard early.contains(where: { $0.block.header.time <= limit }) else { return }
        let due = early.filter { $0.block.header.time <= limit }
        early.removeAll { $0.block.header.time <= limit }
        for (block, sender) in due { receive(block, from: sender, at: now, into: &actions) }
    }

    /// Whether `block` is by our key and we do not know of it.
    private func isForgotten(_ block: CheckedBlock) -> Bool {
        guard let lastOwn, halted == nil, block.author == seat,
            !lapses.contains(.ignoresAmnesia)
        else { return false }
        if block.round > lastOwn.round { return true }
        return !store.contains(block.reference)
            && store.references(in: block.round).contains { $0.author == seat }
    }

    private mutating func forget(into actions: inout [Action]) {
        halted = .amnesia
        actions.append(.halt(.amnesia))
    }

    /// Persists what was accepted.
    mutating func keep(_ references: [BlockReference], into actions: inout [Action]) {
        for reference in references {
            if let block = store.block(reference), !lapses.contains(.persistsNothing) {
                actions.append(.persist(block))
            }
        }
        note(references)
    }

    /// Takes note of blocks that were accepted.
    mutating func note(_ references: [BlockReference]) {
        isChanged = true
        for reference in references
        where store.block(reference)?.block.payload.isEmpty == false
            && !committer.isSequenced(reference)
        {
            carriers.insert(reference)
        }
    }
}
