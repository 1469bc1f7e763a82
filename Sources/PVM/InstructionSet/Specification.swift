// One row for each instruction; decoder, interpreter, assembler and disassembler read it here.

/// One instruction of a revision.
public struct Specification: Sendable {
    /// The byte that stands for it in code.
    public let number: UInt8
    /// Its name in assembly text.
    public let name: String
    public let form: Form
    let kernel: Kernel
    /// Whether `left` and `right` of the kernel are the immediate and the register, in that order.
    let isSwapped: Bool

    /// Whether a basic block ends with it.
    public var endsBlock: Bool { kernel.endsBlock }
    /// Whether it reads memory.
    public var isLoad: Bool { kernel.isLoad }
    /// Whether it writes memory.
    public var isStore: Bool { kernel.isStore }
    /// Bytes of memory it reads or writes: 0, 1, 2, 4 or 8.
    public var accessWidth: Int { kernel.accessWidth }
}

/// The instructions of one revision.
public struct InstructionSet: Sendable {
    /// In order of number.
    public let all: [Specification]
    private let byNumber: [Specification?]

    fileprivate init(_ groups: [[Specification]]) {
        all = groups.flatMap { $0 }.sorted { $0.number < $1.number }
        var table = [Specification?](repeating: nil, count: 256)
        for specification in all { table[Int(specification.number)] = specification }
        byNumber = table
    }

    /// The instruction of a number, nil where the revision has none.
    public subscript(number: UInt8) -> Specification? { byNumber[Int(number)] }

    /// The instruction of a name, nil where the revision has none.
    public subscript(name name: some StringProtocol) -> Specification? {
        all.first { $0.name == name }
    }

    /// The trap, as which every undefined instruction behaves.
    public var trap: Specification { all[0] }
}

/// Which numbering of the instructions a program uses; it is hashed into the program's identity.
public enum Revision: UInt8, CaseIterable, Sendable {
    /// The 139 instructions of the Gray Paper 0.7.1.
    case grayPaper071 = 1

    public var name: String {
        switch self {
        case .grayPaper071: "gray-paper-0.7.1"
        }
    }

    public var instructions: InstructionSet {
        switch self {
        case .grayPaper071: Self.grayPaper071Set
        }
    }

    private static let grayPaper071Set = InstructionSet([
        rows(.bare, Rows071.bare), rows(.immediate, Rows071.immediate),
        rows(.registerWide, Rows071.registerWide), rows(.twoImmediates, Rows071.twoImmediates),
        rows(.offset, Rows071.offset), rows(.registerImmediate, Rows071.registerImmediate),
        rows(.registerTwoImmediates, Rows071.registerTwoImmediates),
        rows(.registerImmediateOffset, Rows071.registerImmediateOffset),
        rows(.registerImmediateOffset, Rows071.registerImmediateOffsetSwapped, isSwapped: true),
        rows(.twoRegisters, Rows071.twoRegisters),
        rows(.twoRegistersImmediate, Rows071.twoRegistersImmediate),
        rows(.twoRegistersImmediate, Rows071.twoRegistersImmediateSwapped, isSwapped: true),
        rows(.twoRegistersOffset, Rows071.twoRegistersOffset),
        rows(.twoRegistersTwoImmediates, Rows071.twoRegistersTwoImmediates),
        rows(.threeRegisters, Rows071.threeRegisters),
    ])

    private static func rows(
        _ form: Form, _ rows: [Row], isSwapped: Bool = false
    ) -> [Specification] {
        rows.map { row in
            Specification(
                number: row.0, name: row.1, form: form, kernel: row.2, isSwapped: isSwapped)
        }
    }
}

/// Number, name, kernel.
typealias Row = (UInt8, String, Kernel)
