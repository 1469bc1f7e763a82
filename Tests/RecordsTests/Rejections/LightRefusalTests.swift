// What a light client refuses, each fault by its name, and that a fork is kept with its proof.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Records

@Suite struct LightRefusalTests {
    private let chain = EpochFixture([4, 7, 4])

    private func client(following steps: Int = 0) throws -> LightClient {
        var client = LightClient(try #require(chain.trail()))
        for epoch in 0..<steps { try client.follow(try #require(chain.step(epoch))) }
        return client
    }

    private func fault(_ step: EpochStep?, after steps: Int = 0) throws -> LightFault? {
        var client = try client(following: steps)
        let before = client
        let given = try #require(step)
        do throws(LightFault) {
            try client.follow(given)
            return nil
        } catch {
            if case .fork = error { return error }
            #expect(client == before, "a refused step leaves no trace")
            return error
        }
    }

    @Test func stepsThatAreRefused() throws {
        let uncertified = LightFault.notCertified(epoch: 0, height: 10)
        #expect(try fault(chain.step(0)) == nil)
        #expect(try fault(chain.step(0, signers: [0, 1])) == uncertified, "quorum minus one")
        #expect(try fault(chain.step(0, signers: [0, 1, 3])) == nil, "a quorum")
        #expect(try fault(chain.step(0, by: 1)) == uncertified, "signed by the next committee")
        #expect(try fault(chain.step(1)) == .notCertified(epoch: 1, height: 20), "a step skipped")
        #expect(try fault(chain.step(0) { $0.chain = Digest() }) == .wrongChain)
        #expect(try fault(chain.step(0) { $0.next = nil }) == .noNextCommittee(epoch: 0))
        let other = Digest(repeating: 1)
        #expect(try fault(chain.step(0) { $0.next = other }) == .wrongNextCommittee(epoch: 0))
        #expect(try fault(chain.step(0) { $0.epoch = .max }) == .outOfOrder(epoch: .max))
        #expect(try fault(chain.step(0) { $0.committee = other }) == uncertified)
        var doubled = try #require(chain.step(0))
        doubled.checkpoint.certificate[1] = doubled.checkpoint.certificate[0]
        #expect(try fault(doubled) == uncertified)
        let low = LightFault.notCertified(epoch: 1, height: 20)
        #expect(try fault(chain.step(1, signers: [0, 1, 2, 3]), after: 1) == low, "4 of 7")
        #expect(try fault(chain.step(1), after: 1) == nil)
    }

    /// A trail alone, as receipts use it, calls out of order what a client calls a fork.
    @Test func stepsOutOfOrder() throws {
        for change: (inout CheckpointHeader) -> Void in [
            { $0.height = 10 }, { $0.height = 9 }, { $0.time = Instant(nanoseconds: 1_010) },
            { $0.height = 11 },
        ] {
            var trail = try #require(chain.trail())
            try trail.extend(by: try #require(chain.step(0)))
            let step = try #require(chain.step(1, change))
            #expect(throws: LightFault.outOfOrder(epoch: 1)) { try trail.extend(by: step) }
            #expect(trail.epoch == 1)
        }
        var trail = try #require(chain.trail())
        let first = try #require(chain.step(0))
        try trail.extend(by: first)
        #expect(throws: LightFault.outOfOrder(epoch: 0)) { try trail.extend(by: first) }
    }

    @Test func checkpointsThatAreRefused() throws {
        var client = try client(following: 1)
        func fault(_ checkpoint: Checkpoint) -> LightFault? {
            do throws(LightFault) {
                try client.accept(checkpoint)
                return nil
            } catch { return error }
        }
        #expect(fault(chain.checkpoint(2, 2)) == .unknownEpoch(2))
        let refused = LightFault.notCertified(epoch: 1, height: 13)
        #expect(fault(chain.certify(chain.header(1, 3), by: 1, signers: [0, 1, 2, 3])) == refused)
        #expect(fault(chain.certify(chain.header(1, 3), by: 0)) == refused)
        var foreign = chain.header(1, 3)
        foreign.chain = Digest()
        #expect(fault(chain.certify(foreign, by: 1)) == .wrongChain)
        #expect(fault(Checkpoint(header: chain.header(1, 3), certificate: [])) == refused)
        #expect(fault(chain.checkpoint(1, 3)) == nil)
    }

    /// name, the checkpoint that forks; the client followed one step and knows height 13.
    private func forks() -> [(String, Checkpoint)] {
        func made(
            _ epoch: Int, _ place: UInt64, _ change: (inout CheckpointHeader) -> Void
        ) -> Checkpoint {
            var header = chain.header(epoch, place)
            change(&header)
            return chain.certify(header, by: epoch)
        }
        return [
            ("two of one height", made(1, 3) { $0.stateRoot = Digest() }),
            ("no link to the one before", made(1, 4) { _ in }),
            ("time does not rise", made(1, 5) { $0.time = Instant(nanoseconds: 1_013) }),
            ("after the last of its epoch", made(0, 9) { $0.height = 12 }),
            ("another last of an epoch", made(0, 10) { $0.next = Digest(repeating: 7) }),
            ("last of its epoch at another height", made(0, 9) { $0.next = Digest(repeating: 7) }),
        ]
    }

    @Test func forksAreKeptWithTheirProof() throws {
        for (name, second) in forks() {
            var client = try client(following: 1)
            try client.accept(chain.checkpoint(1, 3))
            let fault = #expect(throws: LightFault.self, "\(name)") { try client.accept(second) }
            guard case .fork(let evidence) = fault else {
                Issue.record("\(name): \(String(describing: fault))")
                continue
            }
            #expect(evidence.second == second && client.fork == evidence, "\(name)")
            #expect(evidence.isProof(by: client.trail), "\(name)")
            #expect(throws: LightFault.fork(evidence), "\(name): nothing is taken any more") {
                try client.accept(chain.checkpoint(1, 8))
            }
            #expect(throws: LightFault.fork(evidence), "\(name)") {
                try client.follow(try #require(chain.step(1)))
            }
            #expect(try LightClient(decoding: client.encoded) == client, "\(name)")
        }
    }

    @Test func evidenceThatProvesNothing() throws {
        let client = try client(following: 1)
        let (first, second) = (chain.checkpoint(1, 3), chain.checkpoint(1, 5))
        #expect(!ForkEvidence(first: first, second: second).isProof(by: client.trail), "in order")
        var forged = second
        forged.header.height = first.header.height
        #expect(!ForkEvidence(first: first, second: forged).isProof(by: client.trail), "unsigned")
        let beyond = chain.checkpoint(2, 3)
        #expect(!ForkEvidence(first: beyond, second: beyond).isProof(by: client.trail))
    }

    @Test func aStepAgainstAKnownCheckpointIsAFork() throws {
        var client = try client()
        try client.accept(chain.certify(chain.header(0, 10), by: 0))
        let fault = #expect(throws: LightFault.self) {
            try client.follow(try #require(chain.step(0)))
        }
        guard case .fork = fault else { throw try #require(fault) }
        #expect(client.trail.epoch == 0)
    }

    @Test func spoiledStates() throws {
        var client = try client(following: 2)
        try client.accept(chain.checkpoint(2, 2))
        try client.accept(chain.checkpoint(2, 4))
        let bytes = client.encoded
        for length in 0..<bytes.count {
            #expect(throws: DecodingFailure.self, "\(length) bytes") {
                try LightClient(decoding: Array(bytes[..<length]))
            }
        }
        #expect(throws: DecodingFailure.self) { try LightClient(decoding: bytes + [0]) }
        func reason(_ place: Int, _ value: UInt8) -> DecodingFailure.Reason? {
            var spoiled = bytes
            spoiled[place] = value
            do throws(DecodingFailure) {
                _ = try LightClient(decoding: spoiled)
                return nil
            } catch { return error.reason }
        }
        #expect(reason(0, 0) == .unknownVersion)
        #expect(reason(8, 0) == .outOfRange, "another chain than its checkpoints")
        #expect(reason(40, 0) == .outOfRange, "an epoch before its last term")
        #expect(reason(49, 0xFF) == .overLimit, "too many terms")
        #expect(reason(48, 0) != nil, "no term")
        #expect(reason(50, 9) == .outOfRange, "terms that do not rise")
    }
}
