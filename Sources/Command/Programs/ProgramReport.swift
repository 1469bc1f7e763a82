// What `program inspect` shows.
import JSON
import PVM
import Primitives

struct ProgramReport {
    private let file: ProgramFile
    private let program: Program
    private let disassembly: Disassembly
    private let faults: [ProgramFault]

    init(_ file: ProgramFile) {
        self.file = file
        program = file.program
        disassembly = Disassembly(program)
        faults = program.faults
    }

    private struct Section {
        var name: String
        var addresses: Range<UInt32>
        var access: String
        /// Bytes that the file gives.
        var given: Int
    }

    private var sections: [Section] {
        guard case .standard(let standard) = file else { return [] }
        let parts = standard.parts
        return [
            Section(
                name: "read-only", addresses: standard.readOnlyAddresses, access: "r",
                given: parts.readOnly.count),
            Section(
                name: "read-write", addresses: standard.readWriteAddresses, access: "rw",
                given: parts.readWrite.count),
            Section(name: "stack", addresses: standard.stackAddresses, access: "rw", given: 0),
        ]
    }

    var text: String {
        var facts = Facts()
        facts.add("identity", file.identity.description)
        facts.add("revision", program.revision.name)
        let count = disassembly.lines.count
        facts.add("code", "\(program.blob.code.count) bytes, \(count) instructions")
        facts.add("blocks", "\(program.blocks.count)")
        facts.add("jump table", "\(program.blob.jumpTable.count) entries")
        for section in sections {
            let start = hex(section.addresses.lowerBound)
            let end = hex(section.addresses.upperBound)
            facts.add(
                section.name, "\(start) to \(end) \(section.access), \(section.given) bytes given")
        }
        var lines = [facts.text, ""]
        for (entry, target) in program.blob.jumpTable.enumerated() {
            lines.append("table \(2 * (entry + 1)) -> \(target)")
        }
        for line in disassembly.lines {
            lines.append("\(line.isBlock ? "*" : " ")\(padded(line.pc))  \(line.text)")
        }
        lines += faults.map { "fault at \($0.place): \($0.reason.sentence)" }
        return lines.joined(separator: "\n")
    }

    private func padded(_ pc: Int) -> String {
        let digits = "\(pc)"
        return String(repeating: " ", count: max(0, 7 - digits.count)) + digits
    }

    private func hex(_ address: UInt32) -> String { "0x" + String(address, radix: 16) }

    var json: JSONValue {
        .object([
            JSONMember("identity", .string(file.identity.description)),
            JSONMember("revision", .string(program.revision.name)),
            JSONMember("codeBytes", .integer(program.blob.code.count)),
            JSONMember("blocks", .integer(program.blocks.count)),
            JSONMember("jumpTable", .array(program.blob.jumpTable.map { .integer($0) })),
            JSONMember("sections", .array(sections.map(json))),
            JSONMember("instructions", .array(disassembly.lines.map(json))),
            JSONMember(
                "faults",
                .array(
                    faults.map { fault in
                        .object([
                            JSONMember("place", .integer(fault.place)),
                            JSONMember("fault", .string(fault.reason.sentence)),
                        ])
                    })),
        ])
    }

    private func json(_ section: Section) -> JSONValue {
        .object([
            JSONMember("name", .string(section.name)),
            JSONMember("address", .integer(section.addresses.lowerBound)),
            JSONMember("bytes", .integer(section.addresses.count)),
            JSONMember("access", .string(section.access)),
            JSONMember("given", .integer(section.given)),
        ])
    }

    private func json(_ line: DisassembledLine) -> JSONValue {
        .object([
            JSONMember("pc", .integer(line.pc)), JSONMember("isBlock", .bool(line.isBlock)),
            JSONMember("text", .string(line.text)),
        ])
    }
}

extension ProgramFault.Reason {
    var sentence: String {
        switch self {
        case .unknownInstruction(let number): "there is no instruction \(number)"
        case .noInstruction: "the mask has no instruction here"
        case .badTarget(let target): "it aims at \(target), where no basic block begins"
        case .badTableEntry(let target):
            "the entry of the jump table aims at \(target), where no basic block begins"
        case .openEnd: "the last instruction runs on beyond the end of the code"
        }
    }
}
