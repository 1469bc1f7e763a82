// The state of an agent between two runs: registers, heap window and stack window.
import PVM
import Primitives

/// Sixteen register cells, then the windows of the program, as bytes (docs/spec/agents.md §1).
public struct Image: Hashable, Sendable {
    /// Bytes of the register cells.
    public static let cellBytes = 128
    /// The cell with the index of the next instruction.
    private static let pcCell = 15

    /// A whole number of leaves; what follows up to the end of the tree is zero.
    public package(set) var bytes: [UInt8]

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// - Parameter registers: exactly 13.
    init(registers: [UInt64], pc: UInt32, windows: ArraySlice<UInt8>) {
        var writer = ByteWriter(capacity: Self.cellBytes + windows.count)
        for register in registers { writer.write(register) }
        for _ in registers.count..<Self.pcCell { writer.write(UInt64(0)) }
        writer.write(UInt64(pc))
        writer.append(windows)
        bytes = writer.bytes
    }

    /// One of the sixteen cells.
    func cell(_ index: Int) -> UInt64 {
        bytes.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: 8 * index, as: UInt64.self))
        }
    }

    /// The 13 registers.
    public var registers: [UInt64] { (0..<Machine.registerCount).map(cell) }

    /// Index in the code of the next instruction; nil where the cell holds no such number, which
    /// no run leaves behind.
    public var pc: UInt32? { UInt32(exactly: cell(Self.pcCell)) }

    /// The 64 bytes of a leaf.
    func leaf(_ index: Int) -> ArraySlice<UInt8> {
        bytes[index * ImageTree.leafBytes..<(index + 1) * ImageTree.leafBytes]
    }

    /// Leaves that are not zero by definition.
    var leafCount: Int { bytes.count / ImageTree.leafBytes }

    /// A machine that goes on from here.
    package func machine(of program: AgentProgram, gas: UInt64) -> Machine? {
        guard let pc, bytes.count == Self.cellBytes + program.standard.windowBytes else {
            return nil
        }
        return try? program.standard.machine(
            windows: Array(bytes[Self.cellBytes...]), registers: registers, pc: pc, gas: gas)
    }

    /// What a machine leaves that is to go on at `pc`.
    init(of machine: Machine, pc: UInt32, program: AgentProgram) {
        self.init(
            registers: machine.registers, pc: pc, windows: program.standard.windows(of: machine))
    }
}
