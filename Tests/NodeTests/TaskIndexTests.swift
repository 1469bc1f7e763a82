// Tasks by who has a part in them, as a node finds them: also after its index was made again, and
// in an index of before there was such a list.
import Cryptography
import Ledger
import Node
import Primitives
import Storage
import TestSupport
import Testing

@Suite struct TaskIndexTests {
    let cast = Cast()
    let scratch: ScratchDirectory
    private let disk = MemoryDisk()

    init() throws { scratch = try ScratchDirectory() }

    private var bank: AccountID { AccountID(OwnerID(firstKey: cast.validator.publicKey)) }
    private var worker: AccountID { AccountID(cast.ownerID) }
    private let other = SigningKey(seed: [UInt8](repeating: 6, count: 32))!
    private var otherWorker: AccountID { AccountID(OwnerID(firstKey: other.publicKey)) }

    private func id(_ number: UInt64) -> PostedTaskID {
        PostedTaskID(of: bank, number: number)
    }

    /// One operation, and a checkpoint.
    private func give(
        _ command: Command, by key: SigningKey, _ sequence: UInt64, to node: Node
    ) {
        let operation = SignedOperation(
            chain: cast.genesis.digest, owner: OwnerID(firstKey: key.publicKey),
            sequence: sequence, command: command, key: key)
        node.submit(operation) { _ in }
        cast.clock.move(milliseconds: 1_000)
        node.advance()
    }

    private func move(
        _ number: UInt64, _ move: TaskMove, by key: SigningKey, _ sequence: UInt64, to node: Node
    ) {
        let account = AccountID(OwnerID(firstKey: key.publicKey))
        give(.law(.task(.move(by: account, id(number), move))), by: key, sequence, to: node)
    }

    /// The bank posts five tasks and assigns three; one of them changes hands, one is cancelled.
    private func fill(_ node: Node) {
        _ = cast.enroll(node)
        give(.owner(.register(name: "bank")), by: cast.validator, 1, to: node)
        give(.owner(.register(name: "other")), by: other, 1, to: node)
        for number in 1...5 as ClosedRange<UInt64> {
            var terms = TaskTerms(specification: Digest(), milestones: [Amount(nanoCredits: 9)])
            terms.attempts = 2
            if number == 5 {
                terms.verification = .redundant(quorum: 1, verifiers: [otherWorker], fee: .zero)
            }
            let post = TaskCommand.post(by: bank, number: number, mandate: MandateID(), terms)
            give(.law(.task(post)), by: cast.validator, number + 1, to: node)
        }
        for number in 1...3 as ClosedRange<UInt64> {
            move(number, .assign(worker), by: cast.validator, number + 6, to: node)
        }
        move(2, .giveUp, by: cast.owner, 3, to: node)
        move(2, .assign(otherWorker), by: cast.validator, 10, to: node)
        move(4, .cancel, by: cast.validator, 11, to: node)
    }

    private func list(
        _ node: Node, _ account: AccountID, _ party: TaskParty, hasEnded: Bool? = nil,
        limit: Int = 10
    ) throws -> [PostedTaskID] {
        var found: [PostedTaskID] = []
        var cursor: [UInt8]?
        repeat {
            let page = try node.tasks(
                of: account, as: party, hasEnded: hasEnded, after: cursor, limit: limit
            ) { _ in true }
            #expect(page.items.count <= limit)
            found += page.items.map(\.id)
            cursor = page.next
        } while cursor != nil
        return found
    }

    private func check(_ node: Node, limit: Int) throws {
        #expect(try list(node, worker, .worker, limit: limit) == [id(1), id(3)].sorted())
        #expect(try list(node, otherWorker, .worker, limit: limit) == [id(2)])
        #expect(try list(node, otherWorker, .verifier, limit: limit) == [id(5)])
        let open = [id(1), id(2), id(3), id(5)].sorted()
        #expect(try list(node, bank, .poster, limit: limit) == open + [id(4)])
        #expect(try list(node, bank, .poster, hasEnded: false, limit: limit) == open)
        #expect(try list(node, bank, .poster, hasEnded: true, limit: limit) == [id(4)])
        #expect(try list(node, bank, .worker, limit: limit).isEmpty)
        // A cursor of another list begins this one anew.
        let page = try node.tasks(
            of: bank, as: .poster, hasEnded: nil, after: [1, 2, 3], limit: 1
        ) { _ in true }
        #expect(page.items.map(\.id) == Array(open.prefix(1)))
    }

    @Test(arguments: [1, 2, 10]) func everyPartyFindsItsTasks(_ limit: Int) throws {
        let node = try cast.node(at: scratch.path, disk: disk)
        fill(node)
        try check(node, limit: limit)
        node.close()

        let opening = StoreOpening(
            disk: disk, path: scratch.path, storeID: StoreID([UInt8](repeating: 9, count: 16))!,
            worker: InlineWorker(), name: { _ in nil })
        try StoreRebuild.run(opening)
        let again = try cast.node(at: scratch.path, disk: disk)
        try check(again, limit: limit)
        again.close()
    }

    @Test func anIndexFromBeforeIsFilled() throws {
        let node = try cast.node(at: scratch.path, disk: disk)
        fill(node)
        node.close()
        let opening = StoreOpening(
            disk: disk, path: scratch.path, storeID: StoreID([UInt8](repeating: 9, count: 16))!,
            worker: InlineWorker(), name: { _ in nil })
        do {
            let index = try Index(path: opening.indexPath, storeID: opening.storeID)
            let batch = WriteBatch()
            let list = KeySpace(31)
            for entry in try index.entries(IndexScan(list)) { batch.delete(entry.key, in: list) }
            batch.delete(Array("tasks".utf8), in: KeySpace(16))
            try index.commit(batch)
            try index.flush()
        }
        let again = try cast.node(at: scratch.path, disk: disk)
        try check(again, limit: 10)
        again.close()
    }
}
