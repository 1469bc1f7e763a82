// The law and the market against Tests/Vectors/ledger/law.txt, made in Python from the spec.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct LawVectorTests {
    /// The words of every line that starts with `kind`, that word left out.
    private func lines(_ kind: String) throws -> [[String]] {
        let bytes = try #require(VectorFiles.read("ledger/law.txt"))
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .map { $0.split(separator: " ").map(String.init) }
            .filter { $0[0] == kind }.map { Array($0.dropFirst()) }
    }

    @Test func identifiers() throws {
        #expect(try lines("fees") == [[AccountID.fees.hex]])
        let bid = Bid.commitment(
            auction: PostedTaskID(of: World.scoutAccount, number: 1),
            bidder: World.scoutAccount, price: .credits(5), salt: Digest(repeating: 9))
        #expect(try lines("bid") == [[bid.hex]])
    }

    @Test func operations() throws {
        let vectors = try lines("operation")
        #expect(vectors.count == LawSamples.commands.count)
        for (vector, command) in zip(vectors, LawSamples.commands) {
            let operation = SignedOperation(
                chain: World.chain, owner: World.ada, sequence: 7, command: .law(command),
                key: TestKey.ada)
            #expect(operation.encoded == Hex.decode(vector[0]), "\(command)")
            #expect(operation.digest.hex == vector[1], "\(command)")
        }
    }

    @Test func entries() throws {
        let vectors = try lines("entry")
        #expect(vectors.count == LawSamples.entries.count)
        for (vector, (key, entry)) in zip(vectors, LawSamples.entries) {
            #expect(StateKey.law(key).encoded == Hex.decode(vector[0]), "\(key.kind)")
            #expect(entry.encoded == Hex.decode(vector[1]), "\(key.kind)")
        }
    }
}
