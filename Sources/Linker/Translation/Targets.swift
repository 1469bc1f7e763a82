// Which instructions jumps arrive at, and which of them have an address: a first look at the code.

/// Found before anything is translated, so that no two instructions are joined across a target.
struct Targets: Sendable {
    /// For each position whether a jump, a branch or an address arrives there.
    private(set) var isTarget: [Bool]
    /// Positions that have an address, in order: the jump table.
    private(set) var table: [Int] = []
    /// For each position its entry in the table, -1 where it has none.
    private var entries: [Int32]

    init(_ references: References) throws(LinkFailure) {
        let code = references.code
        isTarget = [Bool](repeating: false, count: code.lines.count + 1)
        entries = [Int32](repeating: -1, count: code.lines.count + 1)
        for (position, line) in code.lines.enumerated() {
            look(at: line, position, references)
        }
        for (section, list) in references.relocations.enumerated()
        where !references.file.sections[section].isCode {
            for relocation in list { markAddress(relocation, references) }
        }
        for relocation in references.slots { markAddress(relocation, references) }
        isTarget[try references.entry()] = true
        for position in entries.indices where entries[position] == 0 {
            entries[position] = Int32(table.count)
            table.append(position)
        }
    }

    /// What is wrong with a line is found, and told, when it is translated.
    private mutating func look(at line: CodeLine, _ position: Int, _ references: References) {
        guard let instruction = line.instruction,
            let relocation = try? .some(references.relocation(of: line))
        else { return }
        switch instruction.operation {
        case .jal, .beq, .bne, .blt, .bge, .bltu, .bgeu:
            guard let target = try? references.target(of: line, instruction, relocation) else {
                break
            }
            isTarget[target] = true
        case .auipc, .lui:
            guard let relocation else { break }
            if RelocationType.isCall(relocation.type) {
                if let place = try? references.place(relocation), case .code(let target) = place {
                    isTarget[target] = true
                }
            } else {
                markAddress(relocation, references)
            }
        default: break
        }
        if instruction.isCall { mark(position + 1) }
    }

    private mutating func markAddress(_ relocation: ElfRelocation, _ references: References) {
        guard !RelocationType.isHint(relocation.type),
            let place = try? references.place(relocation), case .code(let target) = place
        else { return }
        mark(target)
    }

    private mutating func mark(_ position: Int) {
        isTarget[position] = true
        entries[position] = 0
    }

    /// A branch that the translation itself makes.
    mutating func aim(at position: Int) { isTarget[position] = true }

    /// The address of an instruction: entry `n` of the table has the address `2 (n + 1)`.
    func address(of position: Int) -> Int64? {
        let entry = entries[position]
        return entry < 0 ? nil : 2 * (Int64(entry) + 1)
    }
}

extension RiscVInstruction {
    /// Whether it leaves the address of the next instruction in a register.
    var isCall: Bool { (operation == .jal || operation == .jalr) && rd != 0 }
}

extension References {
    /// The position at which a jump or branch aims, by its relocation if it has one.
    func target(
        of line: CodeLine, _ instruction: RiscVInstruction, _ relocation: ElfRelocation?
    ) throws(LinkFailure) -> Int {
        if let relocation {
            guard RelocationType.isJump(relocation.type) else {
                throw fault(.relocation(relocation.type), line)
            }
            return try self.target(relocation, line)
        }
        let offset = Int64(line.offset) + instruction.immediate
        guard let position = code.position(line.section, offset) else {
            throw fault(.badTarget, line)
        }
        return position
    }

    /// The position that a relocation of a jump or call names.
    func target(_ relocation: ElfRelocation, _ line: CodeLine) throws(LinkFailure) -> Int {
        do throws(LinkFailure.Reason) {
            guard case .code(let position) = try place(relocation) else { throw .badTarget }
            return position
        } catch {
            throw fault(error, line)
        }
    }
}
