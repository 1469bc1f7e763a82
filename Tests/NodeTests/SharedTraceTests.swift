// Two owners under one trace id: neither hides the other, and the one who was first stands first.
import Cryptography
import Ledger
import Node
import Primitives
import Testing

@Suite struct SharedTraceTests {
    let scratch: ScratchDirectory
    let cast = Cast()
    let node: Node
    /// An owner whose id sorts before that of the cast.
    let intruder: SigningKey
    let run = RunID([UInt8](repeating: 1, count: 16))!

    init() throws {
        scratch = try ScratchDirectory()
        node = try cast.node(at: scratch.path)
        let mine = cast.ownerID.bytes
        let keys = (10...200 as ClosedRange<UInt8>).lazy.map {
            SigningKey(seed: [UInt8](repeating: $0, count: 32))!
        }
        intruder = try #require(
            keys.first { OwnerID(firstKey: $0.publicKey).bytes.lexicographicallyPrecedes(mine) })
        _ = cast.enroll(node)
        let commands: [Command] = [
            .owner(.register(name: "intruder")),
            .owner(.authorize(submitter: cast.submitter.publicKey, rights: .all)),
        ]
        for (index, command) in commands.enumerated() {
            node.submit(
                SignedOperation(
                    chain: cast.genesis.digest, owner: theirs, sequence: UInt64(index + 1),
                    command: command, key: intruder)
            ) { _ in }
        }
    }

    private var theirs: OwnerID { OwnerID(firstKey: intruder.publicKey) }

    private func record(_ numbers: [UInt8], for owner: OwnerID, sealed: Bool = true) {
        node.submit(numbers.map { cast.submission($0) }, owner: owner) { _ in }
        if sealed { node.flush() }
    }

    private func operations(of owner: OwnerID?) throws -> [OperationID] {
        let summary = try #require(try node.run(run, of: owner))
        return try node.operations(of: summary, after: nil, limit: 10).items
            .map(\.record.operation)
    }

    @Test(arguments: [true, false]) func whoCameLaterStandsBehind(sealedBetween: Bool) throws {
        record([1, 2], for: cast.ownerID, sealed: sealedBetween)
        record([1], for: theirs)
        #expect(try node.run(run)?.owner == cast.ownerID)
        #expect(try operations(of: nil) == [cast.operation(1), cast.operation(2)])
        #expect(try operations(of: cast.ownerID) == [cast.operation(1), cast.operation(2)])
        #expect(try operations(of: theirs) == [cast.operation(1)])
        #expect(try node.run(run, of: OwnerID()) == nil)
        node.close()
    }

    @Test func anOperationIsFoundWhoeverRecordedIt() throws {
        record([1], for: cast.ownerID)
        record([1, 2], for: theirs)
        func owner(_ number: UInt8, of owner: OwnerID? = nil) throws -> OwnerID? {
            let view = try node.record(run: run, operation: cast.operation(number), of: owner)
            return try view.flatMap { try node.agent($0.record.agent) }?.agent.owner
        }
        #expect(try owner(1) == cast.ownerID)
        #expect(try owner(1, of: theirs) == theirs)
        #expect(try owner(2) == theirs)
        #expect(try owner(2, of: cast.ownerID) == nil)
        #expect(try owner(3) == nil)
        node.close()
    }
}
