// What the ledger says of the agents that run here: they are taken in, brought to their places, and
// given the calls that others wait with.
import Agents
import Cryptography
import Environment
import Ledger
import Primitives

extension AgentDesk {
    /// Takes what the ledger says; agents that are to run here are taken in.
    mutating func take(_ look: AgentLook) {
        guard !isClosed else { return }
        consensusTime = max(consensusTime, look.time)
        for place in look.places {
            if hosted[place.agent] != nil { follow(place) } else { admit(place) }
            let callers = waiting[place.agent] ?? []
            let readers = hosted[place.agent]?.readers ?? []
            for others in [callers.sorted(), readers] where !others.isEmpty {
                ask(.look(others, afterNanoseconds: 0))
            }
        }
        for place in look.places { deliver(place) }
    }

    /// Asks for what was kept of an agent that is to run here.
    private mutating func admit(_ place: AgentPlace) {
        guard shard.holds(place.agent), place.instance.status == .running,
            let key = chain.secret.agentKey(place.agent, of: place.owner),
            key.publicKey == place.key, restoring[place.agent] == nil
        else { return }
        restoring[place.agent] = []
        ask(.restore(place))
    }

    /// Takes an agent in. What was kept may be older than the ledger, of a node that was set back,
    /// or of a program that has ended: the agent hears its place first of all, and where that is
    /// not in what was kept, it does not go on.
    mutating func adopt(_ place: AgentPlace, _ kept: Result<[UInt8]?, DiskFailure>) {
        let agent = place.agent
        guard let callers = restoring.removeValue(forKey: agent), !isClosed,
            let key = chain.secret.agentKey(agent, of: place.owner)
        else { return }
        do {
            let instance = try instance(of: place, try kept.get())
            var host = HostedAgent(place, key: key)
            host.pending = instance.waiting
            host.isClosed = !host.pending.isEmpty
            // Who asked is gone; what they said is in what was kept.
            host.given = (0..<host.pendingCount).map { _ in CallUnderWay() }
            for last in host.pending.compactMap(\.header.dependencies.last) {
                host.delivered[last.height.agent] = last.height.sequence
            }
            try runtime.add(instance, at: time.now)
            host.resolution = .resend
            hosted[agent] = host
            note(agent, "agent runs here", "from transition \(place.instance.sequence)")
        } catch {
            note(agent, "agent not taken in", "\(error)")
            return
        }
        follow(place)
        if !callers.isEmpty { ask(.look(callers.sorted(), afterNanoseconds: 0)) }
    }

    private func instance(of place: AgentPlace, _ kept: [UInt8]?) throws -> Instance {
        let program = try AgentProgram(decoding: place.program)
        let identity = InstanceIdentity(
            chain: chain.digest, agent: place.agent, policy: place.instance.policy,
            gasLimit: chain.gasLimit)
        var fresh = Instance(
            identity, of: program, after: place.instance.sequence, clock: place.instance.clock,
            at: time.now)
        fresh.firstAttempt = chain.firstAttempt
        let isAtStart = fresh.root == place.instance.root
        guard let kept else { return fresh }
        let restored = try? Instance(restoring: kept, identity, of: program, at: time.now)
        guard var restored else {
            // What an earlier program of the agent left.
            if isAtStart { return fresh }
            throw DecodingFailure(.outOfRange, at: 0)
        }
        if isAtStart, restored.root != fresh.root { return fresh }
        restored.firstAttempt = chain.firstAttempt
        return restored
    }

    /// Brings an agent to its place.
    private mutating func follow(_ place: AgentPlace) {
        let agent = place.agent
        guard var host = hosted[agent], let before = runtime.instance(agent) else { return }
        if let callee = host.place.instance.call?.callee { waiting[callee]?.remove(agent) }
        // It may be what the ledger refused the last transition for.
        let isRefilled = host.place.instance.account.deposit < place.instance.account.deposit
        host.place = place
        let resolution = host.isAsking ? nil : host.resolution
        if resolution != nil { host.resolution = nil }
        if isRefilled, !before.hasEnded { host.trouble = nil }
        hosted[agent] = host
        switch place.instance.status {
        case .running: break
        case .ended: return release(agent)
        case .faulty: return stop(agent, "its key signed two transitions for one place")
        }
        runtime.setConsensusTime(max(consensusTime, place.instance.time), for: agent)
        guard place.key == host.key.publicKey else { return stop(agent, "it has another key now") }
        let (sequence, root) = (place.instance.sequence, place.instance.root)
        let isElsewhere = before.sequence != sequence || before.root != root
        if isElsewhere || resolution == .resend || isRefilled {
            tell(agent, .ledger(sequence: sequence, root: root))
            forgetGivenUp(agent)
        } else if let resolution {
            resolve(resolution, sequence, root, of: agent)
        }
        takeAnswer(of: place)
    }

