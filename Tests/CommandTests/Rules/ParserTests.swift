// Command lines that are right, and what they come to.
import Testing

@testable import Command

@Suite struct ParserTests {
    private static let count = Option(
        "count", OptionValue("N", .number(1...9, unit: "things")), "How many.")
    private static let name = Option("name", OptionValue("TEXT", .text), "A name.").repeatable
    private static let quick = Option("quick", nil, "Hurry.")
    private static let file = Positional("FILE", .file, "A file.")
    private static let other = Positional("OTHER", .file, "Another.").optional

    private static let root = Verb(
        "tool", "A tool",
        verbs: [
            Verb("group", "A group", verbs: [
                Verb("act", "Acts") { _ throws(CommandFailure) in }
                    .taking(count, name, quick).expecting(file, other)
            ])
        ])

    private func call(_ line: String) throws -> Invocation {
        let request = try Parser(root: Self.root).parse(words(of: line))
        guard case .run(_, let arguments) = request else { throw Unexpected() }
        return Invocation(arguments: arguments, console: Transcript().console())
    }

    private struct Unexpected: Error {}

    @Test(arguments: [
        "group act --count 3 f", "group act f --count 3", "group act --count=3 f",
        "group act f --count=3 --quick",
    ])
    func optionsMayStandAnywhere(line: String) throws {
        let call = try call(line)
        #expect(call.number(Self.count) == 3)
        #expect(call.word(Self.file) == "f")
        #expect(call.word(Self.other) == nil)
        #expect(call.has(Self.quick) == line.contains("--quick"))
    }

    @Test func valuesMayHoldEqualsSigns() throws {
        #expect(try call("group act --name=a=b f").text(Self.name) == "a=b")
    }

    @Test func repeatableOptionsKeepTheirOrder() throws {
        let call = try call("group act --name b f --name a --name=c")
        #expect(call.texts(Self.name) == ["b", "a", "c"])
    }

    @Test func everythingAfterTwoDashesIsAnArgument() throws {
        let call = try call("group act -- --count --quick")
        #expect(call.word(Self.file) == "--count")
        #expect(call.word(Self.other) == "--quick")
        #expect(!call.has(Self.quick))
    }

    @Test func oneDashIsAnArgument() throws {
        #expect(try call("group act -").word(Self.file) == "-")
    }

    @Test(arguments: [
        ("", 1), ("--help", 1), ("group --help", 2), ("group act --help", 3), ("group act -h", 3),
        ("group act f --count 3 --help", 3),
    ])
    func helpIsOfTheCommandBeforeIt(line: String, depth: Int) throws {
        guard case .help(let path) = try Parser(root: Self.root).parse(words(of: line)) else {
            throw Unexpected()
        }
        #expect(path.count == depth)
    }

    @Test(arguments: [
        ("kye", "key"), ("nod", "node"), ("recipt", "receipt"), ("halp", "help"),
        ("checkpiont", "checkpoint"),
    ])
    func nearWordsAreSuggested(word: String, expected: String) {
        let names = Verbs.root.verbs.map(\.name)
        #expect(Suggestion.nearest(to: word, among: names) == expected)
    }

    @Test(arguments: ["", "zzzzzz", "keyring-of-mine"])
    func farWordsAreNot(word: String) {
        #expect(Suggestion.nearest(to: word, among: Verbs.root.verbs.map(\.name)) == nil)
    }

    @Test(arguments: [
        ("a", "a", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 1),
    ])
    func distancesAreThoseOfTheTextbook(one: String, other: String, expected: Int) {
        #expect(Suggestion.distance(Array(one.utf8), Array(other.utf8)) == expected)
    }
}
