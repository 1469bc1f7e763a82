// A program with its memory: constants, initial data, heap, stack, and a place for arguments.
import Cryptography
import Primitives

/// The standard program of the Gray Paper, A.7, and the machine it starts as.
public struct StandardProgram: Sendable {
    /// The parts of the encoding; no other bytes stand for the same parts.
    public struct Parts: Hashable, Sendable {
        /// Bytes that can only be read, less than 2^24.
        public var readOnly: [UInt8]
        /// The first bytes that can be written, less than 2^24.
        public var readWrite: [UInt8]
        /// Further pages that can be written, zero at first.
        public var heapPages: UInt16
        /// Bytes of the stack, less than 2^24; it has so many pages as that needs.
        public var stackBytes: UInt32
        /// The encoded blob.
        public var blob: [UInt8]

        public init(
            readOnly: [UInt8], readWrite: [UInt8], heapPages: UInt16, stackBytes: UInt32,
            blob: [UInt8]
        ) {
            (self.readOnly, self.readWrite, self.blob) = (readOnly, readWrite, blob)
            (self.heapPages, self.stackBytes) = (heapPages, stackBytes)
        }
    }

    public let parts: Parts
    public let program: Program

    /// Bytes of a zone, and the alignment of sections.
    private static let zone = 1 << 16
    /// Bytes set aside for arguments, and the most of them.
    public static let inputBytes = 1 << 24
    /// A jump there ends a program.
    public static let haltAddress: UInt64 = 0xFFFF_0000
    private static let stackEnd = (1 << 32) - 2 * zone - inputBytes
    /// Where the input begins.
    public static let inputAddress = (1 << 32) - zone - inputBytes

