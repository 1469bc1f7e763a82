// The history that a node keeps of what operations were about, also after its index was made again.
import Environment
import Ledger
import Node
import Primitives
import Storage
import TestSupport
import Testing

@Suite struct DeedTests {
    let cast = Cast()
    let scratch: ScratchDirectory

    init() throws { scratch = try ScratchDirectory() }

    private var alpha: AgentID { AgentID(owner: cast.ownerID, name: "alpha") }

    private func limit(_ records: UInt64, in node: Node, _ sequence: UInt64) {
        var quota = Quota()
        quota.hour.records = records
        let operation = SignedOperation(
            chain: cast.genesis.digest, owner: cast.ownerID, sequence: sequence,
            command: .law(.limit(AccountID(alpha), quota)), key: cast.owner)
        node.submit(operation) { _ in }
        cast.clock.move(milliseconds: 1_000)
        node.advance()
    }

    private func history(_ node: Node, limit: Int = 10) throws -> [UInt64] {
        var sequences: [UInt64] = []
        var cursor: [UInt8]?
        repeat {
            let page = try node.deeds(about: Digest(alpha), after: cursor, limit: limit)
            for deed in page.items {
                #expect(deed.outcome == .done && deed.height > 0)
                sequences.append(deed.operation.sequence)
            }
            cursor = page.next
        } while cursor != nil
        return sequences
    }

    @Test(arguments: [1, 2, 10]) func operationsAreFoundNewestFirst(_ limit: Int) throws {
        let disk = MemoryDisk()
        let node = try cast.node(at: scratch.path, disk: disk)
        _ = cast.enroll(node)
        node.submit([cast.submission(1)], owner: cast.ownerID) { _ in }
        cast.clock.move(milliseconds: 1_000)
        node.advance()
        for sequence in 3...5 as ClosedRange<UInt64> { self.limit(sequence, in: node, sequence) }
        #expect(try history(node, limit: limit) == [5, 4, 3])
        #expect(try node.deeds(about: Digest(), after: nil, limit: 9).items.isEmpty)
        node.close()

        let opening = StoreOpening(
            disk: disk, path: scratch.path, storeID: StoreID([UInt8](repeating: 9, count: 16))!,
            worker: InlineWorker(), name: { _ in nil })
        try StoreRebuild.run(opening)
        let again = try cast.node(at: scratch.path, disk: disk)
        #expect(try history(again, limit: limit) == [5, 4, 3])
        again.close()
    }
}
