// The metrics of a node and its gateway, by name.
import Node
import Platform
import Storage

/// One reading of everything.
struct MetricsPage {
    let context: Context
    /// Nil where the store cannot be asked.
    let facts: StatusFacts?

    var text: String {
        var page = PrometheusText()
        spans(&page)
        if let facts { ledger(facts, &page) }
        finality(&page)
        if let facts { consensus(facts, &page) }
        requests(&page)
        process(&page)
        return page.text
    }

    private func spans(_ page: inout PrometheusText) {
        let meters = context.meters
        page.single(
            "althing_spans_received_total", .counter, "Spans decoded, refused ones included.",
            meters.spansReceived.value)
        page.single(
            "althing_spans_duplicate_total", .counter, "Spans that were recorded before.",
            meters.spansDuplicate.value)
        page.family("althing_spans_refused_total", .counter, "Spans refused, by reason.")
        for reason in RefusalReason.allCases {
            page.sample(
                "althing_spans_refused_total", meters.refusedCount(reason),
                labels: [("reason", reason.rawValue)])
        }
        page.single(
            "althing_pending_spans", .gauge, "Spans between their arrival and the disk.",
            UInt64(max(0, context.admission.pendingSpans)))
        page.single(
            "althing_pending_bytes", .gauge, "Bytes of spans between their arrival and the disk.",
            UInt64(max(0, context.admission.pendingBytes)))
    }

    private func ledger(_ facts: StatusFacts, _ page: inout PrometheusText) {
        let status = facts.status
        page.single(
            "althing_records_total", .counter, "Records accepted since genesis.", status.records)
        page.single(
            "althing_batches_total", .counter, "Batches accepted since genesis.", status.batches)
        page.single(
            "althing_checkpoints_total", .counter, "Checkpoints since genesis.", status.height)
        page.single(
            "althing_checkpoint_height", .gauge, "Height of the last checkpoint.", status.height)
        page.single(
            "althing_journal_bytes", .gauge, "Bytes of the journal on disk.", status.journalBytes)
        page.single(
            "althing_payload_raw_bytes_total", .counter, "Bytes of payloads taken in.",
            status.payloads.payloadBytes)
        page.single(
            "althing_payload_stored_bytes_total", .counter, "Bytes that keep those payloads.",
            status.payloads.storedBytes)
        compaction(status.compaction, &page)
    }

    private func compaction(_ compaction: CompactionStatus, _ page: inout PrometheusText) {
        page.single(
            "althing_compacted_segments_total", .counter,
            "Sealed segments compressed since the store was opened.", compaction.segments)
        page.single(
            "althing_compacted_before_bytes_total", .counter, "Bytes of those segments before.",
            compaction.bytesBefore)
        page.single(
            "althing_compacted_after_bytes_total", .counter, "Bytes of those segments after.",
            compaction.bytesAfter)
        page.single(
            "althing_compaction_failures_total", .counter,
            "Segments that could not be compressed.", compaction.failures)
        page.single(
            "althing_compaction_waiting_segments", .gauge,
            "Sealed segments that were not looked at yet.", compaction.waiting)
    }

    private func consensus(_ facts: StatusFacts, _ page: inout PrometheusText) {
        let committee = facts.committee
        page.single(
            "althing_epoch", .gauge, "The epoch whose committee signs now.", committee.epoch)
        page.single(
            "althing_round", .gauge, "Round of the newest block of the graph.", committee.round)
        page.single(
            "althing_committed_round", .gauge, "Round of the last commit.",
            committee.committedRound)
        page.single(
            "althing_commits_total", .counter, "Commits since genesis.", committee.commits)
        page.single(
            "althing_certificates_total", .counter,
            "Certificates kept since the store was opened.", committee.certificates)
        page.single(
            "althing_peers", .gauge, "Links to other nodes that are up.", UInt64(facts.links))
        page.single(
            "althing_halted", .gauge, "1 where this validator signs nothing more.",
            committee.halted == nil ? 0 : 1)
        guard let peers = context.peers else { return }
        let counts = peers.counts
        page.single(
            "althing_peer_received_bytes_total", .counter, "Bytes from other nodes.",
            counts.total.receivedBytes)
        page.single(
            "althing_peer_sent_bytes_total", .counter, "Bytes to other nodes.",
            counts.total.sentBytes)
        page.single(
            "althing_peer_malformed_total", .counter, "Messages that did not decode.",
            peers.malformedMessages)
    }

    private func finality(_ page: inout PrometheusText) {
        page.histogram(
            "althing_agent_final_seconds", "From the arrival of a record until it was durable.",
            context.meters.agentFinal)
        page.histogram(
            "althing_checkpoint_final_seconds",
            "From the arrival of a record until its checkpoint was durable.",
            context.meters.checkpointFinal)
        for lane in Lane.allCases {
            page.histogram(
                "althing_\(lane)_lane_seconds",
                "From the arrival of a span of the \(lane) lane until its answer.",
                context.meters.lane(lane).times)
        }
        page.family(
            "althing_lane_refused_total", .counter, "Spans told to come back, by lane.")
        for lane in Lane.allCases {
            page.sample(
                "althing_lane_refused_total", context.meters.lane(lane).refused.value,
                labels: [("lane", lane.rawValue)])
        }
        longest(&page)
        page.single(
            "althing_storage_failures_total", .counter, "Failures of the disk.",
            context.meters.storageFailures.value)
    }

    private func longest(_ page: inout PrometheusText) {
        page.family(
            "althing_lane_longest_seconds", .gauge,
            "The longest that a request with spans was in a stage since the start, by lane.")
        for lane in Lane.allCases {
            for stage in LaneStage.allCases {
                page.duration(
                    "althing_lane_longest_seconds",
                    nanoseconds: context.meters.lane(lane).longest(stage).value,
                    labels: [("lane", lane.rawValue), ("stage", stage.rawValue)])
            }
        }
        page.family(
            "althing_turn_longest_seconds", .gauge,
            "The longest that a part of a turn of the node took since the start.")
        for (stage, nanoseconds) in context.meters.turns.longest {
            page.duration(
                "althing_turn_longest_seconds", nanoseconds: nanoseconds,
                labels: [("stage", stage)])
        }
    }

    private func requests(_ page: inout PrometheusText) {
        page.family("althing_http_requests_total", .counter, "Requests answered.")
        for (row, status, count) in context.meters.answerCounts {
            let route = row < context.router.routes.count ? row : nil
            page.sample(
                "althing_http_requests_total", count,
                labels: [
                    ("route", context.router.label(route)),
                    ("status", status == 0 ? "other" : String(status)),
                ])
        }
        page.histogram(
            "althing_http_request_seconds", "From the whole request until its answer.",
            context.meters.requests)
    }

    private func process(_ page: inout PrometheusText) {
        page.single(
            "process_resident_memory_bytes", .gauge, "Memory of this process.",
            Processes.memory.residentBytes)
        page.family("process_start_time_seconds", .gauge, "When the gateway was made.")
        page.sample("process_start_time_seconds", context.started.nanoseconds / 1_000_000_000)
    }
}
