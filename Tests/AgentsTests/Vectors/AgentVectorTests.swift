// Images, roots, multiproofs and encodings against Tests/Vectors/agents, made in Python from the
// page alone.
import Cryptography
import PVM
import Primitives
import TestSupport
import Testing

@testable import Agents

@Suite struct AgentVectorTests {
    private static let known = [0, 1, 2, 5, 66, 100, 193]

    /// The words of the line that starts with `kind`, that word left out.
    private func line(_ kind: String) throws -> [String] {
        let bytes = try #require(VectorFiles.read("agents/agents.txt"))
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        let words = lines.map { $0.split(separator: " ").map(String.init) }
        return Array(try #require(words.first { $0[0] == kind }).dropFirst())
    }

    private func program() throws -> AgentProgram {
        try AgentProgram(decoding: try #require(Hex.decode(line("program")[0])))
    }

    @Test func imageAndRoot() throws {
        let program = try program()
        #expect(try program.identity.hex == line("identity")[0])
        let image = program.initialImage
        #expect(try SHA256.hash(image.bytes).hex == line("image")[0])
        #expect(try program.initialRoot.hex == line("root")[0])
    }

    @Test func multiproof() throws {
        let program = try program()
        let image = program.initialImage
        let tree = ImageTree(of: image, leafCount: program.leafCount)
        let proof = Multiproof(of: Self.known, in: tree, image: image)
        #expect(try proof.siblings.map(\.hex) == line("siblings"))
    }

    private var exchange: Exchange {
        Exchange(
            answer: HostAnswer(.refused, [6, 1 << 63]),
            messages: [Message(from: AgentID(repeating: 0xA2), [5]), Message([])],
            output: [7, 8], requests: [1, 2])
    }

    private func header() throws -> TransitionHeader {
        var header = TransitionHeader()
        (header.chain, header.agent) = (Digest(repeating: 0xC1), AgentID(repeating: 0xA1))
        (header.program, header.sequence, header.attempt) = (Digest(repeating: 0x51), 9, 2)
        header.time = Instant(nanoseconds: 1_700_000_000_000_000_000)
        (header.oldRoot, header.newRoot) = (try program().initialRoot, Digest(repeating: 0xEE))
        (header.end, header.exchange) = (.unanswered, exchange.digest)
        header.effort = Effort(turns: 1, steps: 100, gas: 1_150)
        let height = AgentHeight(agent: AgentID(repeating: 0xA2), sequence: 3)
        header.dependencies = [Dependency(height: height, root: Digest(repeating: 4))]
        header.clock = [height]
        return header
    }

    @Test func headerAndExchange() throws {
        #expect(try Hex.encode(exchange.encoded) == line("exchange")[0])
        let key = try #require(Household.key)
        let signed = SignedHeader(signing: try header(), key: key)
        let found = [Hex.encode(signed.header.encoded), signed.header.digest.hex]
        #expect(try found + [Hex.encode(signed.signature.bytes)] == line("header"))
    }

    @Test func transition() throws {
        let program = try program()
        let image = program.initialImage
        let tree = ImageTree(of: image, leafCount: program.leafCount)
        let key = try #require(Household.key)
        let made = Transition(
            signed: SignedHeader(signing: try header(), key: key), exchange: exchange,
            evidence: .reexecution(Multiproof(of: Self.known, in: tree, image: image)))
        let bytes = try #require(Hex.decode(line("transition")[0]))
        #expect(made.encoded == bytes)
        #expect(try Transition(decoding: bytes) == made)
    }
}
