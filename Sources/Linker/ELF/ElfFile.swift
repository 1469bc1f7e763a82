// An ELF file as the linker reads it: sections, symbols, relocations; all of it untrusted.

/// One section.
struct ElfSection: Sendable {
    var name: String
    /// SHT_*: what the section holds.
    var kind: UInt32
    /// SHF_*: whether it is in memory, writable, executable.
    var flags: UInt64
    /// Address in an executable; 0 in a relocatable file.
    var address: UInt64
    /// Where its bytes stand in the file; empty for one of zeros.
    var range: Range<Int>
    /// Bytes in memory.
    var size: UInt64
    var link: UInt32
    var target: UInt32
    var alignment: UInt64

    static let symbolTable: UInt32 = 2
    static let relocations: UInt32 = 4
    static let zeros: UInt32 = 8

    var isWritable: Bool { flags & 1 != 0 }
    /// Whether the program finds it in memory.
    var isLoaded: Bool { flags & 2 != 0 }
    var isCode: Bool { flags & 4 != 0 }
    var isThreadLocal: Bool { flags & 0x400 != 0 }
}

/// One symbol.
struct ElfSymbol: Sendable {
    var nameOffset: UInt32
    /// The section it is defined in, or one of the marks below.
    var section: UInt16
    var value: UInt64
    var type: UInt8
    var isWeak: Bool

    static let undefined: UInt16 = 0
    static let absolute: UInt16 = 0xFFF1
    static let functionType: UInt8 = 2
    static let sectionType: UInt8 = 3
}

/// One relocation: a place that holds an address.
struct ElfRelocation: Sendable {
    /// Bytes from the start of the section.
    var offset: UInt64
    var type: UInt32
    var symbol: UInt32
    var addend: Int64
}

/// The tables of a file. Sections are numbered as in the file.
struct ElfFile: Sendable {
    let bytes: ElfBytes
    let isRelocatable: Bool
    let entry: UInt64
    let sections: [ElfSection]
    let symbols: [ElfSymbol]
    private let names: Range<Int>

    /// Relocations and symbols in one file, at most; a reader's memory stays in proportion to it.
    private static let mostEntries = 1 << 22
    private static let riscv: UInt16 = 243

    init(_ raw: [UInt8]) throws(LinkFailure) {
        let bytes = ElfBytes(bytes: raw)
        guard raw.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1]) else {
            throw LinkFailure(.notELF, at: 0)
        }
        let kind: UInt16 = try bytes.number(at: 16)
        guard kind == 1 || kind == 2 else { throw LinkFailure(.wrongKind(kind), at: 16) }
        let machine: UInt16 = try bytes.number(at: 18)
        guard machine == Self.riscv else {
            throw LinkFailure(.notRISCV(machine: machine), at: 18)
        }
        let flags: UInt32 = try bytes.number(at: 48)
        guard flags & 6 == 0 else { throw LinkFailure(.floatingPointABI, at: 48) }
        entry = try bytes.number(at: 24)
        isRelocatable = kind == 1
        sections = try Self.sections(of: bytes)
        (symbols, names) = try Self.symbols(of: bytes, sections)
        self.bytes = bytes
    }

    private static func sections(of bytes: ElfBytes) throws(LinkFailure) -> [ElfSection] {
        let start: UInt64 = try bytes.number(at: 40)
        let width: UInt16 = try bytes.number(at: 58)
        let count: UInt16 = try bytes.number(at: 60)
        let texts: UInt16 = try bytes.number(at: 62)
        guard count == 0 || width == 64 else { throw LinkFailure(.truncated, at: 58) }
        let table = try bytes.range(start, 64 * UInt64(count), in: 40)
        var sections: [ElfSection] = []
        for index in 0..<Int(count) {
            sections.append(try section(of: bytes, at: table.lowerBound + 64 * index))
        }
        guard Int(texts) < sections.count else { return sections }
        let names = sections[Int(texts)].range
        for index in sections.indices {
            let offset: UInt32 = try bytes.number(at: table.lowerBound + 64 * index)
            sections[index].name = bytes.text(offset, in: names)
        }
        return sections
    }

    private static func section(
        of bytes: ElfBytes, at place: Int
    ) throws(LinkFailure) -> ElfSection {
        let kind: UInt32 = try bytes.number(at: place, 4)
        let size: UInt64 = try bytes.number(at: place, 32)
        let isEmpty = kind == ElfSection.zeros || kind == 0
        let range = try bytes.range(
            isEmpty ? 0 : try bytes.number(at: place, 24), isEmpty ? 0 : size, in: place)
        return ElfSection(
            name: "", kind: kind, flags: try bytes.number(at: place, 8),
            address: try bytes.number(at: place, 16), range: range, size: size,
            link: try bytes.number(at: place, 40), target: try bytes.number(at: place, 44),
            alignment: try bytes.number(at: place, 48))
    }

    private static func symbols(
        of bytes: ElfBytes, _ sections: [ElfSection]
    ) throws(LinkFailure) -> ([ElfSymbol], Range<Int>) {
        guard let table = sections.first(where: { $0.kind == ElfSection.symbolTable }) else {
            return ([], 0..<0)
        }
        let count = table.range.count / 24
        guard count <= mostEntries else { throw LinkFailure(.tooLarge, at: 0) }
        var symbols: [ElfSymbol] = []
        symbols.reserveCapacity(count)
        for index in 0..<count {
            let place = table.range.lowerBound + 24 * index
            let mark: UInt8 = try bytes.number(at: place, 4)
            symbols.append(
                ElfSymbol(
                    nameOffset: try bytes.number(at: place),
                    section: try bytes.number(at: place, 6),
                    value: try bytes.number(at: place, 8), type: mark & 15,
                    isWeak: mark >> 4 == 2))
        }
        let names = Int(table.link) < sections.count ? sections[Int(table.link)].range : 0..<0
        return (symbols, names)
    }
}

extension ElfFile {
    func name(of symbol: ElfSymbol) -> String {
        if symbol.type == ElfSymbol.sectionType, Int(symbol.section) < sections.count {
            return sections[Int(symbol.section)].name
        }
        return bytes.text(symbol.nameOffset, in: names)
    }

    /// The relocations of each section, in order of offset; what stands at one offset keeps its
    /// order in the file.
    func relocations() throws(LinkFailure) -> [[ElfRelocation]] {
        var lists = [[ElfRelocation]](repeating: [], count: sections.count)
        var total = 0
        for section in sections where section.kind == ElfSection.relocations {
            guard Int(section.target) < sections.count,
                sections[Int(section.target)].isLoaded
            else { continue }
            total += section.range.count / 24
            guard total <= Self.mostEntries else {
                throw LinkFailure(.tooLarge, section: section.name, at: 0)
            }
            let base = sections[Int(section.target)].address
            for index in 0..<section.range.count / 24 {
                let place = section.range.lowerBound + 24 * index
                let mark: UInt64 = try bytes.number(at: place, 8)
                let offset: UInt64 = try bytes.number(at: place)
                lists[Int(section.target)].append(
                    ElfRelocation(
                        offset: isRelocatable ? offset : offset &- base,
                        type: UInt32(truncatingIfNeeded: mark), symbol: UInt32(mark >> 32),
                        addend: try bytes.number(at: place, 16)))
            }
        }
        for index in lists.indices { Self.sort(&lists[index]) }
        return lists
    }

    private static func sort(_ list: inout [ElfRelocation]) {
        let order = list.indices.sorted {
            (list[$0].offset, $0) < (list[$1].offset, $1)
        }
        list = order.map { list[$0] }
    }
}
