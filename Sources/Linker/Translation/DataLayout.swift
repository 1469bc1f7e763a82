// Where the sections that are not code stand in the memory of the program.
import PVM

/// One section as it is placed.
public struct LinkedSection: Hashable, Sendable {
    public var name: String
    /// Address of its first byte; 0 for code, which is not in memory.
    public var address: UInt32
    /// Bytes.
    public var size: Int
    public var kind: Kind

    public enum Kind: String, Sendable {
        case code
        case constants
        case data
        case zeros
    }
}

/// The data sections in the order of the file, constants before data before zeros.
struct DataLayout: Sendable {
    /// For each section of the file its address; nil for code and for what is left out.
    private(set) var addresses: [UInt32?]
    private(set) var sections: [LinkedSection] = []
    /// Bytes of constants, with the slots for `GOT` relocations behind them.
    private(set) var constantBytes = 0
    /// Bytes of data and zeros.
    private(set) var writableBytes = 0
    /// Bytes of data alone.
    private(set) var dataBytes = 0
    /// Address of the slots, 8 bytes each.
    private(set) var slots: UInt32 = 0

    static let constantsAddress = 1 << 16
    private static let zone = 1 << 16
    private static let mostBytes = 1 << 24 - 1
    private static let notes: UInt32 = 7

    var dataAddress: Int {
        2 * Self.zone + (constantBytes + Self.zone - 1) / Self.zone * Self.zone
    }

    /// - Parameter slotCount: constants of 8 bytes that the linker adds.
    init(_ file: ElfFile, slotCount: Int) throws(LinkFailure) {
        addresses = [UInt32?](repeating: nil, count: file.sections.count)
        var place = Self.constantsAddress
        try put(file, .constants, &place)
        place = (place + 7) & ~7
        slots = UInt32(place)
        constantBytes = place + 8 * slotCount - Self.constantsAddress
        guard constantBytes <= Self.mostBytes else {
            throw LinkFailure(.tooLarge, section: "constants", at: 0)
        }
        place = dataAddress
        try put(file, .data, &place)
        dataBytes = place - dataAddress
        try put(file, .zeros, &place)
        writableBytes = place - dataAddress
        guard dataBytes <= Self.mostBytes else {
            throw LinkFailure(.tooLarge, section: "data", at: 0)
        }
    }

    private mutating func put(
        _ file: ElfFile, _ kind: LinkedSection.Kind, _ place: inout Int
    ) throws(LinkFailure) {
        for (index, section) in file.sections.enumerated()
        where Self.kind(of: section) == kind {
            try Self.check(section)
            let step = max(1, Int(section.alignment))
            place = (place + step - 1) / step * step
            addresses[index] = UInt32(place)
            sections.append(
                LinkedSection(
                    name: section.name, address: UInt32(place), size: Int(section.size),
                    kind: kind))
            place += Int(section.size)
            guard place <= ProgramLimits.memoryPages * Memory.pageBytes else {
                throw LinkFailure(.tooLarge, section: section.name, at: 0)
            }
        }
    }

    /// Tables for unwinding and notes are left out: nothing in the program reads them. So is the
    /// hash of the compiled module, which would make the program depend on where it was compiled.
    private static func kind(of section: ElfSection) -> LinkedSection.Kind? {
        guard section.isLoaded, !section.isCode, section.kind != notes,
            !section.name.hasPrefix(".eh_frame"), section.name != ".swift_modhash"
        else { return nil }
        if section.kind == ElfSection.zeros { return .zeros }
        return section.isWritable ? .data : .constants
    }

    private static func check(_ section: ElfSection) throws(LinkFailure) {
        // Bytes of the program (1), zeros (8), and lists of functions run at the start and the end.
        let accepted: [UInt32] = [1, ElfSection.zeros, 14, 15, 16]
        guard accepted.contains(section.kind), !section.isThreadLocal else {
            throw LinkFailure(.unacceptedSection, section: section.name, at: 0)
        }
        let alignment = section.alignment
        guard alignment <= UInt64(Memory.pageBytes), alignment & (alignment &- 1) == 0 else {
            throw LinkFailure(.alignment(alignment), section: section.name, at: 0)
        }
        guard section.size <= UInt64(ProgramLimits.memoryPages * Memory.pageBytes) else {
            throw LinkFailure(.tooLarge, section: section.name, at: 0)
        }
    }
}
