// How a node comes up: the snapshot from the index, the rest from the journal, and what the index
// lacks is made again.
import Cryptography
import Environment
import Ledger
import Merkle
import Primitives
import Records
import Replica
import Storage

extension Node {
    /// Journal frames between two commits of the index while it is made again.
    private static let framesPerCommit = 64

    /// Opens the store and brings `replica`, which is at the genesis, to where the journal ends.
    static func load(
        _ replica: Replica, submitter: SigningKey?, settings: NodeSettings,
        opening: StoreOpening, clock: any Clock
    ) throws(NodeFailure) -> Working {
        let store: Store
        do { store = try Store(opening, settings: settings) } catch { throw .storage(error) }
        do throws(NodeFailure) {
            var loading = Loading(
                core: Core(replica: replica, submitter: submitter), store: store, clock: clock)
            try loading.run()
            let working = Working(store: store, core: loading.core, fetch: opening.fetch)
            let rate = settings.compactionBytesPerSecond
            do throws(StorageFailure) {
                working.compaction = try StoreCompaction(store, opening, rate: rate)
            } catch { throw NodeFailure.storage(error) }
            return working
        } catch {
            store.close()
            throw error
        }
    }

    /// The genesis that a store begins with.
    public static func genesis(of opening: StoreOpening) throws(NodeFailure) -> Genesis {
        do {
            guard
                let id = try Journal.storeID(
                    disk: opening.disk, directory: opening.journalPath, purpose: .records)
            else { throw NodeFailure.noGenesis }
            let journal = try Journal(
                disk: opening.disk, directory: opening.journalPath,
                settings: JournalSettings(storeID: id, purpose: .records))
            defer { journal.close() }
            var genesis: Genesis?
            try journal.replay { frame in
                genesis = try? Genesis(decoding: Array(frame.payload))
                return false
            }
            if let genesis { return genesis }
        } catch let failure as StorageFailure {
            throw .storage(failure)
        } catch {
            throw .noGenesis
        }
        throw .noGenesis
    }

    private struct Loading {
        var core: Core
        let store: Store
        let clock: any Clock
        /// Frames before this one have their bodies and signals in the index.
        private var indexed: UInt64 = 0
        private var collector = PartCollector()
        private var unfinished = Unfinished()

        init(core: Core, store: Store, clock: any Clock) {
            self.core = core
            self.store = store
            self.clock = clock
        }

        mutating func run() throws(NodeFailure) {
            let genesis = core.replica.genesis
            if store.journal.nextSequence == 0 {
                try storage { () throws(StorageFailure) in
                    _ = try store.append(.genesis(genesis))
                    _ = try store.commit(clock)
                }
            }
            indexed = try storage { () throws(StorageFailure) in try store.indexedSequence() }
            let end = store.journal.committedSequence
            guard indexed <= end else {
                throw .storage(.indexAheadOfJournal(indexed: indexed, journal: end))
            }
            core.indexedBatches = try storage { () throws(StorageFailure) in
                try store.indexedBatches()
            }
            let start = try restoreSnapshot(genesis)
            try storage { () throws(StorageFailure) in try store.indexTasksOnce() }
            try restoreLog()
            try giveUpKey()
            try replay(from: start)
            core.replayedUpon = nil
            try storage { () throws(StorageFailure) in try store.commitReplayed(upTo: end) }
            // What was announced before is not announced again.
            _ = core.takeOutbox()
            try storage { () throws(StorageFailure) in try core.start(unfinished, turn) }
        }

        private var turn: Turn {
            Turn(
                store: store, now: clock.now(), monotonic: clock.monotonicNanoseconds())
        }

        /// The sequence to replay from.
        private mutating func restoreSnapshot(_ genesis: Genesis) throws(NodeFailure) -> UInt64 {
            let stored = try storage { () throws(StorageFailure) in try store.snapshot() }
            guard let snapshot = stored else { return 0 }
            let header = snapshot.checkpoint.header
            guard header.chain == genesis.digest else {
                throw .otherChain(found: header.chain, expected: genesis.digest)
            }
            do {
                try core.replica.restore(
                    checkpoint: snapshot.checkpoint, entries: try stateEntries())
            } catch let failure as ReplayFailure {
                throw .replay(sequence: snapshot.replayFrom, failure)
            } catch let failure as NodeFailure {
                throw failure
            } catch {
                throw .noGenesis
            }
            core.batchCount = snapshot.batchCount
            core.placedBatches = snapshot.batchCount
            core.replayedUpon = core.replica.state.chainHeads
            return snapshot.replayFrom
        }