    private mutating func resolve(
        _ resolution: Resolution, _ sequence: UInt64, _ root: Digest, of agent: AgentID
    ) {
        guard var host = hosted[agent] else { return }
        let read = host.pendingCount
        let isDropped = resolution == .withoutWhatItRead
        if isDropped {
            let first = host.readCount
            host.given.removeSubrange(first..<min(first + read, host.given.count))
        }
        hosted[agent] = host
        forgetPending(agent)
        tell(
            agent,
            isDropped
                ? .rejected(sequence: sequence, root: root)
                : .refused(sequence: sequence, root: root))
        // It was due before.
        tell(agent, .requested)
        giveNext(agent)
    }

    /// The ledger has a state that is not here. Where it is that of a program before its first
    /// step, that is run; else somebody else runs the agent, or what was kept is an old copy.
    mutating func overtaken(_ agent: AgentID, _ sequence: UInt64, _ root: Digest) {
        guard let host = hosted[agent] else { return }
        let fresh = try? instance(of: host.place, nil)
        guard let fresh, fresh.root == root, fresh.sequence == sequence else {
            return stop(
                agent, "the ledger has transition \(sequence), which is not of this node: its "
                    + "directory is an old copy, or the agent runs elsewhere too")
        }
        release(agent)
        admit(host.place)
    }

    /// An agent that has ended gives its place to others.
    private mutating func release(_ agent: AgentID) {
        stop(agent, "the program has ended")
        runtime.remove(agent)
        hosted[agent] = nil
        sharing.remove(agent)
        ask(.forget(agent))
    }

    /// Passes on the ledger's answer to what an agent waits with, or waits.
    private mutating func takeAnswer(of place: AgentPlace) {
        guard let call = place.instance.call,
            runtime.instance(place.agent)?.sequence == place.instance.sequence
        else { return }
        guard let answer = call.answer else {
            waiting[call.callee, default: []].insert(place.agent)
            return
        }
        tell(place.agent, .answered(HostAnswer(answer.status, answer.words), by: answer.by))
        tell(place.agent, .requested)
    }

    /// Gives what an agent waits with, here or elsewhere, to the agent here it is for.
    private mutating func deliver(_ place: AgentPlace) {
        guard let call = place.instance.call else { return }
        restoring[call.callee]?.insert(place.agent)
        guard var host = hosted[call.callee] else { return }
        if call.openLeaves != nil {
            if !host.readers.contains(place.agent) {
                host.readers = (host.readers + [place.agent]).sorted()
                hosted[call.callee] = host
            }
            return show(call.callee, to: place)
        }
        host.readers.removeAll { $0 == place.agent }
        hosted[call.callee] = host
        guard call.isOpenCall, host.trouble == nil, host.isNew(place.height) else { return }
        host.delivered[place.agent] = place.instance.sequence
        hosted[call.callee] = host
        tell(
            call.callee,
            .message(
                Message(from: place.agent, call.words),
                from: Dependency(height: place.height, root: place.instance.root)))
        tell(call.callee, .requested)
    }

    /// Shows leaves of an agent's accepted state to one that waits for them.
    private mutating func show(_ agent: AgentID, to reader: AgentPlace) {
        guard var host = hosted[agent], let instance = runtime.instance(agent), !host.isAsking,
            instance.sequence == host.place.instance.sequence,
            let leaves = reader.instance.call?.openLeaves, let proof = instance.shown(leaves)
        else { return }
        host.asking = .show(reader.agent)
        hosted[agent] = host
        submit(.show(agent, to: reader.agent, proof), for: host)
    }
}
