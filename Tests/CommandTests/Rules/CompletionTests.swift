// Completion scripts: valid for their shells, and offering the right words in bash.
import Foundation
import Testing

@testable import Command

@Suite struct CompletionTests {
    /// Runs a shell on a script; nil where the shell is not installed.
    private func run(
        _ shell: String, _ arguments: [String]
    ) throws -> (status: Int32, out: String)? {
        let path = "/usr/bin/" + shell
        guard FileManager.default.isExecutableFile(atPath: path) else { return nil }
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let bytes = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: bytes, as: UTF8.self))
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func scriptIsValid(shell: String) throws {
        let directory = try TemporaryDirectory()
        let ending = althing("completions", shell)
        #expect(ending.code == .ok)
        #expect(ending.out.contains("althing"))
        let file = try directory.file("script", ending.out)
        guard let result = try run(shell, ["-n", file]) else {
            print("\(shell) is not installed: its script is not checked")
            return
        }
        #expect(result.status == 0, "\(result.out)")
        #expect(result.out.isEmpty)
    }

    @Test(arguments: [
        ("althing rece", ["receipt"]), ("althing receipt ", ["get", "verify", "--help"]),
        ("althing receipt verify --ch", ["--chain"]), ("althing completions z", ["zsh"]),
        ("althing agent --", ["--help"]), ("althing run list --lim", ["--limit"]),
        ("althing config show --set ", []),
    ])
    func bashOffers(line: String, expected: [String]) throws {
        let directory = try TemporaryDirectory()
        let script = try directory.file("script", althing("completions", "bash").out)
        let typed = line.split(separator: " ", omittingEmptySubsequences: false).map { "'\($0)'" }
        let ask = """
            source \(script)
            COMP_WORDS=(\(typed.joined(separator: " ")))
            COMP_CWORD=\(typed.count - 1)
            _althing
            printf '%s\\n' "${COMPREPLY[@]}"
            """
        let result = try #require(try run("bash", ["-c", ask]))
        #expect(result.status == 0)
        #expect(result.out.split(separator: "\n").map(String.init) == expected)
    }
}
