// Every command explains itself: a summary, an example that parses, options that are told apart.
import Testing

@testable import Command

@Suite struct HelpTests {
    static let paths: [[String]] = Completions.walk(Verbs.root).map(\.path)

    private func verb(_ path: [String]) throws -> [Verb] {
        var verbs = [Verbs.root]
        for name in path {
            verbs.append(try #require(verbs.last?.verbs.first { $0.name == name }))
        }
        return verbs
    }

    @Test(arguments: paths)
    func pageHasAnExampleAndEveryOption(path: [String]) throws {
        let verbs = try verb(path)
        let ending = althing(path + ["--help"])
        #expect(ending.code == .ok)
        #expect(ending.error.isEmpty)
        #expect(ending.out == HelpText.page(for: verbs) + "\n")
        #expect(ending.out.contains("\n  althing "), "no example for \(path)")
        for option in verbs.last?.options ?? [] {
            #expect(ending.out.contains("  " + option.spelling))
        }
        #expect(!ending.out.split(separator: "\n").contains { line in
            line.count > 80 && !line.hasPrefix("  althing ")
        })
    }

    @Test(arguments: paths)
    func helpCommandShowsTheSamePage(path: [String]) throws {
        #expect(althing(["help"] + path).out == althing(path + ["--help"]).out)
    }

    @Test(arguments: paths)
    func examplesParse(path: [String]) throws {
        let verbs = try verb(path)
        let verb = try #require(verbs.last)
        let examples = HelpText.examples(of: verb)
        #expect(!examples.isEmpty)
        for example in examples {
            let line = words(of: example)
            #expect(line.first == "althing")
            guard case .run(_, let arguments) = try Parser(root: Verbs.root)
                .parse(Array(line.dropFirst()))
            else {
                Issue.record("\(example) runs nothing")
                continue
            }
            let name = (["althing"] + path).joined(separator: " ")
            #expect(arguments.command.hasPrefix(name), "\(example) is of another command")
        }
    }

    @Test(arguments: paths)
    func declarationsAreSound(path: [String]) throws {
        let verb = try #require(try verb(path).last)
        #expect(!verb.summary.isEmpty && verb.summary.last != ".")
        #expect((verb.body == nil) == !verb.verbs.isEmpty)
        let names = verb.options.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(Set(verb.verbs.map(\.name)).count == verb.verbs.count)
        for option in verb.options { #expect(option.help.last == ".") }
        let firstOptional = verb.positionals.firstIndex { !$0.isRequired }
        #expect(verb.positionals[(firstOptional ?? verb.positionals.count)...]
            .allSatisfy { !$0.isRequired })
    }

    @Test func exitCodesAreListed() {
        let ending = althing("help", "exit-codes")
        for code in ExitCode.allCases {
            #expect(ending.out.contains("\(code.rawValue)  \(code.meaning)"))
        }
        #expect(ExitCode.allCases.map(\.rawValue) == Array(0...5))
    }

    @Test func versionIsPrinted() {
        #expect(althing("--version").out == "althing \(Version.text)\n")
    }

    @Test func helpOfAnUnknownCommandIsRefused() {
        #expect(althing("help", "nothing").code == .usage)
        #expect(althing("help", "status", "more").code == .usage)
    }
}
