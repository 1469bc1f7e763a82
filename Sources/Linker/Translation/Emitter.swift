// The program being made: instructions whose places are not known yet.
import PVM

/// An instruction of the program.
struct EmittedItem: Sendable {
    var instruction: Instruction
    /// The position in the input's code it jumps to; nil where it does not.
    var aim: Int?
    /// Bytes without the distance of a jump.
    var size: Int
    /// Bytes of that distance.
    var width = 0
    var pc = 0
}

/// The operands of an instruction; those its form does not have stay zero.
struct Operands {
    var a: UInt8 = 0
    var b: UInt8 = 0
    var d: UInt8 = 0
    var x: Int64 = 0
    var y: Int64 = 0
    var aim: Int?
}

/// Collects instructions and gives them their places.
struct Emitter: Sendable {
    private let trap: Specification
    private let words: [String: Specification]
    private(set) var items: [EmittedItem] = []
    /// For each position of the input the item it begins with.
    private var starts: [Int] = []

    init(_ set: InstructionSet) {
        trap = set.trap
        words = Dictionary(uniqueKeysWithValues: set.all.map { ($0.name, $0) })
    }

    var endsBlock: Bool { items.last?.instruction.specification.endsBlock ?? false }

    /// The next position of the input begins here.
    mutating func begin(isTarget: Bool) {
        if isTarget, !endsBlock { emit("fallthrough") }
        starts.append(items.count)
    }

    mutating func emit(_ word: String, _ operands: Operands = Operands()) {
        precondition(words[word] != nil, "the translation knows only words of the revision")
        var instruction = Instruction(words[word] ?? trap, pc: 0, length: 1)
        (instruction.a, instruction.b, instruction.d) = (operands.a, operands.b, operands.d)
        instruction.x = UInt64(bitPattern: operands.x)
        instruction.y = UInt64(bitPattern: operands.y)
        let size = instruction.encoded(distance: 0).count
        items.append(EmittedItem(instruction: instruction, aim: operands.aim, size: size))
    }

    /// The index in the code at which a position of the input begins.
    func pc(of position: Int) -> Int { items[starts[position]].pc }

    /// Gives every item its place. Distances begin with no byte and only grow, so that ends.
    ///
    /// - Returns: whether the code keeps its limit.
    mutating func place() -> Bool {
        while true {
            var pc = 0
            for index in items.indices {
                items[index].pc = pc
                pc += items[index].size + items[index].width
            }
            guard pc <= ProgramLimits.codeBytes else { return false }
            var isStable = true
            for index in items.indices {
                guard let aim = items[index].aim else { continue }
                let distance = self.pc(of: aim) - items[index].pc
                let need = Instruction.width(of: UInt64(bitPattern: Int64(distance))) ?? 4
                if need > items[index].width {
                    items[index].width = need
                    isStable = false
                }
            }
            if isStable { return true }
        }
    }

    /// The code with its mask, once everything has its place.
    func blob(table: [Int]) -> ProgramBlob {
        var code: [UInt8] = []
        var isStart: [Bool] = []
        for item in items {
            let draft = item.instruction
            var instruction = Instruction(draft.specification, pc: item.pc, length: 1)
            (instruction.a, instruction.b, instruction.d) = (draft.a, draft.b, draft.d)
            (instruction.x, instruction.y) = (draft.x, draft.y)
            instruction.target = item.aim.map(pc) ?? item.pc
            let bytes = instruction.encoded(distance: item.width)
            code += bytes
            isStart += [true] + repeatElement(false, count: bytes.count - 1)
        }
        return ProgramBlob(
            jumpTable: table.map { UInt64(pc(of: $0)) }, code: code, starts: isStart)
    }
}