    public init(decoding bytes: [UInt8], revision: Revision) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let readOnly = try Self.readLength(&reader)
        let readWrite = try Self.readLength(&reader)
        let heapPages = try reader.read(UInt16.self)
        let stack = try Self.readLength(&reader)
        let (readOnlyBytes, readWriteBytes) = (
            try reader.read(count: readOnly), try reader.read(count: readWrite)
        )
        let blob = try reader.readCounted(limit: ProgramLimits.programBytes)
        try reader.finish()
        let parts = Parts(
            readOnly: readOnlyBytes, readWrite: readWriteBytes, heapPages: heapPages,
            stackBytes: UInt32(stack), blob: blob)
        try self.init(parts, revision: revision)
    }

    /// - Throws: over limit where the memory is, at offset 0; else what is wrong with the blob, at
    ///   an offset in it.
    public init(_ parts: Parts, revision: Revision) throws(DecodingFailure) {
        self.parts = parts
        guard Self.pages(of: parts) <= ProgramLimits.memoryPages else {
            throw DecodingFailure(.overLimit, at: 0)
        }
        program = try Program(decoding: parts.blob, revision: revision)
    }

    private static func readLength(_ reader: inout ByteReader) throws(DecodingFailure) -> Int {
        let bytes = try reader.read(count: 3)
        return Int(bytes[0]) | Int(bytes[1]) << 8 | Int(bytes[2]) << 16
    }

    private static func pages(_ bytes: Int) -> Int {
        (bytes + Memory.pageBytes - 1) / Memory.pageBytes
    }

    private static func pages(of parts: Parts) -> Int {
        pages(parts.readOnly.count) + pages(parts.readWrite.count) + Int(parts.heapPages)
            + pages(Int(parts.stackBytes))
    }

    public var encoded: [UInt8] {
        func length(_ count: Int) -> [UInt8] { (0..<3).map { UInt8(count >> (8 * $0) & 0xFF) } }
        var bytes = length(parts.readOnly.count) + length(parts.readWrite.count)
        bytes += [UInt8(parts.heapPages & 0xFF), UInt8(parts.heapPages >> 8)]
        bytes += length(Int(parts.stackBytes)) + parts.readOnly + parts.readWrite
        bytes += (0..<4).map { UInt8(parts.blob.count >> (8 * $0) & 0xFF) }
        return bytes + parts.blob
    }

    /// Addresses of the section that can only be read, whole pages.
    public var readOnlyAddresses: Range<UInt32> {
        let start = Self.zone
        return UInt32(start)..<UInt32(start + Self.pages(parts.readOnly.count) * Memory.pageBytes)
    }

    /// Addresses of the section that can be written: data, then heap, whole pages.
    public var readWriteAddresses: Range<UInt32> {
        let zones = (parts.readOnly.count + Self.zone - 1) / Self.zone
        let start = (2 + zones) * Self.zone
        let count = Self.pages(parts.readWrite.count) + Int(parts.heapPages)
        return UInt32(start)..<UInt32(start + count * Memory.pageBytes)
    }

    /// Addresses of the stack, whole pages; register 1 begins at their end.
    public var stackAddresses: Range<UInt32> {
        let size = Self.pages(Int(parts.stackBytes)) * Memory.pageBytes
        return UInt32(Self.stackEnd - size)..<UInt32(Self.stackEnd)
    }

    /// The machine before its first step.
    ///
    /// - Parameters:
    ///   - input: at most `inputBytes`; the program finds it at register 7, its length in
    ///     register 8.
    ///   - pc: index in the code of the first instruction.
    /// - Throws: where input and program together need too many pages.
    public func machine(
        input: [UInt8], pc: UInt32, gas: UInt64
    ) throws(Memory.Failure) -> Machine {
        guard input.count <= Self.inputBytes else { throw .overLimit }
        var memory = Memory()
        let (constants, data, stack) = (readOnlyAddresses, readWriteAddresses, stackAddresses)
        try memory.map(constants, isWritable: false)
        try memory.map(data, isWritable: true)
        try memory.map(stack, isWritable: true)
        let inputAddress = UInt32(Self.inputAddress)
        try memory.map(address: inputAddress, length: input.count, isWritable: false)
        for (bytes, address) in [
            (parts.readOnly, constants.lowerBound), (parts.readWrite, data.lowerBound),
            (input, inputAddress),
        ] {
            let isWritten = memory.write(bytes, at: address, isForced: true)
            precondition(isWritten, "every section was just mapped")
        }
        // The heap ends a zone below the stack, so that no stack can run into it unnoticed.
        let heapEnd = (stack.lowerBound & ~UInt32(Self.zone - 1)) - UInt32(Self.zone)
        memory.reserveHeap(data.upperBound..<max(data.upperBound, heapEnd))
        var registers = [UInt64](repeating: 0, count: 9)
        (registers[0], registers[1]) = (Self.haltAddress, UInt64(Self.stackEnd))
        (registers[7], registers[8]) = (UInt64(inputAddress), UInt64(input.count))
        return Machine(program, memory: memory, registers: registers, pc: pc, gas: gas)
    }

    /// What a program that halted leaves: register 8 bytes at register 7, nothing where they are
    /// not readable (Gray Paper, A.8).
    public static func output(of machine: Machine) -> [UInt8] {
        let (address, count) = (machine[register: 7], machine[register: 8])
        guard let start = UInt32(exactly: address), count <= UInt64(machine.memory.byteCount) else {
            return []
        }
        return machine.memory.read(start, count: Int(count)) ?? []
    }
}

extension Memory {
    fileprivate mutating func map(
        _ addresses: Range<UInt32>, isWritable: Bool
    ) throws(Failure) {
        try map(address: addresses.lowerBound, length: addresses.count, isWritable: isWritable)
    }
}

extension StandardProgram {
    /// Digest of the revision and the encoded program.
    public var identity: Digest { ProgramIdentity.digest(.standard, program.revision, encoded) }
}

extension Program {
    /// Digest of the revision and the encoded blob.
    public var identity: Digest { ProgramIdentity.digest(.bare, revision, blob.encoded) }
}

/// Programs are known by `H["althing 2026 program v1"](kind || revision || bytes)`.
private enum ProgramIdentity {
    enum Kind: UInt8 {
        case bare
        case standard
    }

    private static let domain = HashDomain("althing 2026 program v1")

    static func digest(_ kind: Kind, _ revision: Revision, _ bytes: [UInt8]) -> Digest {
        domain.hash([kind.rawValue, revision.rawValue] + bytes)
    }
}
