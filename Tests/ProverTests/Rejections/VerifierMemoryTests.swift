// What the verifier keeps of a proof is bounded by the proof's bytes.
import PVM
import Primitives
import Testing

@testable import ExecutionProof

@Suite struct VerifierMemoryTests {
    /// Bytes that a decoded disclosure and its tuples take for each byte of the proof, at most
    /// (docs/soundness.md, section 7).
    private static let bytesEach = 80

    /// What costs most for its bytes: cells of four bytes each, with nothing in them.
    @Test func cellsOfFewBytes() throws {
        let run = try ProvenRun("again: add_imm_64 r2, r2, 1\n jump again", limit: 50)
        var disclosure = run.disclosure
        let base = UInt32(Layout.clockBase) | UInt32(Slot.memory)
        disclosure.runs[0].cells = (0..<20_000).map { number in
            Disclosure.CellTouch(
                address: 0x4000 + UInt32(number), isReadOnly: false, old: 0, new: 0, clock: base)
        }
        let proof = RunProof(
            statements: [run.statement], disclosure: disclosure, messages: [])
        let bytes = proof.encoded
        let received = try RunProof(decoding: bytes)
        let claim = try Claim(received.statements, received.disclosure, of: run.trace.program)
        // An array of words has 32 bytes before them.
        let tuples = (claim.pushes + claim.pulls).reduce(0) {
            $0 + MemoryLayout<Tuple>.stride + 32 + 8 * $1.words.count
        }
        let touches = claim.disclosure.runs.reduce(0) {
            $0 + MemoryLayout<Disclosure.CellTouch>.stride * $1.cells.count
        }
        #expect(tuples + touches > 20 * bytes.count, "the worst case is no longer this one")
        #expect(tuples + touches <= Self.bytesEach * bytes.count)
    }

    /// Counts that promise more than there are bytes for are refused before memory is taken.
    @Test func countsWithoutTheirBytes() throws {
        let run = try ProvenRun.whole(limit: 3)
        let bytes = try #require(run.proof()).encoded
        var writer = ByteWriter()
        writer.write(UInt8(1))
        run.statement.write(to: &writer)
        let place = writer.bytes.count + 32
        var spoiled = bytes
        for byte in 0..<4 { spoiled[place + byte] = byte == 3 ? 0 : 0xFF }
        #expect(throws: DecodingFailure.self) { try RunProof(decoding: spoiled) }
        spoiled = bytes
        spoiled[0] = 64
        #expect(throws: DecodingFailure.self) { try RunProof(decoding: spoiled) }
    }
}
