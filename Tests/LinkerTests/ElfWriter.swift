// Makes ELF files for tests: sections, symbols and relocations, right or wrong.
import Primitives

/// A section to write.
struct WrittenSection {
    var name: String
    var kind: UInt32 = 1
    /// SHF_WRITE 1, SHF_ALLOC 2, SHF_EXECINSTR 4.
    var flags: UInt64 = 2
    var address: UInt64 = 0
    var bytes: [UInt8] = []
    /// Where it differs from the count of `bytes`.
    var size: UInt64?
    var alignment: UInt64 = 4
    var relocations: [WrittenRelocation] = []
}

struct WrittenRelocation {
    var offset: UInt64
    var type: UInt32
    /// Index in `ElfWriter.symbols`, from 1.
    var symbol: UInt32
    var addend: Int64 = 0
}

struct WrittenSymbol {
    var name: String
    /// Index in `ElfWriter.sections`, from 1; 0 for undefined.
    var section: UInt16
    var value: UInt64 = 0
    /// Binding 0 local, 1 global, 2 weak, times 16, and type 0 none, 2 function.
    var mark: UInt8 = 0x12
}

struct ElfWriter {
    var kind: UInt16 = 1
    var machine: UInt16 = 243
    /// RVC and RVE.
    var flags: UInt32 = 9
    var entry: UInt64 = 0
    var sections: [WrittenSection] = []
    var symbols: [WrittenSymbol] = []

    /// A relocatable file with one section of code, in which `_start` is the beginning.
    init(code: [UInt8], relocations: [WrittenRelocation] = []) {
        sections = [
            WrittenSection(name: ".text", flags: 6, bytes: code, relocations: relocations)
        ]
        symbols = [WrittenSymbol(name: "_start", section: 1)]
    }

    /// Sections are numbered from 1 in their order; behind them come the tables.
    var bytes: [UInt8] {
        var names: [UInt8] = [0]
        var body: [UInt8] = []
        var headers: [[UInt8]] = [[UInt8](repeating: 0, count: 64)]
        func name(_ text: String) -> UInt32 {
            defer { names += Array(text.utf8) + [0] }
            return UInt32(names.count)
        }
        func put(_ section: WrittenSection, link: UInt32 = 0, target: UInt32 = 0) {
            var header = ByteWriter()
            header.write(name(section.name))
            header.write(section.kind)
            header.write(section.flags)
            header.write(section.address)
            header.write(UInt64(64 + body.count))
            header.write(section.size ?? UInt64(section.bytes.count))
            header.write(link)
            header.write(target)
            header.write(section.alignment)
            header.write(UInt64(0))
            headers.append(header.bytes)
            body += section.bytes
        }
        for section in sections { put(section) }
        for (index, section) in sections.enumerated() where !section.relocations.isEmpty {
            let table = WrittenSection(
                name: ".rela" + section.name, kind: 4, flags: 0,
                bytes: section.relocations.flatMap(Self.bytes))
            put(table, target: UInt32(index + 1))
        }
        let list = [[UInt8](repeating: 0, count: 24)]
            + symbols.map { symbol in Self.bytes(symbol, name: name(symbol.name)) }
        let table = WrittenSection(
            name: ".symtab", kind: 2, flags: 0, bytes: list.flatMap { $0 })
        put(table, link: UInt32(headers.count + 1))
        let nameOfNames = name(".strtab")
        var texts = WrittenSection(name: "", kind: 3, flags: 0)
        texts.bytes = names + [0]
        put(texts)
        headers[headers.count - 1].replaceSubrange(0..<4, with: Self.low(nameOfNames))
        return head(sections: headers.count, at: 64 + body.count) + body + headers.flatMap { $0 }
    }

    private func head(sections count: Int, at offset: Int) -> [UInt8] {
        var writer = ByteWriter()
        writer.append([0x7F, 0x45, 0x4C, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        writer.write(kind)
        writer.write(machine)
        writer.write(UInt32(1))
        writer.write(entry)
        writer.write(UInt64(0))
        writer.write(UInt64(offset))
        writer.write(flags)
        for number: UInt16 in [64, 0, 0, 64, UInt16(count), UInt16(count - 1)] {
            writer.write(number)
        }
        return writer.bytes
    }

    private static func bytes(_ relocation: WrittenRelocation) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(relocation.offset)
        writer.write(relocation.type)
        writer.write(relocation.symbol)
        writer.write(relocation.addend)
        return writer.bytes
    }

    private static func bytes(_ symbol: WrittenSymbol, name: UInt32) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(name)
        writer.write(symbol.mark)
        writer.write(UInt8(0))
        writer.write(symbol.section)
        writer.write(symbol.value)
        writer.write(UInt64(0))
        return writer.bytes
    }

    private static func low(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(8 * $0)) }
    }
}
