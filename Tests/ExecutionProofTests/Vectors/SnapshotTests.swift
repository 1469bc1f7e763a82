// The tables and their costs as they are kept in Tests/Vectors/proof, so that a change shows.
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct SnapshotTests {
    /// `docs/spec/proof.md` calls this file normative.
    @Test func listing() {
        let text = ConstraintSystem.tables.map(\.listing).joined(separator: "\n") + "\n"
        expectSame(text, as: "proof/tables.txt")
    }

    @Test func costs() { expectSame(Costs.text, as: "proof/cost.txt") }

    private func expectSame(_ text: String, as path: String) {
        let kept = VectorFiles.read(path).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let pairs = zip(
            text.split(separator: "\n", omittingEmptySubsequences: false),
            kept.split(separator: "\n", omittingEmptySubsequences: false))
        let difference = pairs.first { $0 != $1 }
        if text != kept { print("BEGIN \(path)\n\(text)END") }
        #expect(
            text == kept,
            "\(path): now \(difference?.0 ?? "of another length"), kept \(difference?.1 ?? "")")
    }
}
