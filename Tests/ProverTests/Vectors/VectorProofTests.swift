// The published PolkaVM vectors, proven up to their last good step and verified.
import Glibc
import JSON
import PVM
import Primitives
import Prover
import TestSupport
import Testing

@testable import ExecutionProof

@Suite struct VectorProofTests {
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
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
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

    private func trace(_ vector: JSONValue) throws -> Trace {
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
        let program = try Program(
            decoding: numbers(vector["program"]).map { UInt8($0) }, revision: .grayPaper071)
        let provable = try ProvableProgram(program, identity: program.identity)
        let entry = try #require(provable.position(of: UInt32(number(vector, "initial-pc"))))
        return Trace(
            of: provable, memory: memory, registers: numbers(vector["initial-regs"]),
            entry: entry, limit: 1 << 16, host: { _, _ in nil })
    }

    @Test(.enabled(if: folder != nil, "../shared/data/pvm is absent"))
    func everyVectorIsProven() throws {
        let folder = try #require(Self.folder)
        let prover = RunProver(workers: Workers(count: 2))
        var proven = 0
        for name in Self.names(folder) {
            let text = try #require(VectorFiles.contents(of: folder + "/" + name))
            let trace = try trace(JSONValue(parsing: text))
            guard trace.stepCount > 0 else { continue }
            let proof = try prover.proof(of: trace, states: [(Digest(), Digest())], margin: 0)
            let claim = try proof.check(of: trace.program)
            #expect(claim.statement.steps == UInt32(trace.stepCount), "\(name)")
            proven += 1
        }
        #expect(proven > 130, "only \(proven)")
    }
}
