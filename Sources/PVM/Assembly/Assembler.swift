// Assembly text to a program: labels, jump table, data, and the shortest encoding of each distance.
import Primitives

/// What assembly text says.
///
/// A line is `label: word operand, operand ; comment`. Words are the names of instructions, with
/// the operands of their form in order, and directives: `.table LABEL, ...` appends entries to the
/// jump table, `.readonly HEX` and `.readwrite HEX` append data, `.heap PAGES` and `.stack BYTES`
/// set sizes, `.code HEX` is an instruction given by its bytes. A target is a label, or a distance
/// in bytes with its sign; an immediate is a number, or `@LABEL` for the address of the label's
/// first entry in the jump table.
public struct Assembly: Sendable {
    public private(set) var blob = ProgramBlob(jumpTable: [], code: [], starts: [])
    public private(set) var readOnly: [UInt8] = []
    public private(set) var readWrite: [UInt8] = []
    public private(set) var heapPages: UInt16 = 0
    public private(set) var stackBytes: UInt32 = 0

    /// The parts of the standard program.
    public var parts: StandardProgram.Parts {
        StandardProgram.Parts(
            readOnly: readOnly, readWrite: readWrite, heapPages: heapPages,
            stackBytes: stackBytes, blob: blob.encoded)
    }

    public init(_ text: String, revision: Revision) throws(AssemblyFailure) {
        var draft = Draft(set: revision.instructions)
        var number = 0
        for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            number += 1
            try take(try AssemblyLine(line, number: number), &draft)
        }
        try draft.resolve()
        try draft.place()
        blob = try draft.blob()
    }

    private mutating func take(
        _ line: AssemblyLine, _ draft: inout Draft
    ) throws(AssemblyFailure) {
        if let label = line.label { try draft.define(label, line.number) }
        guard let word = line.word else { return }
        switch word {
        case ".table":
            for operand in line.operands { draft.table.append((operand, line.number)) }
        case ".readonly": try Self.append(line, to: &readOnly)
        case ".readwrite": try Self.append(line, to: &readWrite)
        case ".heap": heapPages = UInt16(try Self.count(line, UInt64(UInt16.max)))
        case ".stack": stackBytes = UInt32(try Self.count(line, 1 << 24 - 1))
        case ".code":
            var bytes: [UInt8] = []
            try Self.append(line, to: &bytes)
            guard (1...25).contains(bytes.count) else { throw Self.range(line) }
            draft.items.append(Draft.Item(kind: .bytes(bytes), line: line.number))
        default: try draft.add(line, word)
        }
    }

    private static func append(
        _ line: AssemblyLine, to bytes: inout [UInt8]
    ) throws(AssemblyFailure) {
        let text = try only(line)
        guard let more = Hex.decode(text) else {
            throw AssemblyFailure(.notBytes(String(text)), line.number)
        }
        guard bytes.count + more.count < 1 << 24 else {
            throw AssemblyFailure(.tooLong, line.number)
        }
        bytes += more
    }

    private static func count(
        _ line: AssemblyLine, _ most: UInt64
    ) throws(AssemblyFailure) -> UInt64 {
        let text = try only(line)
        guard let value = AssemblyLine.number(text) else {
            throw AssemblyFailure(.notANumber(String(text)), line.number)
        }
        guard value <= most else { throw range(line) }
        return value
    }

    private static func only(_ line: AssemblyLine) throws(AssemblyFailure) -> Substring {
        guard line.operands.count == 1 else { throw AssemblyFailure(.operandCount(1), line.number) }
        return line.operands[0]
    }

    private static func range(_ line: AssemblyLine) -> AssemblyFailure {
        AssemblyFailure(.outOfRange(line.operands.joined(separator: ", ")), line.number)
    }
}
