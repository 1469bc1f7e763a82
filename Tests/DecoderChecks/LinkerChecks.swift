// ELF files of anybody: the linker refuses them or makes a program without a fault.
import Linker
import PVM
import Primitives

extension DecoderCheck {
    static let linker = [
        DecoderCheck("elf", mostBytes: 12 << 10) { bytes throws(BrokenRule) in
            let linked: LinkedProgram
            do throws(LinkRefusal) {
                linked = try LinkedProgram(
                    linking: bytes, LinkOptions(stackBytes: 4096), revision: .grayPaper071)
            } catch {
                try require(!error.failures.isEmpty, "a refusal has a reason")
                for failure in error.failures {
                    try require(failure.offset >= 0, "a place is in the file")
                }
                return false
            }
            let encoded = linked.program.encoded
            let again = try must("the program is one") { () throws(DecodingFailure) in
                try StandardProgram(decoding: encoded, revision: .grayPaper071)
            }
            try require(again.identity == linked.program.identity, "it decodes to itself")
            try require(linked.program.program.faults.isEmpty, "the linker makes no faults")
            return true
        }
    ]
}
