// The history of a task, an agent, a mandate or a request: the operations that were about it.
import Ledger
import Primitives
import Records
import Storage

extension Node {
    /// Operations that were carried out about something and are in a checkpoint, newest first. What
    /// a guardian said to an action is also about what the action was about.
    public func deeds(
        about subject: Digest, after: [UInt8]?, limit: Int
    ) throws(NodeFailure) -> Page<DeedView> {
        let working = try asked()
        var scan = IndexScan(Space.deeds)
        scan.prefix = subject.bytes
        scan.isDescending = true
        scan.limit = limit + 1
        if let after { scan.start = .after(after) }
        let found = try working.entries(scan)
        var items: [DeedView] = []
        for entry in found.prefix(limit) {
            let deed: Deed
            do { deed = try Deed(decoding: entry.value) } catch {
                throw .index(space: "deeds", error)
            }
            guard case .operation(let operation)? = try working.body(deed.operation) else {
                continue
            }
            let height = IndexKey.number(in: entry.key[Digest.width...])
            items.append(
                DeedView(
                    operation: operation, time: deed.time, outcome: deed.outcome, height: height))
        }
        return Page(items: items, next: found.count > limit ? found[limit - 1].key : nil)
    }
}

extension Core {
    /// What an operation that was carried out is about.
    func subjects(of operation: SignedOperation, _ store: Store) -> [Digest] {
        var subjects = operation.command.subjects(of: operation.owner)
        guard case .law(let command) = operation.command else { return subjects }
        switch command {
        case .approve(let request), .refuse(let request):
            // The operation that waited is named by its digest; pruned ones are not told of.
            guard let asked = try? body(request, in: store),
                case .operation(let waiting) = asked
            else { return subjects }
            subjects += waiting.command.subjects(of: waiting.owner)
            return subjects
        default: return subjects
        }
    }
}
