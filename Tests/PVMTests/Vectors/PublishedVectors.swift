// The published vectors of shared/data/pvm: one program each with the state before and after.
import Foundation
import JSON
import PVM

/// One file: a machine, and what it must be when it has stopped.
struct PublishedVector {
    var name: String
    var machine: Machine
    var status: String
    var pc: UInt64
    var gas: UInt64
    var registers: [UInt64]
    var memory: [(address: UInt32, bytes: [UInt8])]
    var faultAddress: UInt64?

    static let folder: String = {
        if let path = ProcessInfo.processInfo.environment["ALTHING_SHARED_DATA"] {
            return path + "/pvm"
        }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let near = root.appendingPathComponent("../shared/data/pvm").standardized.path
        let far = root.appendingPathComponent("../../shared/data/pvm").standardized.path
        return FileManager.default.fileExists(atPath: near) ? near : far
    }()

    /// The paths of all files, in order; empty where the folder is absent.
    static let paths: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".json") }.sorted().map { folder + "/" + $0 }
    }()

    enum Fault: Error {
        case member(String)
    }

    init(path: String) throws {
        let file = try JSONValue(parsing: Array(Data(contentsOf: URL(fileURLWithPath: path))))
        name = try file["name"]?.string ?? Self.missing("name")
        var memory = Memory()
        for page in try Self.list(file, "initial-page-map") {
            try memory.map(
                address: UInt32(Self.number(page, "address")),
                length: Int(Self.number(page, "length")),
                isWritable: page["is-writable"] == .bool(true))
        }
        for piece in try Self.pieces(file, "initial-memory") {
            guard memory.write(piece.bytes, at: piece.address, isForced: true) else {
                throw Fault.member("initial-memory")
            }
        }
        let program = try Program(
            decoding: try Self.bytes(file, "program"), revision: .grayPaper071)
        machine = Machine(
            program, memory: memory, registers: try Self.numbers(file, "initial-regs"),
            pc: UInt32(try Self.number(file, "initial-pc")),
            gas: try Self.number(file, "initial-gas"))
        status = try file["expected-status"]?.string ?? Self.missing("expected-status")
        pc = try Self.number(file, "expected-pc")
        gas = try Self.number(file, "expected-gas")
        registers = try Self.numbers(file, "expected-regs")
        self.memory = try Self.pieces(file, "expected-memory")
        faultAddress = file["expected-page-fault-address"].flatMap(Self.number)
    }

    private static func missing<Value>(_ name: String) throws -> Value { throw Fault.member(name) }

    private static func number(_ value: JSONValue) -> UInt64? { value.number?.integer() }

    private static func number(_ value: JSONValue, _ name: String) throws -> UInt64 {
        try value[name].flatMap(number) ?? missing(name)
    }

    private static func list(_ value: JSONValue, _ name: String) throws -> [JSONValue] {
        try value[name]?.array ?? missing(name)
    }

    private static func numbers(_ value: JSONValue, _ name: String) throws -> [UInt64] {
        try list(value, name).map { try number($0) ?? missing(name) }
    }

    private static func bytes(_ value: JSONValue, _ name: String) throws -> [UInt8] {
        try numbers(value, name).map { try UInt8(exactly: $0) ?? missing(name) }
    }

    private static func pieces(
        _ value: JSONValue, _ name: String
    ) throws -> [(address: UInt32, bytes: [UInt8])] {
        try list(value, name).map {
            (UInt32(try number($0, "address")), try bytes($0, "contents"))
        }
    }
}