        /// A key that was given up stays so, wherever the replay starts.
        private mutating func giveUpKey() throws(NodeFailure) {
            let found = try storage { () throws(StorageFailure) in try store.keyGivenUp() }
            guard let key = found else { return }
            var actions: [Replica.Action] = []
            do { try core.replica.replay(.amnesia(key), into: &actions) } catch {
                throw .replay(sequence: 0, error)
            }
            try storage { () throws(StorageFailure) in try core.obey(actions, turn) }
        }

        private func stateEntries() throws(NodeFailure) -> [(key: StateKey, value: [UInt8])] {
            var entries: [(key: StateKey, value: [UInt8])] = []
            let found = try storage { () throws(StorageFailure) in
                try store.index.entries(IndexScan(Space.state))
            }
            for entry in found {
                guard let key = StateKey(decoding: entry.key) else {
                    throw .index(space: "state", DecodingFailure(.outOfRange, at: 0))
                }
                entries.append((key, entry.value))
            }
            return entries
        }

        /// The tile log from the checkpoints that the index holds.
        private mutating func restoreLog() throws(NodeFailure) {
            var log = TileLog()
            let found = try storage { () throws(StorageFailure) in
                try store.index.entries(IndexScan(Space.checkpoints))
            }
            let last = core.replica.last?.height ?? 0
            for entry in found where IndexKey.number(in: entry.key[...]) <= last {
                do {
                    let view = try CheckpointView(decoding: entry.value)
                    log.append(entry: view.checkpoint.header.encoded)
                } catch { throw .index(space: "checkpoints", error) }
            }
            core.log = log.size == last ? log : nil
        }

        private mutating func replay(from start: UInt64) throws(NodeFailure) {
            var failure: NodeFailure?
            try storage { () throws(StorageFailure) in
                try store.journal.replay(from: start) { frame in
                    do throws(NodeFailure) {
                        try take(frame)
                        return true
                    } catch {
                        failure = error
                        return false
                    }
                }
            }
            if let failure { throw failure }
        }

        private mutating func take(_ frame: JournalFrame) throws(NodeFailure) {
            if frame.kind == Core.partKind { return try takePart(frame) }
            guard let kind = JournalEntry.Kind(rawValue: frame.kind) else {
                throw .frameKind(sequence: frame.sequence, frame.kind)
            }
            let entry: JournalEntry
            do {
                entry = try JournalEntry(kind: kind, decoding: Array(frame.payload))
            } catch { throw .frame(sequence: frame.sequence, error) }
            if frame.sequence == 0 {
                let chain = core.replica.genesis.digest
                guard case .genesis(let found) = entry else { throw .noGenesis }
                guard found.digest == chain else {
                    throw .otherChain(found: found.digest, expected: chain)
                }
                return
            }
            if !isSpent(entry) {
                core.note(entry, at: frame.position, sequence: frame.sequence, store)
                if case .body(_, let body) = entry, let key = core.submitter?.publicKey {
                    unfinished.note(body, by: key)
                }
            }
            if case .signal(let signal) = entry {
                if frame.sequence >= indexed { store.put(signal) }
                return
            }
            var actions: [Replica.Action] = []
            do { try core.replica.replay(entry, into: &actions) } catch {
                throw .replay(sequence: frame.sequence, error)
            }
            try storage { () throws(StorageFailure) in
                try core.obey(actions, turn)
                if frame.sequence >= indexed,
                    frame.sequence % UInt64(Node.framesPerCommit) == 0
                {
                    _ = core.takeOutbox()
                    try store.commitReplayed(upTo: frame.sequence + 1)
                    try core.trimRuns(store)
                }
            }
        }

        /// A part of a snapshot that was taken over: the last one moves the replica there.
        private mutating func takePart(_ frame: JournalFrame) throws(NodeFailure) {
            let message: PeerMessage
            do { message = try PeerMessage(decoding: Array(frame.payload)) } catch {
                throw .frame(sequence: frame.sequence, error)
            }
            guard case .snapshot(let part) = message, let snapshot = collector.take(part) else {
                return
            }
            guard snapshot.checkpoint.header.height > core.replica.last?.height ?? 0 else { return }
            do {
                try core.replica.restore(
                    checkpoint: snapshot.checkpoint,
                    entries: snapshot.entries.map { ($0.key, $0.value) })
            } catch { throw .replay(sequence: frame.sequence, error) }
            try storage { () throws(StorageFailure) in try core.follow(snapshot, store) }
        }

        /// Whether the entry is a body whose place the snapshot has passed.
        private func isSpent(_ entry: JournalEntry) -> Bool {
            if case .body(_, let body) = entry {
                return core.replica.state.isSettled(ChainPlace(body))
            }
            return false
        }

        private func storage<Result>(
            _ body: () throws(StorageFailure) -> Result
        ) throws(NodeFailure) -> Result {
            do { return try body() } catch { throw .storage(error) }
        }
    }
}
