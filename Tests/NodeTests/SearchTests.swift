// Searches that are broken off or begin in the middle of a byte still find everything.
import Ledger
import Node
import Primitives
import Testing

@Suite struct SearchTests {
    let scratch: ScratchDirectory
    let cast = Cast()
    let node: Node

    init() throws {
        scratch = try ScratchDirectory()
        node = try cast.node(at: scratch.path)
        _ = cast.enroll(node)
    }

    private func record(_ submissions: [Submission]) {
        node.submit(submissions, owner: cast.ownerID) { _ in }
        node.flush()
    }

    @Test(arguments: [1, 2, 3, 7, 100]) func everyAgentIsFound(looking most: Int) throws {
        let names = (1...7).map { "agent \($0)" }
        record(names.enumerated().map { cast.submission(UInt8($0 + 1), agent: $1) })
        // The list shows what a checkpoint holds.
        cast.clock.move(milliseconds: 2_000)
        node.advance()
        for (part, wanted) in [(nil, names), ("AGENT", names), ("5", ["agent 5"])] {
            var found: [String] = []
            var cursor: [UInt8]?
            repeat {
                let page = try node.agents(
                    owner: nil, nameContaining: part, after: cursor, limit: 2, looking: most)
                #expect(page.items.count <= 2)
                found += page.items.map(\.agent.name)
                cursor = page.next
            } while cursor != nil
            #expect(found.sorted() == wanted)
        }
        node.close()
    }

    @Test func halfAByteIsEnough() throws {
        let runs: [UInt8] = [0x10, 0x1A, 0x1F, 0x21]
        for run in runs { record([cast.submission(run: run, 1)]) }
        func found(_ prefix: String, limit: Int) throws -> [String] {
            try node.runs(tracePrefix: prefix, limit: limit).map { String($0.run.hex.prefix(2)) }
        }
        #expect(try found("1f1f1", limit: 1) == ["1f"])
        #expect(try found("1", limit: 3) == ["10", "1a", "1f"])
        #expect(try found("2", limit: 1) == ["21"])
        #expect(try found("1a", limit: 1) == ["1a"])
        #expect(try found("3", limit: 9) == [])
        #expect(try found("1a1a1b", limit: 9) == [])
        node.close()
    }
}
