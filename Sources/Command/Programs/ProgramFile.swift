// A program as a command reads it: a standard program, or a bare blob.
import PVM
import Primitives

enum ProgramFile {
    case standard(StandardProgram)
    case bare(Program)

    init(path: String, isBare: Bool) throws(CommandFailure) {
        let bytes = try LocalFiles.read(path, limit: ProgramLimits.programBytes)
        do throws(DecodingFailure) {
            self = isBare
                ? .bare(try Program(decoding: bytes, revision: .grayPaper071))
                : .standard(try StandardProgram(decoding: bytes, revision: .grayPaper071))
        } catch {
            let kind = isBare ? "bare program" : "standard program"
            throw .refused("\(path) is not a \(kind): \(error.reason) at byte \(error.offset)")
        }
    }

    var program: Program {
        switch self {
        case .standard(let standard): standard.program
        case .bare(let program): program
        }
    }

    var identity: Digest {
        switch self {
        case .standard(let standard): standard.identity
        case .bare(let program): program.identity
        }
    }

    /// A bare program starts without memory and with all registers zero.
    func machine(input: [UInt8], pc: UInt32, gas: UInt64) throws(CommandFailure) -> Machine {
        switch self {
        case .standard(let standard):
            do throws(Memory.Failure) {
                return try standard.machine(input: input, pc: pc, gas: gas)
            } catch {
                throw .refused("the program does not fit in memory: \(error)")
            }
        case .bare(let program):
            guard input.isEmpty else {
                throw .refused("a bare program has no memory for an input")
            }
            return Machine(program, memory: Memory(), registers: [], pc: pc, gas: gas)
        }
    }
}

extension AssemblyFailure {
    /// What is wrong with the line.
    var sentence: String {
        switch reason {
        case .unknownWord(let word): "there is no instruction or directive \(word)"
        case .unknownLabel(let label): "there is no label \(label)"
        case .repeatedLabel(let label): "the label \(label) is given twice"
        case .labelWithoutAddress(let label): "the label \(label) stands in no .table"
        case .operandCount(let count): "the word takes \(count) operands"
        case .notARegister(let text): "\"\(text)\" is not a register, r0 to r12"
        case .notANumber(let text): "\"\(text)\" is not a number"
        case .outOfRange(let text): "\(text) is out of range"
        case .notALabel(let text): "\"\(text)\" is not a label, nor a distance with its sign"
        case .notBytes(let text): "\"\(text)\" is not bytes in lower-case hexadecimal"
        case .tooLong: "the program is over a limit"
        }
    }
}
