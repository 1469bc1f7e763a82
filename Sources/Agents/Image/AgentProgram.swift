// A program that an agent can run, and the shape of its image.
import PVM
import Primitives

/// Why a program cannot be an agent's.
public enum ProgramRefusal: Error, Hashable, Sendable {
    /// More than `AgentLimits.programBytes`.
    case tooLarge
    /// Not exactly one standard program.
    case malformed(DecodingFailure)
    /// Heap and stack window do not fit in an image.
    case imageTooLarge
    /// There is an `sbrk`, at this index in the code: windows do not grow.
    case growsHeap(pc: Int)
}

/// A decoded program of an agent.
public struct AgentProgram: Sendable {
    public let standard: StandardProgram
    /// Known by this digest everywhere.
    public let identity: Digest
    /// Gas of its most expensive basic block.
    let highestBlockGas: UInt64

    /// - Parameter bytes: an encoded standard program of revision 1.
    public init(decoding bytes: [UInt8]) throws(ProgramRefusal) {
        guard bytes.count <= AgentLimits.programBytes else { throw .tooLarge }
        do {
            standard = try StandardProgram(decoding: bytes, revision: .grayPaper071)
        } catch {
            throw .malformed(error)
        }
        guard Image.cellBytes + standard.windowBytes <= AgentLimits.imageBytes else {
            throw .imageTooLarge
        }
        let grows = standard.program.instructions.first { $0.specification.name == "sbrk" }
        if let grows { throw .growsHeap(pc: grows.pc) }
        identity = standard.identity
        highestBlockGas = standard.program.highestBlockGas
    }

    public var encoded: [UInt8] { standard.encoded }

    /// Leaves of the state tree: a power of two.
    public var leafCount: Int {
        let needed = (Image.cellBytes + standard.windowBytes) / ImageTree.leafBytes
        return 1 << (Int.bitWidth - (needed - 1).leadingZeroBitCount)
    }

    /// Leaves with registers or windows; those behind them are zero.
    public var windowLeafCount: Int {
        (Image.cellBytes + standard.windowBytes) / ImageTree.leafBytes
    }

    /// The root of the image before the first step. Takes time in proportion to the image.
    public var initialRoot: Digest { ImageTree(of: initialImage, leafCount: leafCount).root }

    /// The image before the first step.
    public var initialImage: Image {
        var registers = [UInt64](repeating: 0, count: Machine.registerCount)
        registers[0] = StandardProgram.haltAddress
        registers[1] = UInt64(standard.stackAddresses.upperBound)
        registers[7] = UInt64(StandardProgram.inputAddress)
        return Image(registers: registers, pc: 0, windows: standard.initialWindows[...])
    }
}
