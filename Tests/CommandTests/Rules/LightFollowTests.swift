// `althing light`: what it follows, what it prints and keeps, and how it ends on lies.
import JSON
import Primitives
import Records
import Testing

@testable import Command

@Suite struct LightFollowTests {
    private let chain: ToldChain
    private let server: TellingServer
    private let directory: TemporaryDirectory

    init() throws {
        chain = try ToldChain()
        server = try TellingServer(chain)
        directory = try TemporaryDirectory()
    }

    private var state: String { directory.file("state") }

    private func follow(_ words: String...) -> Ending {
        althing(
            ["light", "follow", "--node", server.address, "--state", state, "--once"] + words)
    }

    private var trust: String { chain.genesis.digest.hex }

    private func tell(_ steps: [EpochStep], _ checkpoints: [Checkpoint]) {
        server.tell { ($0.steps, $0.checkpoints) = (steps, checkpoints) }
    }

    @Test func followsEpochsAndCheckpoints() throws {
        tell([], [try chain.checkpoint(0, 2), try chain.checkpoint(0, 4)])
        let first = follow("--trust", trust)
        #expect(first.code == .ok, "\(first.error)")
        let heights = first.out.split(separator: "\n").map { $0.prefix { $0 != "," } }
        #expect(heights == ["height 2", "height 4"])
        #expect(first.out.contains("height 4, epoch 0, ") && first.out.contains("4 of 4 signed"))

        tell(
            [try chain.step(0), try chain.step(1, signers: 1..<4)],
            [try chain.checkpoint(0, 4), try chain.checkpoint(2, 3, signers: 0..<3)])
        let second = follow("--json")
        #expect(second.code == .ok, "\(second.error)")
        let lines = try second.out.split(separator: "\n").map {
            try JSONValue(parsing: Array($0.utf8))
        }
        #expect(lines.map { $0.text("kind") } == ["epoch", "epoch", "checkpoint"])
        #expect(lines.map { $0.text("height") } == ["10", "20", "23"])
        #expect(lines[2].text("epoch") == "2")
        #expect(lines[2].list("signers").count == 3)

        let kept = try LightFile.read(state)
        #expect(kept.trail.epoch == 2 && kept.head?.header.height == 23)
        let third = follow("--trust", trust)
        #expect(third.code == .ok && third.out.isEmpty, "nothing newer: \(third.error)")
    }

    @Test func trustInAFile() throws {
        let genesis = directory.file("genesis")
        try LocalFiles.write(chain.genesis.encoded, to: genesis)
        tell([try chain.step(0)], [])
        #expect(follow("--trust", genesis).code == .ok)
        let other = try TemporaryDirectory()
        let again = althing(
            "light", "follow", "--node", server.address, "--trust", state, "--state",
            other.file("copy"), "--once")
        #expect(again.code == .ok, "\(again.error)")
        #expect(try LightFile.read(other.file("copy")).trail.epoch == 1)
    }

    /// name, steps, checkpoints, a word of the refusal
    private func lies() throws -> [(String, [EpochStep], [Checkpoint], String)] {
        let step = try chain.step(0)
        var forged = try chain.step(0)
        forged.committee = try chain.step(1).committee
        return [
            ("quorum minus one on a step", [try chain.step(0, signers: 0..<2)], [], "certify"),
            ("other validators than named", [forged], [], "other validators"),
            ("a step left out", [try chain.step(1)], [], "certify"),
            ("quorum minus one", [], [try chain.checkpoint(0, 3, signers: 2..<4)], "certify"),
            ("a fork", [], [try chain.checkpoint(0, 2, state: 9)], "FORK"),
            ("past the last of an epoch", [step], [try twelfth()], "FORK"),
        ]
    }

    private func twelfth() throws -> Checkpoint {
        var checkpoint = try chain.checkpoint(0, 9)
        checkpoint.header.height = 12
        checkpoint.header.time = Instant(nanoseconds: .max)
        let message = checkpoint.header.signedBytes
        checkpoint.certificate = try ToldChain.keys(0).enumerated().map { index, key in
            CheckpointSignature(validator: UInt16(index), signature: key.sign(message))
        }
        return checkpoint
    }

    @Test func liesEndItWithStatusOne() throws {
        for (name, steps, checkpoints, word) in try lies() {
            let start = LightClient(CommitteeTrail(chain.genesis))
            try LocalFiles.write(start.encoded, to: state)
            tell([], [try chain.checkpoint(0, 2)])
            #expect(follow().code == .ok, "\(name)")
            tell(steps, checkpoints)
            let ending = follow()
            #expect(ending.code == .refused, "\(name)")
            #expect(ending.error.contains(word), "\(name): \(ending.error)")
            // A fork stays; after another lie the truth is taken.
            tell([try chain.step(0)], [try chain.checkpoint(0, 4)])
            let after = follow()
            #expect(after.code == (word == "FORK" ? .refused : .ok), "\(name): \(after.error)")
        }
    }

    @Test func malformedAnswersAreRefused() throws {
        var bare = try chain.checkpoint(0, 2)
        bare.certificate = []
        tell([], [bare])
        let ending = follow("--trust", trust)
        #expect(ending.code == .refused)
        #expect(ending.error.contains("malformed"))
    }

    @Test func trustIsNeededAndMustMatch() throws {
        #expect(follow().code == .usage)
        let wrong = follow("--trust", Digest(repeating: 1).hex)
        #expect(wrong.code == .refused)
        #expect(!LocalFiles.exists(state))
        tell([], [try chain.checkpoint(0, 2)])
        #expect(follow("--trust", trust).code == .ok)
        #expect(follow("--trust", Digest(repeating: 1).hex).code == .refused)
        let noState = try directory.file("not-a-state", "x")
        let ending = althing("light", "check", "/nonexistent/r", "--state", noState)
        #expect(ending.code == .failed)
        #expect(ending.error.contains("not a state of a light client"))
    }

    @Test func aReceiptOfARealNodeIsCheckedByWhatWasFollowed() throws {
        let node = try StoryNode(try TemporaryDirectory())
        let file = try node.directory.file("t.jsonl", NodeStoryTests.trace)
        #expect(node.ask("record", "import", file).code == .ok)
        let receipt = directory.file("r.json")
        #expect(node.ask("receipt", "get", "1-0", "--out", receipt).code == .ok)
        let followed = node.ask(
            "light", "follow", "--trust", node.data + "/genesis", "--state", state, "--once")
        #expect(followed.code == .ok && followed.out.contains("1 of 1 signed"))
        let good = althing("light", "check", receipt, "--state", state)
        #expect(good.code == .ok, "\(good.error)")
        let other = directory.file("other")
        try LocalFiles.write(LightClient(CommitteeTrail(chain.genesis)).encoded, to: other)
        let bad = althing("light", "check", receipt, "--state", other, "--json")
        #expect(bad.code == .refused)
        #expect(bad.out.contains("\"part\":\"genesis\""))
        node.stop()
    }
}
