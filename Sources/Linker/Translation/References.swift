// What the addresses of a file mean: symbols and relocations resolved to places.
import PVM

/// What an address refers to.
enum Place: Hashable, Sendable {
    /// An instruction, by its position.
    case code(Int)
    /// A number that is the same wherever sections are put.
    case number(Int64)
}

/// Relocation types of the RISC-V psABI, chapter 8.4.
enum RelocationType {
    static let none: UInt32 = 0
    static let word32: UInt32 = 1
    static let word64: UInt32 = 2
    static let branch: UInt32 = 16
    static let jump: UInt32 = 17
    static let call: UInt32 = 18
    static let callLinkage: UInt32 = 19
    static let slotHigh: UInt32 = 20
    static let nearHigh: UInt32 = 23
    static let nearLow: UInt32 = 24
    static let nearLowStore: UInt32 = 25
    static let high: UInt32 = 26
    static let low: UInt32 = 27
    static let lowStore: UInt32 = 28
    static let add32: UInt32 = 35
    static let add64: UInt32 = 36
    static let sub32: UInt32 = 39
    static let sub64: UInt32 = 40
    static let align: UInt32 = 43
    static let shortBranch: UInt32 = 44
    static let shortJump: UInt32 = 45
    static let relax: UInt32 = 51
    static let near32: UInt32 = 57

    /// Those that say nothing about an address.
    static func isHint(_ type: UInt32) -> Bool { type == none || type == align || type == relax }
    /// Those of `auipc` and `jalr` together.
    static func isCall(_ type: UInt32) -> Bool { type == call || type == callLinkage }
    /// Those of a distance in the instruction itself.
    static func isJump(_ type: UInt32) -> Bool {
        [branch, jump, shortBranch, shortJump].contains(type)
    }
    /// Those that begin an address.
    static func isHigh(_ type: UInt32) -> Bool { [high, nearHigh, slotHigh].contains(type) }
    /// Those that end one.
    static func isLow(_ type: UInt32) -> Bool {
        [low, lowStore, nearLow, nearLowStore].contains(type)
    }
    /// Those that subtract an address.
    static func isDifference(_ type: UInt32) -> Bool { type == sub32 || type == sub64 }
    static func isNearLow(_ type: UInt32) -> Bool { type == nearLow || type == nearLowStore }
}

/// A file whose addresses can be asked for.
struct References: Sendable {
    let file: ElfFile
    let code: Code
    let relocations: [[ElfRelocation]]
    /// Symbols whose address stands in a slot, in order of first use.
    let slots: [ElfRelocation]
    let layout: DataLayout
    private let slotIndices: [SlotKey: Int]

    private struct SlotKey: Hashable {
        var symbol: UInt32
        var addend: Int64

        init(_ relocation: ElfRelocation) {
            (symbol, addend) = (relocation.symbol, relocation.addend)
        }
    }

    init(_ file: ElfFile) throws(LinkFailure) {
        self.file = file
        relocations = try file.relocations()
        code = try Code(file)
        var slots: [ElfRelocation] = []
        var indices: [SlotKey: Int] = [:]
        for list in relocations {
            for relocation in list where relocation.type == RelocationType.slotHigh {
                guard indices[SlotKey(relocation)] == nil else { continue }
                indices[SlotKey(relocation)] = slots.count
                slots.append(relocation)
            }
        }
        (self.slots, slotIndices) = (slots, indices)
        layout = try DataLayout(file, slotCount: slots.count)
    }

    /// The relocations at `offset` of a section that say something.
    func relocations(_ section: Int, at offset: Int) -> ArraySlice<ElfRelocation> {
        let list = relocations[section]
        var (low, high) = (0, list.count)
        while low < high {
            let middle = (low + high) / 2
            if list[middle].offset < UInt64(offset) { low = middle + 1 } else { high = middle }
        }
        var end = low
        while end < list.count, list[end].offset == UInt64(offset) { end += 1 }
        return list[low..<end].drop { RelocationType.isHint($0.type) }
    }

    /// The one relocation of an instruction.
    func relocation(of line: CodeLine) throws(LinkFailure) -> ElfRelocation? {
        let found = relocations(line.section, at: line.offset)
            .filter { !RelocationType.isHint($0.type) }
        guard found.count < 2 else { throw fault(.relocation(found[1].type), line) }
        return found.first
    }

    func fault(_ reason: LinkFailure.Reason, _ line: CodeLine) -> LinkFailure {
        LinkFailure(reason, section: file.sections[line.section].name, at: line.offset)
    }

    /// What `symbol + addend` refers to; the addend may leave the symbol, not its section.
    func place(_ relocation: ElfRelocation) throws(LinkFailure.Reason) -> Place {
        guard Int(relocation.symbol) < file.symbols.count else { throw .noSymbol }
        let symbol = file.symbols[Int(relocation.symbol)]
        if symbol.section == ElfSymbol.undefined {
            let isNothing = relocation.symbol == 0 || symbol.isWeak
            guard isNothing else { throw .undefined(file.name(of: symbol)) }
            return .number(relocation.addend)
        }
        let value = Int64(bitPattern: symbol.value) &+ relocation.addend
        if symbol.section == ElfSymbol.absolute { return .number(value) }
        guard Int(symbol.section) < file.sections.count else { throw .noSymbol }
        return try place(Int(symbol.section), value &- base(of: Int(symbol.section)))
    }

    /// What a linker calls the end of code is an address like any other, but no place to jump to.
    private func place(
        _ section: Int, _ offset: Int64
    ) throws(LinkFailure.Reason) -> Place {
        if let address = layout.addresses[section] { return .number(Int64(address) &+ offset) }
        guard file.sections[section].isCode else { throw .outsideMemory }
        guard let position = code.position(section, offset) else { throw .badTarget }
        return .code(position)
    }

    private func base(of section: Int) -> Int64 {
        file.isRelocatable ? 0 : Int64(bitPattern: file.sections[section].address)
    }

    /// The address of the slot that a relocation of its kind uses.
    func slot(_ relocation: ElfRelocation) -> Int64 {
        Int64(layout.slots) + 8 * Int64(slotIndices[SlotKey(relocation)] ?? 0)
    }

    /// Where the program begins.
    func entry() throws(LinkFailure) -> Int {
        if !file.isRelocatable {
            for (index, section) in file.sections.enumerated() where section.isCode {
                let offset = Int64(bitPattern: file.entry) &- Int64(bitPattern: section.address)
                if section.isLoaded, let position = code.position(index, offset) { return position }
            }
        }
        for symbol in file.symbols
        where symbol.section != ElfSymbol.undefined && file.name(of: symbol) == "_start" {
            let section = Int(symbol.section)
            guard section < file.sections.count else { continue }
            let offset = Int64(bitPattern: symbol.value) &- base(of: section)
            if let position = code.position(section, offset) { return position }
        }
        throw LinkFailure(.noEntry, at: 24)
    }
}
