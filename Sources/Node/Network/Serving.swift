// What a node gives its peers out of its store: bodies, certified checkpoints, parts of a snapshot.
import Primitives
import Records
import Replica
import Storage

extension Node {
    /// Answers from the store what the replica does not hold. What is not there, or cannot be read,
    /// is left out: the peer asks somebody else.
    func serve(_ wanted: Wanted, to peer: PublicKey, _ working: Working) {
        do throws(NodeFailure) {
            switch wanted {
            case .bodies(let digests):
                for digest in digests {
                    guard let body = try working.body(digest) else { continue }
                    network.send(.bodies([body]), peer)
                }
            case .checkpoints(let height):
                let found = try working.checkpoints(
                    from: height, limit: PeerMessage.mostCheckpoints)
                if !found.isEmpty { network.send(.checkpoints(found), peer) }
            case .snapshot(let request):
                do { try working.store.settle() } catch { throw .storage(error) }
                let now = clock.monotonicNanoseconds()
                let part = try working.offers.part(request, from: working, at: now)
                if let part { network.send(.snapshot(part), peer) }
            }
        } catch {
            // The disk's own failures show at the next commit.
        }
    }
}

extension Working {
    /// A batch or operation that was recorded, whatever became of it.
    func body(_ digest: Digest) throws(NodeFailure) -> Body? {
        try core.body(digest, in: store)
    }

    /// Certified checkpoints in order of height.
    func checkpoints(from height: UInt64, limit: Int) throws(NodeFailure) -> [Checkpoint] {
        var scan = IndexScan(Space.checkpoints)
        scan.start = .at(IndexKey.number(height))
        scan.limit = limit
        var found: [Checkpoint] = []
        for entry in try entries(scan) {
            do { found.append(try CheckpointView(decoding: entry.value).checkpoint) } catch {
                throw .index(space: "checkpoints", error)
            }
        }
        return found
    }
}

extension Core {
    /// A batch or operation that was recorded, as the journal has it.
    func body(_ digest: Digest, in store: Store) throws(NodeFailure) -> Body? {
        let frame: StoredFrame
        do {
            let place =
                if let live = bodies.position(digest) { live } else {
                    try store.position(ofBody: digest)
                }
            guard let place else { return nil }
            frame = try store.journal.read(place)
        } catch { throw .storage(error) }
        do throws(BodyFailure) {
            guard let kind = JournalEntry.Kind(rawValue: frame.kind),
                case .body(_, let body) = try JournalEntry(kind: kind, decoding: frame.payload)
            else { return nil }
            return body
        } catch { throw .frame(sequence: frame.sequence, error) }
    }
}
