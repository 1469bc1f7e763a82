// The quorum of a committee, what certifies a checkpoint, and which genesis names there are.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Records

@Suite struct CommitteeTests {
    @Test(arguments: [
        (1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (6, 5), (7, 5), (8, 6), (9, 7), (10, 7),
        (100, 67), (128, 86),
    ])
    func quorum(validators: Int, signatures: Int) throws {
        let keys = (1...validators).map { PublicKey(repeating: UInt8($0)) }
        #expect(try #require(Committee(keys)).quorum == signatures)
    }

    @Test func committeesOutOfRange() {
        #expect(Committee([]) == nil)
        #expect(Committee([PublicKey(repeating: 1), PublicKey(repeating: 1)]) == nil)
        #expect(Committee((0...128).map { PublicKey(repeating: UInt8($0)) }) == nil)
    }

    @Test(arguments: 1...10) func exactlyAQuorumCertifies(validators: Int) throws {
        let chain = try #require(ChainFixture(validators: validators))
        let committee = chain.genesis.committee
        let leaf = [Digest(repeating: 1)]
        for signers in 0...validators {
            for list in [Array(0..<signers), Array(validators - signers..<validators)] {
                let checkpoint = chain.certify(leaf, signers: list)
                let certified = committee.certifies(
                    checkpoint.header, by: checkpoint.certificate)
                #expect(certified == (signers >= committee.quorum), "\(list) of \(validators)")
            }
        }
    }

    @Test func certificatesThatAreRefused() throws {
        let chain = try #require(ChainFixture(validators: 4))
        let good = chain.certify([Digest(repeating: 1)], signers: [0, 1, 2, 3])
        func refused(_ name: String, _ change: (inout Checkpoint) -> Void) {
            var spoiled = good
            change(&spoiled)
            let certified = chain.genesis.committee.certifies(
                spoiled.header, by: spoiled.certificate)
            #expect(!certified, "\(name)")
        }
        refused("one bad signature among enough") {
            $0.certificate[3].signature = Signature(repeating: 0)
        }
        refused("a signature under another's name") {
            $0.certificate[3].signature = $0.certificate[2].signature
        }
        refused("one validator twice") { $0.certificate[3] = $0.certificate[2] }
        refused("out of order") { $0.certificate.swapAt(0, 1) }
        refused("a validator out of range") { $0.certificate[3].validator = 4 }
        refused("the largest validator number") { $0.certificate[3].validator = .max }
        refused("no signatures") { $0.certificate = [] }
        refused("two of four") { $0.certificate.removeLast(2) }
        refused("another committee") { $0.header.committee = Digest() }
        refused("another header") { $0.header.height += 1 }
    }

    @Test(arguments: [
        ("", false), ("a", true), (String(repeating: "a", count: 64), true),
        (String(repeating: "a", count: 65), false), (String(repeating: "þ", count: 32), true),
        (String(repeating: "þ", count: 33), false), ("a\u{1F}", false), ("\u{0}", false),
        ("a\u{7F}", true), ("a b", true),
    ])
    func genesisNames(name: String, isValid: Bool) throws {
        let committee = try #require(Committee([PublicKey(repeating: 1)]))
        let created = Instant(nanoseconds: 1)
        let genesis = Genesis(name: name, created: created, committee: committee)
        #expect((genesis != nil) == isValid)
        if let genesis { #expect(try Genesis(decoding: genesis.encoded) == genesis) }
    }
}
