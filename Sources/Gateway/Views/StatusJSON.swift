// The state of a node in numbers, as JSON.
import Cryptography
import JSON
import Node
import Primitives
import Records
import Storage

/// What `/v1/status` and `/metrics` take from the node's thread.
struct StatusFacts: Sendable {
    var genesis: Genesis
    var status: NodeStatus
    var agentFinal: LatencyWindow.Quantiles
    var checkpointFinal: LatencyWindow.Quantiles
    var committee: CommitteeStatus
    /// Links to peers that are up.
    var links: Int
    /// Over the last ten seconds.
    var commitsPerSecond: UInt64
    var certificatesPerSecond: UInt64
}

extension NodeDesk {
    func facts() throws(Problem) -> StatusFacts {
        let now = clock.monotonicNanoseconds()
        return StatusFacts(
            genesis: node.genesis,
            status: try asking { () throws(NodeFailure) in try node.status() },
            agentFinal: meters.agentFinal.quantiles(at: now),
            checkpointFinal: meters.checkpointFinal.quantiles(at: now),
            committee: try asking { () throws(NodeFailure) in try node.committee() },
            links: node.network.links().count,
            commitsPerSecond: meters.commits.perSecond(at: now),
            certificatesPerSecond: meters.certificates.perSecond(at: now))
    }
}

extension JSONWriter {
    mutating func write(_ facts: StatusFacts, _ context: Context) {
        object { object in
            object.member("version", context.settings.version)
            object.member("commit", context.settings.commit)
            object.member("chain", facts.status.chain.hex)
            object.member("name", facts.genesis.name)
            object.member("mode", context.mode.name)
            object.member("started", quoted: context.started.nanoseconds)
            object.member("now", quoted: context.clock.now().nanoseconds)
            object.counts(of: facts.status)
            object.spans(context.meters)
            object.latency(facts)
            object.consensus(facts)
            object.key("validators")
            object.array { array in
                for key in facts.genesis.committee.validators { array.write(validator: key) }
            }
        }
    }

    private mutating func counts(of status: NodeStatus) {
        member("height", quoted: status.height)
        member("records", quoted: status.records)
        member("batches", quoted: status.batches)
        member("operations", quoted: status.operations)
        member("agents", quoted: UInt64(status.agents))
        key("payloads")
        object { object in
            object.member("rawBytes", quoted: status.payloads.payloadBytes)
            object.member("storedBytes", quoted: status.payloads.storedBytes)
        }
        key("store")
        object { object in
            object.member("journalBytes", quoted: status.journalBytes)
            object.member("payloadBytes", quoted: status.payloadBytes)
            object.member("recordsPruned", quoted: status.recordsPruned?.nanoseconds ?? 0)
            object.member("payloadsPruned", quoted: status.payloadsPruned?.nanoseconds ?? 0)
            object.key("compaction")
            object.write(status.compaction)
        }
    }

    private mutating func write(_ compaction: CompactionStatus) {
        object { object in
            object.member("bytesPerSecond", quoted: compaction.bytesPerSecond)
            object.member("segments", quoted: compaction.segments)
            object.member("bytesBefore", quoted: compaction.bytesBefore)
            object.member("bytesAfter", quoted: compaction.bytesAfter)
            object.member("waiting", quoted: compaction.waiting)
            object.member("failures", quoted: compaction.failures)
        }
    }

    private mutating func spans(_ meters: Meters) {
        key("spans")
        object { object in
            object.member("received", quoted: meters.spansReceived.value)
            object.member("recorded", quoted: meters.spansRecorded.value)
            object.member("duplicates", quoted: meters.spansDuplicate.value)
            object.member("refused", quoted: meters.spansRefused)
        }
    }

    private mutating func latency(_ facts: StatusFacts) {
        key("latency")
        object { object in
            object.key("agentFinal")
            object.write(facts.agentFinal)
            object.key("checkpointFinal")
            object.write(facts.checkpointFinal)
        }
    }

    private mutating func consensus(_ facts: StatusFacts) {
        key("consensus")
        object { object in
            let committee = facts.committee
            object.member("epoch", quoted: committee.epoch)
            object.member("round", quoted: committee.round)
            object.member("committedRound", quoted: committee.committedRound)
            object.member("commits", quoted: committee.commits)
            object.key("seat")
            if let seat = committee.seat { object.write(seat) } else { object.writeNull() }
            object.member("seats", committee.seats)
            object.member("connected", facts.links)
            object.member("commitsPerSecond", quoted: facts.commitsPerSecond)
            object.member("certificates", quoted: committee.certificates)
            object.member("certificatesPerSecond", quoted: facts.certificatesPerSecond)
            object.member("batchesUnderWay", committee.batchesUnderWay)
            object.key("halted")
            if let reason = committee.halted {
                object.write("\(reason)")
            } else {
                object.writeNull()
            }
        }
    }

    private mutating func write(_ quantiles: LatencyWindow.Quantiles) {
        object { object in
            object.member("p50", quoted: quantiles.p50)
            object.member("p90", quoted: quantiles.p90)
            object.member("p99", quoted: quantiles.p99)
            object.member("count", quoted: quantiles.count)
        }
    }

    private mutating func write(validator key: PublicKey) {
        object { object in
            object.member("key", key.hex)
            object.member("did", DIDKey.encode(key))
        }
    }
}
