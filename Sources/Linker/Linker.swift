// The door: a RISC-V ELF file in, a standard program out.
import PVM
import Primitives

/// What the author of a program chooses.
public struct LinkOptions: Hashable, Sendable {
    /// Bytes of the stack, less than 2^24.
    public var stackBytes: UInt32
    /// Pages of 4096 bytes behind the zeros of the file, for `sbrk` or an allocator of one's own.
    public var heapPages: UInt16

    public init(stackBytes: UInt32 = 64 << 10, heapPages: UInt16 = 0) {
        (self.stackBytes, self.heapPages) = (stackBytes, heapPages)
    }
}

/// A function of the input and where it is in the program.
public struct LinkedFunction: Hashable, Sendable {
    public var name: String
    /// Index in the code of its first instruction.
    public var pc: Int

    public init(name: String, pc: Int) { (self.name, self.pc) = (name, pc) }
}

/// A program made from an ELF file.
public struct LinkedProgram: Sendable {
    public let program: StandardProgram
    /// Code first, then memory in order of address.
    public let sections: [LinkedSection]
    /// In order of place.
    public let functions: [LinkedFunction]
    /// Instructions of the input.
    public let sourceInstructions: Int

    /// Bytes of an ELF file, at most.
    public static let mostBytes = 48 << 20
    /// Functions that are listed, at most.
    private static let mostFunctions = 1 << 16

    /// - Parameter elf: a relocatable file in which everything is defined, or a static executable
    ///   with its relocations; see `docs/spec/programs.md`.
    public init(
        linking elf: [UInt8], _ options: LinkOptions, revision: Revision
    ) throws(LinkRefusal) {
        guard elf.count <= Self.mostBytes else {
            throw LinkRefusal([LinkFailure(.tooLarge, at: 0)])
        }
        let file: ElfFile
        do throws(LinkFailure) {
            file = try ElfFile(elf)
        } catch {
            throw LinkRefusal([error])
        }
        do throws(LinkRefusal) {
            try self.init(file, options, revision)
        } catch {
            throw LinkRefusal(error.failures.map { $0.named(in: file) })
        }
    }

    private init(
        _ file: ElfFile, _ options: LinkOptions, _ revision: Revision
    ) throws(LinkRefusal) {
        let translator: Translator
        do throws(LinkFailure) {
            translator = try Translator(try References(file), revision.instructions)
        } catch {
            throw LinkRefusal([error])
        }
        let faults = translator.references.code.faults + translator.faults
        guard faults.isEmpty else { throw LinkRefusal(faults) }
        do throws(LinkFailure) {
            try self.init(translator, options, revision)
        } catch {
            throw LinkRefusal([error])
        }
    }

    private init(
        _ translated: Translator, _ options: LinkOptions, _ revision: Revision
    ) throws(LinkFailure) {
        var translator = translated
        guard translator.emitter.place() else {
            throw LinkFailure(.tooLarge, section: "code", at: 0)
        }
        let table = translator.targets.table
        guard table.count <= ProgramLimits.jumpTableEntries else {
            throw LinkFailure(.tooLarge, section: "jump table", at: 0)
        }
        let blob = translator.emitter.blob(table: table)
        let memory = try MemoryImage(translator)
        let parts = try memory.parts(options, blob)
        do throws(DecodingFailure) {
            program = try StandardProgram(parts, revision: revision)
        } catch {
            throw LinkFailure(.tooLarge, section: "program", at: 0)
        }
        let code = LinkedSection(name: ".text", address: 0, size: blob.code.count, kind: .code)
        sections = [code] + translator.references.layout.sections
        functions = Self.functions(translator)
        sourceInstructions = translator.references.code.lines.count { $0.instruction != nil }
    }

    private static func functions(_ translator: Translator) -> [LinkedFunction] {
        let file = translator.references.file
        var functions: [LinkedFunction] = []
        for (index, symbol) in file.symbols.enumerated()
        where symbol.type == ElfSymbol.functionType && functions.count < mostFunctions {
            let address = ElfRelocation(
                offset: 0, type: RelocationType.word64, symbol: UInt32(index), addend: 0)
            guard let place = try? translator.references.place(address),
                case .code(let position) = place
            else { continue }
            let pc = translator.emitter.pc(of: position)
            functions.append(LinkedFunction(name: file.name(of: symbol), pc: pc))
        }
        return functions.sorted { ($0.pc, $0.name) < ($1.pc, $1.name) }
    }
}

extension LinkFailure {
    /// The same with the symbol at or before its place.
    fileprivate func named(in file: ElfFile) -> LinkFailure {
        guard !section.isEmpty,
            let index = file.sections.firstIndex(where: { $0.name == section && $0.isLoaded })
        else { return self }
        let base = file.isRelocatable ? 0 : file.sections[index].address
        var best: (value: UInt64, symbol: ElfSymbol)?
        for symbol in file.symbols where Int(symbol.section) == index && symbol.type <= 2 {
            let value = symbol.value &- base
            guard value <= UInt64(max(0, offset)), symbol.nameOffset != 0 else { continue }
            if let best, best.value > value { continue }
            // Labels inside a function begin with a dot.
            if file.name(of: symbol).hasPrefix(".") { continue }
            best = (value, symbol)
        }
        guard let best else { return self }
        var named = self
        let distance = UInt64(max(0, offset)) - best.value
        named.symbol = file.name(of: best.symbol) + (distance == 0 ? "" : "+\(distance)")
        return named
    }
}
