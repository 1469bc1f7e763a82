// An instruction made ready for the interpreter: 32 bytes, operands resolved to cells.

/// The cells of a machine: 13 registers, one that is always zero, one that is never read.
package enum Cell {
    package static let zero: UInt8 = 13
    package static let sink: UInt8 = 14
    static let count = 16
}

/// One step of a program: `left = cell a + x`, `right = cell b + y`, the result goes to cell `d`.
package struct Step: Sendable {
    package var kernel: Kernel
    package var d = Cell.sink
    package var a = Cell.zero
    package var b = Cell.zero
    /// For jumps and branches the position in the program's steps.
    package var target: UInt32 = 0
    package var x: UInt64 = 0
    package var y: UInt64 = 0
    /// Gas from here to the end of the basic block, this step included.
    package var gas: UInt32 = 1
    /// Index of the instruction in the code.
    package var pc: UInt32
}

extension Step {
    /// All but `target` and `gas`.
    init(_ instruction: Instruction) {
        let specification = instruction.specification
        self.init(kernel: specification.kernel, pc: UInt32(instruction.pc))
        switch specification.form {
        case .bare, .offset: break
        case .immediate: x = instruction.x
        case .registerWide: (d, y) = (instruction.a, instruction.x)
        case .twoImmediates: (x, y) = (instruction.x, instruction.y)
        case .registerImmediate: place(instruction, base: Cell.zero)
        case .registerTwoImmediates: (a, x, y) = (instruction.a, instruction.x, instruction.y)
        case .registerImmediateOffset:
            if kernel == .jump {
                (d, y) = (instruction.a, instruction.x)
            } else if specification.isSwapped {
                (b, x) = (instruction.a, instruction.x)
            } else {
                (a, y) = (instruction.a, instruction.x)
            }
        case .twoRegisters: (d, b) = (instruction.d, instruction.a)
        case .twoRegistersImmediate:
            if kernel.isLoad || kernel.isStore {
                place(instruction, base: instruction.b)
            } else if specification.isSwapped {
                (d, b, x) = (instruction.a, instruction.b, instruction.x)
            } else {
                (d, a, y) = (instruction.a, instruction.b, instruction.x)
            }
        case .twoRegistersOffset: (a, b) = (instruction.a, instruction.b)
        case .twoRegistersTwoImmediates:
            (d, y, a, x) = (instruction.a, instruction.x, instruction.b, instruction.y)
        case .threeRegisters: (d, a, b) = (instruction.d, instruction.a, instruction.b)
        }
    }

    /// Register A with an immediate: an address to jump to, a constant, a load or a store.
    private mutating func place(_ instruction: Instruction, base: UInt8) {
        switch kernel {
        case .move: (d, y) = (instruction.a, instruction.x)
        case .jumpIndirect: (a, x) = (instruction.a, instruction.x)
        case let kernel where kernel.isStore:
            (a, x, b) = (base, instruction.x, instruction.a)
        default: (a, x, d) = (base, instruction.x, instruction.a)
        }
    }
}
