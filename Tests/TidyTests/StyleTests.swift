// House style that a machine can see: sizes, first sentences, names, and words that do not belong.
import Foundation
import Testing

@Suite struct StyleTests {
    static let sources = Tree.files(in: "Sources", endings: ["swift", "c", "h"])
    static let everything = sources + Tree.files(in: "Tests", endings: ["swift", "py", "js"])
        + Tree.files(in: "Sources/Gateway/Dashboard", endings: ["js", "css"])

    /// Lines of a file, at most.
    static let fileLines = 600
    /// Lines of a function, at most.
    static let functionLines = 70
    /// Characters of a line, at most.
    static let columns = 100

    @Test func filesAreSmall() {
        for file in Self.everything {
            #expect(file.lines.count <= Self.fileLines, "\(file.path): \(file.lines.count) lines")
        }
    }

    @Test func linesAreShort() {
        for file in Self.sources {
            for (number, line) in file.lines.enumerated() where line.count > Self.columns {
                Issue.record("\(file.path):\(number + 1): \(line.count) columns")
            }
        }
    }

    @Test func everyFileOpensWithASentence() {
        for file in Self.everything {
            let first = file.lines.first ?? ""
            let opens = ["// ", "/* ", "# ", "\"\"\"", "#!/"].contains { first.hasPrefix($0) }
            #expect(opens, "\(file.path) does not say what it is for")
        }
    }

    /// A function starts where a line has `func` or `init` and ends at the brace under its first
    /// letter.
    @Test func functionsAreSmall() {
        for file in Self.sources where file.path.hasSuffix(".swift") {
            var start: (line: Int, indent: String)?
            for (number, line) in file.lines.enumerated() {
                let indent = String(line.prefix { $0 == " " })
                if let open = start, line == open.indent + "}" {
                    let length = number - open.line + 1
                    #expect(
                        length <= Self.functionLines,
                        "\(file.path):\(open.line + 1): a function of \(length) lines")
                    start = nil
                } else if start == nil, line.contains("func ") || line.contains("init("),
                    !line.contains("//"), !line.hasSuffix("}")
                {
                    start = (number, indent)
                }
            }
        }
    }

    @Test func namesSayWhatTheyAre() throws {
        let suffixes = "Manager|Service|Helper|Util|Utils|Handler|Processor|Info|Impl|V2"
        let pattern = try Regex("(class|struct|enum|protocol|actor) \\w*(\(suffixes))\\b")
        for file in Self.sources where file.path.hasSuffix(".swift") {
            for match in file.text.matches(of: pattern) {
                Issue.record("\(file.path): \(file.text[match.range])")
            }
        }
    }

    @Test(arguments: [
        "fatalError\\(", "try!", " as! ", "\\bTODO\\b", "\\bFIXME\\b", "\\bXXX\\b",
        "print\\(\"DEBUG",
    ])
    func wordsThatDoNotBelong(pattern: String) throws {
        let regex = try Regex(pattern)
        for file in Self.sources {
            #expect(file.text.firstMatch(of: regex) == nil, "\(file.path): \(pattern)")
        }
    }

    /// Replicated code has no floating point, no wall clock and no chance.
    @Test(arguments: [
        "Primitives", "BinaryFields", "Merkle", "Consensus", "PVM", "Agents", "Linker", "Records",
        "Ligerito", "Ledger", "Replica",
    ])
    func replicatedCodeIsExact(module: String) throws {
        let regex = try Regex(
            "\\b(Double|Float|Date|UUID|SystemRandomNumberGenerator|hashValue|SystemClock)\\b")
        for file in Tree.files(in: "Sources/" + module, endings: ["swift"]) {
            for line in file.lines where line.firstMatch(of: regex) != nil {
                #expect(line.contains("//"), "\(file.path): \(line)")
            }
        }
    }

    @Test func uncheckedSendableIsRareAndHasAReason() {
        var count = 0
        for file in Self.sources {
            for line in file.lines where line.contains("@unchecked Sendable") {
                count += 1
                #expect(line.contains("// reason:"), "\(file.path)")
            }
        }
        #expect(count <= 3)
    }

    /// Tests wait for what they test, never for time.
    @Test func testsDoNotSleep() throws {
        let regex = try Regex("Thread\\.sleep|usleep\\(|Task\\.sleep")
        for file in Tree.files(in: "Tests", endings: ["swift"]) where !file.path.contains("Tidy") {
            #expect(file.text.firstMatch(of: regex) == nil, "\(file.path)")
        }
    }
}
