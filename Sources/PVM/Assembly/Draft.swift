// A program being assembled: instructions whose targets and places are not known yet.

struct Draft {
    struct Item {
        enum Kind {
            case instruction(Instruction)
            case bytes([UInt8])
        }

        var kind: Kind
        var line: Int
        /// The label an instruction aims at; where it is nil its distance is in `target`.
        var aim: Substring?
        /// The label whose address is the first immediate.
        var address: Substring?
        /// Bytes for the distance to the target.
        var width = 0
        var pc = 0
    }

    let set: InstructionSet
    var items: [Item] = []
    var table: [(label: Substring, line: Int)] = []
    /// For each label the item that follows it.
    private var labels: [Substring: Int] = [:]
    private var codeCount = 0

    init(set: InstructionSet) { self.set = set }

    mutating func define(_ label: Substring, _ line: Int) throws(AssemblyFailure) {
        guard labels.updateValue(items.count, forKey: label) == nil else {
            throw AssemblyFailure(.repeatedLabel(String(label)), line)
        }
    }

    mutating func add(_ line: AssemblyLine, _ word: Substring) throws(AssemblyFailure) {
        guard let specification = set[name: word] else {
            throw AssemblyFailure(.unknownWord(String(word)), line.number)
        }
        let operands = specification.form.operands
        guard line.operands.count == operands.count else {
            throw AssemblyFailure(.operandCount(operands.count), line.number)
        }
        var instruction = Instruction(specification, pc: 0, length: 1)
        var item = Item(kind: .instruction(instruction), line: line.number)
        for (operand, text) in zip(operands, line.operands) {
            switch operand {
            case .a: instruction.a = try Self.register(text, line.number)
            case .b: instruction.b = try Self.register(text, line.number)
            case .d: instruction.d = try Self.register(text, line.number)
            case .x, .wide:
                if text.first == "@" {
                    item.address = text.dropFirst()
                } else {
                    instruction.x = try Self.number(text, operand, line.number)
                }
            case .y: instruction.y = try Self.number(text, operand, line.number)
            case .target:
                if AssemblyLine.isLabel(text) {
                    item.aim = text
                } else {
                    instruction.target = try Self.distance(text, line.number)
                }
            }
        }
        item.kind = .instruction(instruction)
        items.append(item)
    }

    private static func register(
        _ text: Substring, _ line: Int
    ) throws(AssemblyFailure) -> UInt8 {
        guard let register = AssemblyLine.register(text) else {
            throw AssemblyFailure(.notARegister(String(text)), line)
        }
        return register
    }

    private static func number(
        _ text: Substring, _ operand: Operand, _ line: Int
    ) throws(AssemblyFailure) -> UInt64 {
        guard let value = AssemblyLine.number(text) else {
            throw AssemblyFailure(.notANumber(String(text)), line)
        }
        guard operand == .wide || Instruction.width(of: value) != nil else {
            throw AssemblyFailure(.outOfRange(String(text)), line)
        }
        return value
    }

    /// `+N` or `-N`.
    private static func distance(_ text: Substring, _ line: Int) throws(AssemblyFailure) -> Int {
        guard text.first == "+" || text.first == "-", let value = Int32(text) else {
            throw AssemblyFailure(.notALabel(String(text)), line)
        }
        return Int(value)
    }

    /// Replaces `@LABEL` by the address of the label's first entry in the jump table.
    mutating func resolve() throws(AssemblyFailure) {
        var addresses: [Substring: UInt64] = [:]
        for (entry, place) in table.enumerated() where addresses[place.label] == nil {
            addresses[place.label] = 2 * (UInt64(entry) + 1)
        }
        for index in items.indices {
            guard let label = items[index].address,
                case .instruction(var instruction) = items[index].kind
            else { continue }
            guard let address = addresses[label] else {
                throw AssemblyFailure(.labelWithoutAddress(String(label)), items[index].line)
            }
            instruction.x = address
            items[index].kind = .instruction(instruction)
        }
    }

    /// Gives every item its place. Distances begin with no byte and grow until all of them fit;
    /// since none ever shrinks, that ends.
    mutating func place() throws(AssemblyFailure) {
        var isStable = false
        while !isStable {
            isStable = true
            var pc = 0
            for index in items.indices {
                items[index].pc = pc
                pc += try encoded(items[index]).count
                guard pc <= ProgramLimits.codeBytes else {
                    throw AssemblyFailure(.tooLong, items[index].line)
                }
            }
            codeCount = pc
            for index in items.indices {
                let need = Instruction.width(
                    of: UInt64(bitPattern: Int64(try distance(of: items[index]))))
                if let need, need > items[index].width {
                    items[index].width = need
                    isStable = false
                }
            }
        }
    }

    private func distance(of item: Item) throws(AssemblyFailure) -> Int {
        if let label = item.aim { return try pc(of: label, item.line) - item.pc }
        guard case .instruction(let instruction) = item.kind else { return 0 }
        return instruction.target
    }

    private func pc(of label: Substring, _ line: Int) throws(AssemblyFailure) -> Int {
        guard let item = labels[label] else {
            throw AssemblyFailure(.unknownLabel(String(label)), line)
        }
        return item < items.count ? items[item].pc : codeCount
    }

    private func encoded(_ item: Item) throws(AssemblyFailure) -> [UInt8] {
        switch item.kind {
        case .bytes(let bytes): return bytes
        case .instruction(let draft):
            var instruction = Instruction(draft, pc: item.pc)
            instruction.target = item.pc + (try distance(of: item))
            return instruction.encoded(distance: item.width)
        }
    }

    func blob() throws(AssemblyFailure) -> ProgramBlob {
        var code: [UInt8] = []
        var starts: [Bool] = []
        for item in items {
            let bytes = try encoded(item)
            code += bytes
            starts += [true] + repeatElement(false, count: bytes.count - 1)
        }
        guard table.count <= ProgramLimits.jumpTableEntries else {
            throw AssemblyFailure(.tooLong, table[table.count - 1].line)
        }
        var entries: [UInt64] = []
        for entry in table { entries.append(UInt64(try pc(of: entry.label, entry.line))) }
        return ProgramBlob(jumpTable: entries, code: code, starts: starts)
    }
}

extension Instruction {
    /// The same instruction at another place.
    fileprivate init(_ other: Instruction, pc: Int) {
        self.init(other.specification, pc: pc, length: other.length)
        (a, b, d, x, y, target) = (other.a, other.b, other.d, other.x, other.y, other.target)
    }
}
