// The bytes of constants and data, with every address in them that of the program.
import PVM

struct MemoryImage {
    private var constants: [UInt8]
    private var data: [UInt8]
    private let layout: DataLayout

    init(_ translator: Translator) throws(LinkFailure) {
        let references = translator.references
        layout = references.layout
        constants = [UInt8](repeating: 0, count: layout.constantBytes)
        data = [UInt8](repeating: 0, count: layout.dataBytes)
        for (index, section) in references.file.sections.enumerated() {
            guard let address = layout.addresses[index] else { continue }
            write(references.file.bytes.bytes[section.range], at: Int(address))
            do throws(Fault) {
                try relocate(index, translator)
            } catch {
                throw LinkFailure(error.reason, section: section.name, at: error.offset)
            }
        }
        for (index, relocation) in references.slots.enumerated() {
            var symbol = relocation
            symbol.type = RelocationType.word64
            do throws(LinkFailure.Reason) {
                let value = try translator.value(of: symbol)
                write(Self.low(value, 8), at: Int(layout.slots) + 8 * index)
            } catch {
                throw LinkFailure(error, section: "addresses", at: 8 * index)
            }
        }
    }

    private struct Fault: Error {
        var reason: LinkFailure.Reason
        var offset: Int
    }

    /// Writes the sums and differences that stand at each offset of a section.
    private mutating func relocate(_ section: Int, _ translator: Translator) throws(Fault) {
        let references = translator.references
        let list = references.relocations[section]
        let size = references.file.sections[section].range.count
        guard let base = layout.addresses[section] else { return }
        var index = 0
        while index < list.count {
            let place = list[index].offset
            guard let offset = Int(exactly: place), offset < size else {
                throw Fault(reason: .relocation(list[index].type), offset: Int(clamping: place))
            }
            var end = index
            while end < list.count, list[end].offset == place { end += 1 }
            do throws(LinkFailure.Reason) {
                let address = Int64(base) + Int64(offset)
                let (value, width) = try Self.sum(list[index..<end], address, translator)
                if width > 0 {
                    guard offset <= size - width else { throw .relocation(list[index].type) }
                    write(Self.low(value, width), at: Int(address))
                }
            } catch {
                throw Fault(reason: error, offset: offset)
            }
            index = end
        }
    }

    /// The value that the relocations of one place make together, and its bytes.
    ///
    /// Code has addresses, but its distances mean nothing here: nothing is subtracted from it.
    private static func sum(
        _ list: ArraySlice<ElfRelocation>, _ address: Int64, _ translator: Translator
    ) throws(LinkFailure.Reason) -> (value: Int64, width: Int) {
        var (value, width): (Int64, Int) = (0, 0)
        for relocation in list where !RelocationType.isHint(relocation.type) {
            let term = try translator.value(of: relocation)
            let size: Int
            if RelocationType.isDifference(relocation.type),
                case .code = try translator.references.place(relocation)
            {
                throw .relocation(relocation.type)
            }
            switch relocation.type {
            case RelocationType.word32, RelocationType.add32: (value, size) = (value &+ term, 4)
            case RelocationType.word64, RelocationType.add64: (value, size) = (value &+ term, 8)
            case RelocationType.sub32: (value, size) = (value &- term, 4)
            case RelocationType.sub64: (value, size) = (value &- term, 8)
            case RelocationType.near32: (value, size) = (value &+ term &- address, 4)
            default: throw .relocation(relocation.type)
            }
            guard width == 0 || width == size else { throw .relocation(relocation.type) }
            width = size
        }
        let range: ClosedRange<Int64> = Int64(Int32.min)...Int64(UInt32.max)
        guard width != 4 || range.contains(value) else { throw .outsideMemory }
        return (value, width)
    }

    private static func low(_ value: Int64, _ width: Int) -> [UInt8] {
        (0..<width).map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
    }

    private mutating func write(_ bytes: some Collection<UInt8>, at address: Int) {
        guard !bytes.isEmpty else { return }
        if address < layout.dataAddress {
            let start = address - DataLayout.constantsAddress
            constants.replaceSubrange(start..<start + bytes.count, with: bytes)
        } else {
            let start = address - layout.dataAddress
            data.replaceSubrange(start..<start + bytes.count, with: bytes)
        }
    }

    /// The parts of the program. Zeros at the end of the data are left to the pages behind it.
    func parts(
        _ options: LinkOptions, _ blob: ProgramBlob
    ) throws(LinkFailure) -> StandardProgram.Parts {
        let given = data.lastIndex { $0 != 0 }.map { $0 + 1 } ?? 0
        func pages(_ bytes: Int) -> Int { (bytes + Memory.pageBytes - 1) / Memory.pageBytes }
        let zeros = pages(layout.writableBytes) - pages(given) + Int(options.heapPages)
        guard let heapPages = UInt16(exactly: zeros), options.stackBytes < 1 << 24 else {
            throw LinkFailure(.tooLarge, section: "zeros", at: 0)
        }
        return StandardProgram.Parts(
            readOnly: constants, readWrite: Array(data[..<given]), heapPages: heapPages,
            stackBytes: options.stackBytes, blob: blob.encoded)
    }
}
