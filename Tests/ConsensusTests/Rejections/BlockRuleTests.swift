// Each rule of a block broken alone: the fault has the rule's name, in the order of the
// specification.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct BlockRuleTests {
    static let committee = TestCommittee(4)

    /// One way to break a valid block of seat 0, round 2, and the fault it must name.
    struct Case: CustomTestStringConvertible, Sendable {
        let fault: BlockFault
        let spoil: @Sendable (inout BlockHeader) -> Void
        init(_ fault: BlockFault, _ spoil: @escaping @Sendable (inout BlockHeader) -> Void) {
            self.fault = fault
            self.spoil = spoil
        }
        var testDescription: String { "\(fault)" }
    }

    static let cases: [Case] = [
        Case(.wrongEpoch) { $0.epoch = 2 },
        Case(.unknownAuthor) { $0.author = Seat(4) },
        Case(.unknownAuthor) { $0.author = Seat(255) },
        Case(.roundOutOfRange) { $0.round = .genesis },
        Case(.roundOutOfRange) { $0.round = Round.last + 1 },
        Case(.firstParentNotOwn) { $0.parents = [] },
        Case(.firstParentNotOwn) { $0.parents.removeFirst() },
        Case(.firstParentNotOwn) { $0.author = Seat(1) },
        Case(.unknownParentAuthor) {
            $0.parents[3] = BlockReference(
                round: Round(1), author: Seat(4), digest: $0.parents[3].digest)
        },
        Case(.parentsOutOfOrder) { $0.parents.swapAt(1, 2) },
        Case(.parentsOutOfOrder) { $0.parents[2] = $0.parents[1] },
        Case(.parentsOutOfOrder) { $0.parents[1] = $0.parents[0] },
        Case(.parentNotEarlier) { $0.round = Round(1) },
        Case(.parentNotEarlier) {
            $0.parents[3] = BlockReference(
                round: Round(2), author: Seat(3), digest: $0.parents[3].digest)
        },
        Case(.wrongGenesis) {
            $0.parents[3] = BlockReference(
                round: .genesis, author: Seat(3), digest: $0.parents[3].digest)
        },
        Case(.tooFewParents) { $0.parents.removeLast(2) },
        Case(.tooFewParents) { $0.round = Round(3) },
    ]

    /// All of it, for rules that are left out.
    func runAll() throws {
        for spoiled in Self.cases { try aSpoiledHeaderIsNamed(spoiled: spoiled) }
        try payloadMustMatchItsRoot()
        try payloadHasALimit()
        try theSignatureBindsSeatAndChain()
    }

    private static func firstRound() throws -> [BlockReference] {
        try (0..<4).map { try committee.block($0, 1, committee.view.genesis).reference }
    }

    private static func header() throws -> BlockHeader {
        BlockHeader(
            epoch: 1, round: Round(2), author: Seat(0), parents: try firstRound(),
            at: Instant(nanoseconds: 5))
    }

    private static func sign(_ header: BlockHeader, _ payload: BlockPayload = []) -> Block {
        Block(
            signing: header, payload: payload, chain: committee.view.chain,
            with: committee.keys[Int(header.author.index) % 4])
    }

    @Test func theValidBlockPasses() throws {
        let header = try Self.header()
        let checked = try Self.committee.check(Self.sign(header, [[1], []]))
        #expect(checked.round == Round(2))
        #expect(checked.reference.digest != header.digest(chain: Self.committee.view.chain))
    }

    @Test(arguments: cases) func aSpoiledHeaderIsNamed(spoiled: Case) throws {
        var header = try Self.header()
        spoiled.spoil(&header)
        #expect(throws: spoiled.fault) {
            try Self.committee.check(Self.sign(header))
        }
    }

    @Test func payloadMustMatchItsRoot() throws {
        var block = Self.sign(try Self.header(), [[1, 2]])
        block.payload = [[1], [2]]
        #expect(throws: BlockFault.wrongPayloadRoot) {
            try Self.committee.check(block)
        }
    }

    @Test func payloadHasALimit() throws {
        let room = Block.payloadLimit - 8
        let full = Self.sign(try Self.header(), [[UInt8](repeating: 1, count: room)])
        #expect(try Self.committee.check(full).author == Seat(0))
        let over = Self.sign(try Self.header(), [[UInt8](repeating: 1, count: room + 1)])
        #expect(throws: BlockFault.payloadOverLimit) {
            try Self.committee.check(over)
        }
    }

    @Test func theSignatureBindsSeatAndChain() throws {
        let header = try Self.header()
        let foreign = Block(
            signing: header, payload: [], chain: Self.committee.view.chain,
            with: Self.committee.keys[1])
        let elsewhere = Block(
            signing: header, payload: [], chain: Digest(repeating: 8),
            with: Self.committee.keys[0])
        for block in [foreign, elsewhere] {
            #expect(throws: BlockFault.invalidSignature) {
                try Self.committee.check(block)
            }
        }
    }

    @Test func everyFlippedBitIsRefused() throws {
        let bytes = Self.sign(try Self.header(), [[9]]).encoded
        for bit in stride(from: 0, to: bytes.count * 8, by: 3) {
            guard let block = try? Block(decoding: bytes.flipping(bit: bit)) else { continue }
            #expect(throws: BlockFault.self, "bit \(bit)") {
                try Self.committee.check(block)
            }
        }
    }

    @Test func encodingIsExact() throws {
        let block = Self.sign(try Self.header(), [[], [1, 2, 3]])
        let bytes = block.encoded
        #expect(try Block(decoding: bytes) == block)
        for count in 0..<bytes.count {
            #expect(throws: DecodingFailure.self) { try Block(decoding: Array(bytes[..<count])) }
        }
        #expect(throws: DecodingFailure(.trailingBytes, at: bytes.count)) {
            try Block(decoding: bytes + [0])
        }
        #expect(throws: DecodingFailure(.unknownVersion, at: 0)) {
            try Block(decoding: [2, 0] + bytes[2...])
        }
        var farRound = bytes
        farRound[17] = 1
        #expect(throws: DecodingFailure(.outOfRange, at: 10)) { try Block(decoding: farRound) }
    }
}
