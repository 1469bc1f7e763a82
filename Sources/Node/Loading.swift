// How a node comes up: the snapshot from the index, the rest from the journal, and what the index
// lacks is made again.
import Cryptography
import Ledger
import Primitives
import Records
import Replica
import Storage

extension Node {
    /// Journal frames between two commits of the index while it is made again.
    private static let framesPerCommit = 64

    /// Opens the store and brings `replica`, which is at the genesis, to where the journal ends.
    static func load(
        _ replica: Replica, submitter: SigningKey?, settings: NodeSettings, opening: StoreOpening
    ) throws(NodeFailure) -> Working {
        let store: Store
        do { store = try Store(opening, settings: settings) } catch { throw .storage(error) }
        do {
            var loading = Loading(
                core: Core(replica: replica, submitter: submitter), store: store,
                name: opening.name)
            try loading.run()
            return Working(store: store, core: loading.core)
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
        let name: @Sendable ([UInt8]) -> String?
        var indexed: UInt64 = 0

        mutating func run() throws(NodeFailure) {
            let genesis = core.replica.genesis
            if try storage({ () throws(StorageFailure) in store.journal.nextSequence }) == 0 {
                try storage { () throws(StorageFailure) in
                    _ = try store.append(.genesis(genesis))
                    _ = try store.commit(at: 0)
                }
            }
            indexed = try storage { () throws(StorageFailure) in try store.indexedSequence() }
            let end = store.journal.committedSequence
            guard indexed <= end else {
                throw .storage(.indexAheadOfJournal(indexed: indexed, journal: end))
            }
            let start = try restoreSnapshot(genesis)
            try restoreLog()
            try replay(from: start)
            try storage { () throws(StorageFailure) in try store.commitReplayed(upTo: end) }
            _ = core.takeCommitted()
        }

        /// The sequence to replay from.
        private mutating func restoreSnapshot(_ genesis: Genesis) throws(NodeFailure) -> UInt64 {
            let stored = try storage { () throws(StorageFailure) in
                try store.index.get(IndexKey.snapshot, in: Space.meta)
            }
            guard let stored else { return 0 }
            let snapshot: Snapshot
            do { snapshot = try Snapshot(decoding: stored) } catch {
                throw .index(space: "meta", error)
            }
            let header = snapshot.checkpoint.header
            guard header.chain == genesis.digest else {
                throw .otherChain(found: header.chain, expected: genesis.digest)
            }
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
            do {
                try core.replica.restore(checkpoint: header, entries: entries)
            } catch {
                throw .replay(sequence: snapshot.nextSequence, error)
            }
            core.batchCount = snapshot.batchCount
            return snapshot.nextSequence
        }

        /// The tile log from the checkpoints that the index holds.
        private mutating func restoreLog() throws(NodeFailure) {
            let found = try storage { () throws(StorageFailure) in
                try store.index.entries(IndexScan(Space.checkpoints))
            }
            let last = core.replica.last?.height ?? 0
            for entry in found where IndexKey.number(in: entry.key[...]) <= last {
                do {
                    let view = try CheckpointView(decoding: entry.value)
                    core.log.append(entry: view.checkpoint.header.encoded)
                } catch { throw .index(space: "checkpoints", error) }
            }
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
            do {
                try apply(try core.replica.replay(entry), frame)
            } catch let error as Replica.ReplayFailure {
                throw .replay(sequence: frame.sequence, error)
            } catch let error as StorageFailure {
                throw .storage(error)
            } catch {
                throw .noGenesis
            }
        }

        private mutating func apply(
            _ replayed: Replica.Replayed, _ frame: JournalFrame
        ) throws {
            let isNew = frame.sequence >= indexed
            switch replayed {
            case .operation(let operation):
                core.note(.operation(operation.digest), batch: nil, records: 0, arrival: nil)
            case .batch(let batch):
                var number = core.batchCount + 1
                if isNew {
                    number = try core.take(
                        batch, at: frame.position, arrival: nil, store, names: names(of: batch))
                } else {
                    core.batchCount = number
                }
                core.note(.batch(batch.digest), batch: number, records: 0, arrival: nil)
            case .checkpoint(let sealed):
                core.place(sealed, nextSequence: frame.sequence + 1, store)
            case .signal(let signal):
                if isNew { store.put(signal) }
            }
            if isNew, frame.sequence % UInt64(Node.framesPerCommit) == 0 {
                _ = core.takeCommitted()
                try store.commitReplayed(upTo: frame.sequence + 1)
                try core.trimRuns(store)
            }
        }

        /// Names of rows out of their payloads: only roots and first rows of a run are ever asked
        /// for more than this.
        private func names(of batch: CheckedBatch) -> (Int) -> String {
            { row in
                let digest = batch.columns.payloadDigest(at: row)
                guard let payload = try? store.payloads.payload(digest) else { return "" }
                return name(payload) ?? ""
            }
        }

        private func storage<Result>(
            _ body: () throws(StorageFailure) -> Result
        ) throws(NodeFailure) -> Result {
            do { return try body() } catch { throw .storage(error) }
        }
    }
}
