// A light client follows committees through epochs, keeps what it saw, and knows a fork.
import Primitives
import TestSupport
import Testing

@testable import Records

@Suite struct LightClientTests {
    private func client(_ chain: EpochFixture) throws -> LightClient {
        LightClient(try #require(chain.trail()))
    }

    @Test(arguments: [[4, 4, 4], [4, 7, 4], [7, 1, 7], [1, 4, 1]])
    func followsChangesOfSize(counts: [Int]) throws {
        let chain = EpochFixture(counts)
        var client = try client(chain)
        for epoch in 0..<2 {
            #expect(try client.accept(chain.checkpoint(epoch, 3)))
            let step = try #require(chain.step(epoch))
            #expect(try EpochStep(decoding: step.encoded) == step)
            #expect(try client.follow(step))
            #expect(try !client.follow(step))
            #expect(client.trail.epoch == UInt64(epoch + 1))
            #expect(client.trail.committee == chain.committee(epoch + 1))
            #expect(client.head == step.checkpoint)
        }
        #expect(client.trail.committee(of: 0) == chain.committee(0))
        #expect(client.trail.committee(of: 2) == chain.committee(2))
        #expect(client.trail.committee(of: 3) == nil)
        #expect(try client.accept(chain.checkpoint(2, 2)))
        #expect(try !client.accept(chain.checkpoint(2, 2)), "known")
        #expect(try !client.accept(chain.checkpoint(1, 8)), "older")
        #expect(client.head?.header.height == 22)
        #expect(try LightClient(decoding: client.encoded) == client)
    }

    @Test func aCommitteeThatStaysIsOneTerm() throws {
        var chain = EpochFixture([4, 4, 4, 4])
        chain.keys[1] = chain.keys[0]
        chain.keys[2] = chain.keys[0]
        var trail = try #require(chain.trail())
        let steps = try (0..<3).map { try #require(chain.step($0)) }
        #expect(steps.map(\.changesCommittee) == [false, false, true])
        for step in steps { try trail.extend(by: step) }
        #expect(trail.terms.map(\.first) == [0, 3])
        // The steps that change nothing can be left out.
        var short = try #require(chain.trail())
        try short.extend(by: steps[2])
        #expect(short.terms == trail.terms)
        #expect(short.epoch == 3)
    }

    @Test func trustMayBeginLater() throws {
        let chain = EpochFixture([4, 4, 4])
        let committee = try #require(chain.committee(1))
        var client = LightClient(
            CommitteeTrail(chain: chain.chain, epoch: 1, committee: committee))
        #expect(throws: LightFault.unknownEpoch(0)) {
            try client.accept(chain.checkpoint(0, 3))
        }
        let first = try #require(chain.step(0))
        #expect(throws: LightFault.unknownEpoch(0)) { try client.follow(first) }
        #expect(try client.follow(try #require(chain.step(1))))
        #expect(client.trail.firstEpoch == 1)
    }

    @Test func onlyTheNewestAreRemembered() throws {
        let chain = EpochFixture([1, 1])
        var client = try client(chain)
        for place in 1...40 as ClosedRange<UInt64> {
            var header = chain.header(0, 2 * place)
            header.height = 2 * place
            try client.accept(chain.certify(header, by: 0))
        }
        #expect(client.recent.map(\.header.height) == (9...40).map { 2 * UInt64($0) })
        #expect(try !client.accept(chain.checkpoint(0, 3)))
        #expect(client.recent.count == LightClient.mostRecent)
        #expect(client.recent[0].header.height == 18)
    }

    @Test func manyTermsDropTheOldest() throws {
        let (one, two) = (EpochFixture([1, 1]), EpochFixture([1, 1, 1]))
        let committees = [try #require(one.committee(0)), try #require(two.committee(1))]
        var trail = try #require(one.trail())
        for epoch in 0..<CommitteeTrail.mostTerms {
            var header = one.header(epoch % 2, 10)
            header.epoch = UInt64(epoch)
            header.height = UInt64(10 * epoch + 10)
            header.time = Instant(nanoseconds: header.height)
            let next = committees[(epoch + 1) % 2]
            header.next = next.digest
            let checkpoint = one.certify(header, by: epoch % 2)
            try trail.extend(by: EpochStep(checkpoint: checkpoint, committee: next))
        }
        #expect(trail.terms.count == CommitteeTrail.mostTerms)
        #expect(trail.firstEpoch == 1)
        #expect(trail.committee(of: 0) == nil)
        let client = LightClient(trail)
        #expect(try LightClient(decoding: client.encoded) == client)
    }
}
