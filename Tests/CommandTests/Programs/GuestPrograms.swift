// Programs that a test builds with the toolchain of this machine, each once.
import Foundation
import Synchronization
import Testing

@testable import Command

enum GuestPrograms {
    /// The root of the package.
    static let root: String = {
        let parts = #filePath.split(separator: "/").dropLast(4)
        return "/" + parts.joined(separator: "/")
    }()

    /// Whether there is a Swift toolchain here that compiles for RISC-V.
    static let canBuild: Bool = {
        guard let swift = try? Toolchain.current().swift else { return false }
        let tools = URL(filePath: swift).resolvingSymlinksInPath().deletingLastPathComponent()
        let target = tools.appending(path: "../lib/swift/embedded/riscv64-none-none-eabi")
        return FileManager.default.fileExists(atPath: target.standardized.path)
    }()

    static let reason: Comment = "no swiftc along PATH that compiles for riscv64-none-none-eabi"

    private static let built = Mutex<[String: [UInt8]]>([:])

    /// The program that `althing program build` makes of a path below the root.
    static func program(_ path: String) throws -> ProgramFile {
        let directory = try TemporaryDirectory()
        let file = directory.file("program.pvm")
        if let bytes = built.withLock({ $0[path] }) {
            try LocalFiles.write(bytes, to: file)
        } else {
            let ending = althing("program", "build", root + "/" + path, "-o", file)
            #expect(ending.code == .ok, "\(ending.error)")
            let bytes = try LocalFiles.read(file, limit: 1 << 20)
            built.withLock { $0[path] = bytes }
        }
        return try ProgramFile(path: file, isBare: false)
    }
}

/// A program that rests between the words it is given.
struct Conversation {
    private var run: LocalRun
    private var heard = 0

    init(_ path: String, time: UInt64 = 0) throws {
        let machine = try GuestPrograms.program(path).machine(
            input: [], pc: 0, gas: 1_000_000_000)
        var host = LocalHost(input: [])
        host.time = time
        host.identity = [1, 2, 3, 4]
        run = LocalRun(machine, host: host)
    }

    /// Gives words and takes what the program writes until it rests or ends.
    mutating func say(_ words: [UInt64]) -> (words: [UInt64], end: RunEnd?) {
        run.add(words)
        var unwatched = Unwatched()
        let end = run.run(observing: &unwatched)
        let output = run.host?.output ?? []
        defer { heard = output.count }
        return (Array(output[heard...]), end)
    }

    /// The same with a message, from outside or from an agent whose four words are this number.
    mutating func send(_ words: [UInt64], from caller: UInt64? = nil) -> [UInt64] {
        let (answer, end) = say(
            LocalHost.message(words, caller: caller.map { Array(repeating: $0, count: 4) }))
        #expect(end == .rest)
        return answer
    }

    /// What was asked of the ledger.
    var notes: [String] { run.host?.notes ?? [] }
}
