// Documents: what they name exists, and there are no more of them than there should be.
import Foundation
import Testing

@Suite struct DocumentTests {
    static let documents =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"].compactMap(Tree.read)
        + Tree.files(in: "docs", endings: ["md"])

    @Test func theThreePagesAreThere() {
        for name in ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"] {
            #expect(Tree.exists(name))
        }
    }

    /// A path in backquotes that begins with a folder of the tree.
    @Test func everyFileThatIsNamedExists() throws {
        let regex = try Regex(
            "`((Sources|Tests|docs|scripts|clients|deploy|Fuzzing|Benchmarks)/[^`*<> ]+)`",
            as: (Substring, Substring, Substring).self)
        for document in Self.documents {
            for match in document.text.matches(of: regex) {
                let path = String(match.output.1)
                #expect(Tree.exists(path), "\(document.path) names \(path)")
            }
        }
    }

    @Test func linksBetweenDocumentsLead() throws {
        let regex = try Regex(
            "\\]\\(([\\w./-]+\\.\\w+)(#[^)]*)?\\)", as: (Substring, Substring, Substring?).self)
        for document in Self.documents {
            let folder = (document.path as NSString).deletingLastPathComponent
            for match in document.text.matches(of: regex) {
                let path = (folder as NSString).appendingPathComponent(String(match.output.1))
                #expect(Tree.exists(path), "\(document.path) links to \(match.output.1)")
            }
        }
    }

    /// Decisions are numbered without gaps.
    @Test func decisionsAreNumbered() {
        let numbers = Tree.files(in: "docs/decisions", endings: ["md"])
            .compactMap { Int(($0.path as NSString).lastPathComponent.prefix(4)) }
        #expect(numbers == Array(1...max(1, numbers.count)))
    }
}
