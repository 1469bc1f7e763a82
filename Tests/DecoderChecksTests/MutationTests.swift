// Spoiled inputs for every decoder: a short round of what the fuzzer does, with seeds to replay.
import DecoderChecks
import Primitives
import TestSupport
import Testing

@Suite struct MutationTests {
    /// Inputs that each seed tries on each decoder.
    private static let rounds = 12

    @Test(arguments: DecoderCheck.all) func spoiledSeeds(check: DecoderCheck) throws {
        let seeds = Corpus.seeds(of: check.name).map(\.bytes)
        var tried = 0
        for seed in propertySeeds {
            var mutation = Mutation(seed: seed)
            for round in 0..<Self.rounds {
                let input = mutation.spoiled(from: seeds)
                tried += 1
                do {
                    _ = try check.accepts(input)
                } catch {
                    Issue.record(
                        "\(check), seed \(seed), round \(round): \(error): \(Hex.encode(input))")
                }
            }
        }
        #expect(tried == propertySeeds.count * Self.rounds)
    }

    /// Every place at which a good input may be cut off.
    @Test(arguments: DecoderCheck.all) func cutOffSeeds(check: DecoderCheck) throws {
        for input in Corpus.seeds(of: check.name) {
            let stride = max(1, input.bytes.count / 64)
            for count in Swift.stride(from: 0, to: input.bytes.count, by: stride) {
                #expect(throws: Never.self, "\(input) cut to \(count) bytes") {
                    try check.accepts(Array(input.bytes.prefix(count)))
                }
            }
        }
    }
}
