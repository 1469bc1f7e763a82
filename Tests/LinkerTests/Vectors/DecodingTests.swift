// Instructions as LLVM's disassembler reads them.
import TestSupport
import Testing

@testable import Linker

@Suite struct DecodingTests {
    /// `decoding.txt` is of llvm-objdump 21 (the Swift 6.3.1 toolchain), written by `decoding.py` beside it: the bits,
    /// operation, rd, rs1, rs2, immediate and length, or `none`.
    @Test func everyRowIsReadAsLLVMReadsIt() throws {
        let bytes = try #require(VectorFiles.read("linker/decoding.txt"))
        var rows = 0
        var wrong: [String] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            rows += 1
            let found = Self.decoded(line.prefix { $0 != " " }).map(Self.text) ?? "none"
            let expected = String(line.drop { $0 != " " }.dropFirst())
            if found != expected { wrong.append("\(line): found \(found)") }
        }
        #expect(rows > 1_000)
        let first = wrong.prefix(20).joined(separator: "; ")
        #expect(wrong.count == 0, "\(wrong.count) rows: \(first)")
    }

    private static func decoded(_ hex: Substring) -> RiscVInstruction? {
        guard let bits = UInt32(hex, radix: 16) else { return nil }
        return hex.count == 4
            ? RiscVInstruction(half: UInt16(bits)) : RiscVInstruction(word: bits)
    }

    private static func text(_ each: RiscVInstruction) -> String {
        "\(each.operation.rawValue) \(each.rd) \(each.rs1) \(each.rs2) \(each.immediate) "
            + "\(each.length)"
    }
}
