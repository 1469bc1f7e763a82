// The executable sections as one list of instructions, and where jumps in it may arrive.

/// One instruction of the input.
struct CodeLine: Sendable {
    var section: Int
    /// Bytes from the start of the section.
    var offset: Int
    /// Nil behind the last instruction of a section: a trap, so that no section runs into another.
    var instruction: RiscVInstruction?
}

/// The code of a file in order of section and offset. A *position* is an index into `lines`.
struct Code: Sendable {
    private(set) var lines: [CodeLine] = []
    /// Instructions that there are not; a trap stands for each.
    private(set) var faults: [LinkFailure] = []
    /// For each section the position of the instruction at each second byte, or `noPosition`.
    private var positions: [[UInt32]]

    private static let noPosition = UInt32.max
    /// Bytes of all executable sections: more would not fit into a program either.
    static let mostBytes = 4 << 20

    init(_ file: ElfFile) throws(LinkFailure) {
        positions = [[UInt32]](repeating: [], count: file.sections.count)
        var total = 0
        for (index, section) in file.sections.enumerated()
        where section.isLoaded && section.isCode {
            total += section.range.count
            guard total <= Self.mostBytes else {
                throw LinkFailure(.tooLarge, section: section.name, at: 0)
            }
            guard section.kind != ElfSection.zeros, !section.isWritable else {
                throw LinkFailure(.unacceptedSection, section: section.name, at: 0)
            }
            add(section, index, file.bytes.bytes)
        }
    }

    private mutating func add(_ section: ElfSection, _ index: Int, _ bytes: [UInt8]) {
        let code = bytes[section.range]
        positions[index] = [UInt32](repeating: Self.noPosition, count: code.count / 2 + 1)
        var offset = 0
        while offset < code.count {
            let place = section.range.lowerBound + offset
            let decoded = Self.decode(code, place)
            if let reason = Self.fault(decoded, code, place),
                faults.count < LinkRefusal.mostFailures
            {
                faults.append(LinkFailure(reason, section: section.name, at: offset))
            }
            let width = code[place] & 3 == 3 ? 4 : 2
            let instruction =
                decoded ?? RiscVInstruction(
                    operation: .unimp, length: min(width, code.count - offset))
            append(CodeLine(section: index, offset: offset, instruction: instruction))
            offset += instruction.length
        }
        append(CodeLine(section: index, offset: offset, instruction: nil))
    }

    private mutating func append(_ line: CodeLine) {
        positions[line.section][line.offset / 2] = UInt32(lines.count)
        lines.append(line)
    }

    /// The instruction at `place`, nil where its bytes are none or reach beyond the section.
    private static func decode(_ code: ArraySlice<UInt8>, _ place: Int) -> RiscVInstruction? {
        guard place + 2 <= code.endIndex else { return nil }
        let half = UInt16(code[place]) | UInt16(code[place + 1]) << 8
        if half & 3 != 3 { return RiscVInstruction(half: half) }
        return place + 4 <= code.endIndex ? RiscVInstruction(word: bits(code, place)) : nil
    }

    /// What is wrong with the instruction at `place`, if anything is.
    private static func fault(
        _ decoded: RiscVInstruction?, _ code: ArraySlice<UInt8>, _ place: Int
    ) -> LinkFailure.Reason? {
        guard let decoded else { return .unknownInstruction(bits(code, place)) }
        return decoded.missingRegister.map { .register($0) }
    }

    /// Two or four bytes, fewer at the end.
    private static func bits(_ code: ArraySlice<UInt8>, _ place: Int) -> UInt32 {
        let count = code[place] & 3 == 3 ? 4 : 2
        return code[place...].prefix(count).reversed().reduce(0) { $0 << 8 | UInt32($1) }
    }

    /// The position of the instruction at `offset` of a section.
    func position(_ section: Int, _ offset: Int64) -> Int? {
        guard positions.indices.contains(section), offset >= 0, offset & 1 == 0,
            offset / 2 < positions[section].count
        else { return nil }
        let position = positions[section][Int(offset / 2)]
        return position == Self.noPosition ? nil : Int(position)
    }
}

extension RiscVInstruction {
    /// A register that the machine does not have.
    fileprivate var missingRegister: UInt8? {
        [rd, rs1, rs2].first { $0 == 3 || $0 == 4 || $0 > 15 }
    }
}
