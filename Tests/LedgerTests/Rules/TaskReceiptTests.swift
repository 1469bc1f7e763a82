// What receipts read of a task's entry is what the ledger writes, and their proofs are the tree's.
import Cryptography
import Merkle
import Primitives
import Records
import Testing

@testable import Ledger

@Suite struct TaskReceiptTests {
    /// A task under a mandate, done by an agent and paid.
    private func paid() throws -> (Stage, PostedTaskID) {
        var stage = try Stage()
        let terms = MandatesTests.terms(World.scout, 200) {
            $0.scope = KindSet([.postTask])
            $0.payees = []
        }
        _ = try stage.give(.mandate(.issue(number: 1, terms)), by: TestKey.ada).get()
        let post = TaskCommand.post(
            by: World.scoutAccount, number: 1, mandate: MandatesTests.root, TaskWorld.terms())
        _ = try stage.give(.task(post)).get()
        let id = PostedTaskID(of: World.scoutAccount, number: 1)
        let steps: [(TaskMove, AccountID, SigningKey)] = [
            (.claim, TaskWorld.worker, TestKey.other), (.begin, TaskWorld.worker, TestKey.other),
            (.deliver(TaskWorld.result), TaskWorld.worker, TestKey.other),
            (.accept, World.scoutAccount, TestKey.scout),
            (.deliver(TaskWorld.result), TaskWorld.worker, TestKey.other),
            (.accept, World.scoutAccount, TestKey.scout),
        ]
        for (move, account, key) in steps {
            _ = try stage.give(.task(.move(by: account, id, move)), by: key).get()
        }
        return (stage, id)
    }

    @Test func theFrontOfTheEntry() throws {
        let (stage, id) = try paid()
        let task = try #require(stage.state.task(id))
        let read = try #require(TaskSummary(entry: task.encoded))
        #expect(read.id == Digest(id) && read.poster == Digest(task.poster))
        #expect(read.payer == Digest(World.ada) && read.mandate == Digest(task.mandate))
        #expect(!read.mandate.isZero && read.worker == Digest(task.worker))
        #expect(read.result == task.result && read.state == task.state.rawValue)
        #expect(read.fee == task.fee.millionths)
        #expect(read.posterLaw == 1 && read.workerLaw == 1)
        #expect(read.earned == task.earned && read.earned > .zero)
        #expect(read.charged == task.charged && read.charged > .zero)
        #expect(read.ended == task.ended && read.ended == stage.time)
        #expect(read.verification == 1)
        #expect(TaskSummary(entry: Array(task.encoded.prefix(TaskSummary.bytes - 1))) == nil)
    }

    /// Each way of verification and each state has its number in receipts.
    @Test func namesOfStatesAndVerifications() {
        for state in TaskState.allCases {
            #expect(TaskSummary.states[state.rawValue] == (state.isFinal ? "\(state)" : nil))
        }
        let run = TaskRun(program: Digest(), input: [])
        let ways: [Verification] = [
            .attested, .redundant(quorum: 1, verifiers: [], fee: .zero),
            .reexecuted(run, Reexecution(deposit: .zero, reward: .zero, rounds: 1)), .proven(run),
        ]
        for way in ways {
            var writer = ByteWriter()
            way.write(to: &writer)
            #expect(TaskSummary.verifications[writer.bytes[0]] == way.name)
        }
    }

    /// What receipts read of a division is what the ledger writes, once the work has ended.
    @Test func theDivisionOfATeam() throws {
        let members = [(AccountID(repeating: 1), UInt32(2_500)), (AccountID(repeating: 2), 1)]
        let team = Team(
            lead: TaskWorld.worker,
            members: members.map { TeamMember($0, part: $1, speciality: "proofs") },
            since: World.time)
        var division = Division(of: TaskWorld.id, among: team)
        _ = division.divide(.credits(10))
        #expect(TaskDivision(entry: division.encoded) == nil, "it is open")
        division.isOpen = false
        let read = try #require(TaskDivision(entry: division.encoded))
        #expect(read.task == Digest(TaskWorld.id) && read.lead == Digest(TaskWorld.worker))
        #expect(read.paid == division.leadPaid && read.paid.nanoCredits == 7_499_000_000)
        #expect(read.shares.map(\.account) == members.map { Digest($0.0) })
        #expect(read.shares.map(\.part) == members.map(\.1))
        #expect(read.shares.map(\.paid) == division.shares.map(\.paid))
        for length in 0..<division.encoded.count {
            #expect(TaskDivision(entry: Array(division.encoded.prefix(length))) == nil)
        }
    }

    /// A whole receipt out of a state and one validator; then each thing that spoils it.
    @Test func aReceiptOfTheState() throws {
        var (stage, id) = try paid()
        var tree = StateTree()
        let keys: [LawKey] = [
            .task(id), .mandate(MandatesTests.root), .constitution(World.scout),
            .constitution(World.other),
        ]
        for key in keys { stage.state.setLaw(key, to: try #require(stage.state.law(key))) }
        tree.update(stage.state.takeChanges().map { $0.key.change(to: $0.value) })
        let committee = try #require(Committee([TestKey.ada.publicKey]))
        let genesis = try #require(
            Genesis(name: "task", created: World.time, committee: committee))
        var header = CheckpointHeader()
        (header.chain, header.height, header.stateRoot) = (genesis.digest, 3, tree.root)
        header.committee = committee.digest
        let signature = TestKey.ada.sign(header.signedBytes)
        let checkpoint = Checkpoint(
            header: header,
            certificate: [CheckpointSignature(validator: 0, signature: signature)])
        let entries = keys.map { key in
            StateEntryPart(
                key: StateKey.law(key).encoded, value: stage.state.law(key)?.encoded ?? [],
                path: tree.proof(StateKey.law(key).place).siblings)
        }
        let receipt = TaskReceipt(
            genesis: genesis, entries: entries, records: [], checkpoint: checkpoint)
        try receipt.verify(trusted: genesis.digest)
        #expect(try TaskReceipt(json: receipt.json()) == receipt)
        for place in entries.indices {
            var wrong = receipt
            wrong.entries[place].value[40] ^= 1
            #expect(throws: ReceiptRefusal.self) { try wrong.verify() }
            wrong = receipt
            wrong.entries.remove(at: place)
            #expect(throws: ReceiptRefusal.self) { try wrong.verify() }
        }
    }
}
