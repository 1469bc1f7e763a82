// The published test vectors: one program each, with the state before and after it runs.
import JSON
import PVM
import Platform
import Primitives

enum ProgramVector {
    /// A member that is missing or is not what it should be.
    private struct Malformed: Error {
        var member: String
    }

    /// The JSON files of a folder in order, each with its path.
    static func files(in folder: String) throws(CommandFailure) -> [String] {
        do {
            return try OSDisk().list(folder).filter { $0.hasSuffix(".json") }
                .map { folder + "/" + $0 }
        } catch {
            throw .failed("cannot list \(folder): \(error)")
        }
    }

    /// The first field of the end state that differs; nil where none does.
    static func difference(in path: String) throws(CommandFailure) -> String? {
        let text = try LocalFiles.read(path, limit: 64 << 20)
        do throws(Malformed) {
            guard let vector = try? JSONValue(parsing: text) else { return "not JSON" }
            return try difference(in: vector)
        } catch {
            return "no vector: \(error.member)"
        }
    }

    private static func difference(in vector: JSONValue) throws(Malformed) -> String? {
        guard var machine = try machine(of: vector) else {
            return "program: expected one that can be decoded"
        }
        let expected = vector["expected-status"]?.string ?? ""
        let exit = machine.run()
        guard exit.name == expected || exit.name == "host-call" && expected == "host" else {
            return "status: \(exit), expected \(expected)"
        }
        for (index, value) in try numbers(vector, "expected-regs").enumerated() {
            guard index < 13, machine[register: index] == value else {
                return "regs: r\(index) is \(machine[register: min(index, 12)]), expected \(value)"
            }
        }
        let (pc, gas) = (try number(vector, "expected-pc"), try number(vector, "expected-gas"))
        guard UInt64(machine.pc) == pc else { return "pc: \(machine.pc), expected \(pc)" }
        let memory = try memory(of: vector, filledFrom: "expected-memory")
        guard machine.memory == memory else { return try difference(machine, vector) }
        guard machine.gas == gas else { return "gas: \(machine.gas), expected \(gas)" }
        if case .pageFault(let address) = exit {
            let expected = try number(vector, "expected-page-fault-address")
            guard UInt64(address) == expected else {
                return "page-fault-address: \(address), expected \(expected)"
            }
        }
        return nil
    }

    private static func difference(
        _ machine: Machine, _ vector: JSONValue
    ) throws(Malformed) -> String {
        for piece in try pieces(vector, "expected-memory") {
            let found = machine.memory.read(piece.address, count: piece.bytes.count)
            if found != piece.bytes {
                return "memory at \(piece.address): \(found.map { Hex.encode($0) } ?? "none"), "
                    + "expected \(Hex.encode(piece.bytes))"
            }
        }
        return "memory: bytes that were expected to be zero are not"
    }

    private static func machine(of vector: JSONValue) throws(Malformed) -> Machine? {
        let memory = try memory(of: vector, filledFrom: "initial-memory")
        guard let pc = UInt32(exactly: try number(vector, "initial-pc")) else {
            throw Malformed(member: "initial-pc")
        }
        let registers = try numbers(vector, "initial-regs")
        guard registers.count == Machine.registerCount else {
            throw Malformed(member: "initial-regs")
        }
        let gas = try number(vector, "initial-gas")
        let blob = try bytes(vector["program"], "program")
        guard let program = try? Program(decoding: blob, revision: .grayPaper071) else {
            return nil
        }
        return Machine(program, memory: memory, registers: registers, pc: pc, gas: gas)
    }

    /// The pages of the vector with the bytes of one of its lists.
    private static func memory(
        of vector: JSONValue, filledFrom name: String
    ) throws(Malformed) -> Memory {
        var memory = Memory()
        for page in try list(vector, "initial-page-map") {
            guard let address = UInt32(exactly: try number(page, "address")),
                let length = Int(exactly: try number(page, "length")),
                let isWritable = page["is-writable"]?.bool,
                (try? memory.map(address: address, length: length, isWritable: isWritable)) != nil
            else { throw Malformed(member: "initial-page-map") }
        }
        for piece in try pieces(vector, name) {
            guard memory.write(piece.bytes, at: piece.address, isForced: true) else {
                throw Malformed(member: name)
            }
        }
        return memory
    }

    private static func pieces(
        _ vector: JSONValue, _ name: String
    ) throws(Malformed) -> [(address: UInt32, bytes: [UInt8])] {
        var pieces: [(address: UInt32, bytes: [UInt8])] = []
        for piece in try list(vector, name) {
            guard let address = UInt32(exactly: try number(piece, "address")) else {
                throw Malformed(member: name)
            }
            pieces.append((address, try bytes(piece["contents"], name)))
        }
        return pieces
    }

    private static func list(_ value: JSONValue, _ name: String) throws(Malformed) -> [JSONValue] {
        guard let list = value[name]?.array else { throw Malformed(member: name) }
        return list
    }

    private static func number(_ value: JSONValue, _ name: String) throws(Malformed) -> UInt64 {
        guard let number: UInt64 = value[name]?.number?.integer() else {
            throw Malformed(member: name)
        }
        return number
    }

    private static func numbers(
        _ value: JSONValue, _ name: String
    ) throws(Malformed) -> [UInt64] {
        let numbers: [UInt64?] = try list(value, name).map { $0.number?.integer() }
        guard !numbers.contains(nil) else { throw Malformed(member: name) }
        return numbers.compactMap { $0 }
    }

    private static func bytes(_ value: JSONValue?, _ name: String) throws(Malformed) -> [UInt8] {
        let bytes: [UInt8?] = value?.array?.map { $0.number?.integer() } ?? [nil]
        guard !bytes.contains(nil) else { throw Malformed(member: name) }
        return bytes.compactMap { $0 }
    }
}
