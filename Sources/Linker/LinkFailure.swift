// Why an ELF file makes no program, and the place of the fault.

/// A fault of the input. Nothing that the input holds makes the linker trap.
public struct LinkFailure: Error, Hashable, Sendable {
    public enum Reason: Error, Hashable, Sendable {
        /// A header, table or section reaches beyond the file.
        case truncated
        /// The file is not a 64-bit little-endian ELF file.
        case notELF
        /// The machine of the header is not RISC-V (243).
        case notRISCV(machine: UInt16)
        /// The file is neither relocatable nor a static executable.
        case wrongKind(UInt16)
        /// The calling convention passes floating-point numbers in registers.
        case floatingPointABI
        /// A section that would have to be in memory is of a kind that is not accepted.
        case unacceptedSection
        /// A section is aligned to more than a page, or to no power of two.
        case alignment(UInt64)
        /// A section, or all of one kind together, is over its limit.
        case tooLarge
        /// The symbol table is missing, or a reference names an entry it has not.
        case noSymbol
        /// No instruction of the accepted sets has these bits.
        case unknownInstruction(UInt32)
        /// The instruction is known but has no translation.
        case unacceptedInstruction(String)
        /// The instruction names a register that the machine has not: x3, x4, x16 to x31.
        case register(UInt8)
        /// The type of relocation is not accepted at this place.
        case relocation(UInt32)
        /// An `auipc` whose relocation was not kept: link with `--emit-relocs`.
        case addressWithoutRelocation
        /// The low part of an address refers to no high part.
        case lowPartWithoutHigh
        /// The symbol is used but not defined.
        case undefined(String)
        /// A jump, a call or an address aims at code where no instruction begins.
        case badTarget
        /// A load or store aims at code.
        case codeAsMemory
        /// The address of a place in memory that the program does not have.
        case outsideMemory
        /// There is no `_start`, or the entry point is not in the code.
        case noEntry
    }

    public var reason: Reason
    /// The section the fault lies in; empty for the file itself.
    public var section: String
    /// Bytes from the start of the section, or of the file where `section` is empty.
    public var offset: Int
    /// The symbol at or before the place, with the distance to it; empty where there is none.
    public var symbol = ""

    public init(_ reason: Reason, section: String = "", at offset: Int) {
        (self.reason, self.section, self.offset) = (reason, section, offset)
    }
}

/// All faults of one file that were found: instructions that do not exist, then those without a
/// translation, each in order.
public struct LinkRefusal: Error, Hashable, Sendable {
    /// Not empty. Faults of headers and sections stop the search, those of instructions do not.
    public let failures: [LinkFailure]

    /// Faults that are kept, at most.
    static let mostFailures = 100

    init(_ failures: [LinkFailure]) { self.failures = failures }
}

extension LinkFailure.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated: "it reaches beyond the end of the file"
        case .notELF: "this is not a 64-bit little-endian ELF file"
        case .notRISCV(let machine): "the code is for machine \(machine), not for RISC-V"
        case .wrongKind(let kind):
            "ELF type \(kind) is neither relocatable (1) nor a static executable (2)"
        case .floatingPointABI: "the calling convention uses floating-point registers"
        case .unacceptedSection: "a section of this kind is not accepted"
        case .alignment(let bytes): "an alignment of \(bytes) bytes is not accepted"
        case .tooLarge: "it is over a limit"
        case .noSymbol: "there is no such entry of the symbol table"
        case .unknownInstruction(let bits): "no instruction 0x" + String(bits, radix: 16)
        case .unacceptedInstruction(let name): "\(name) has no translation"
        case .register(let number): "there is no register x\(number): compile for rv64e"
        case .relocation(let type): "relocation \(type) is not accepted here"
        case .addressWithoutRelocation: "auipc without relocation: link with --emit-relocs"
        case .lowPartWithoutHigh: "the low part of an address refers to no high part"
        case .undefined(let name): "\(name) is not defined"
        case .badTarget: "it aims at code where no instruction begins"
        case .codeAsMemory: "it reads or writes code"
        case .outsideMemory: "it aims at memory that the program does not have"
        case .noEntry: "there is no _start in the code"
        }
    }
}
