// The names of a program's functions, in a file beside it: what a debugger shows for places.
import Linker
import PVM
import Primitives

/// Functions in order of place. They are no part of the program: it runs and is known without them.
struct ProgramSymbols {
    private let functions: [LinkedFunction]

    static let none = ProgramSymbols([])

    /// Bytes of a file of symbols, at most.
    private static let mostBytes = 8 << 20
    private static let head = "althing symbols v1 "

    init(_ functions: [LinkedFunction]) {
        self.functions = functions.sorted { ($0.pc, $0.name) < ($1.pc, $1.name) }
    }

    /// Where the symbols of a program stand.
    static func path(of program: String) -> String { program + ".sym" }

    /// A line with the identity of the program, then a line for each function: its index in the
    /// code and its name.
    static func text(_ linked: LinkedProgram) -> String {
        linked.functions.reduce(into: head + linked.program.identity.description + "\n") {
            $0 += "\($1.pc) \($1.name)\n"
        }
    }

    /// The symbols beside a program; none where there is no such file, or it is of another program.
    static func beside(
        _ path: String, of program: ProgramFile
    ) throws(CommandFailure) -> ProgramSymbols {
        let path = Self.path(of: path)
        guard LocalFiles.exists(path) else { return .none }
        let bytes = try LocalFiles.read(path, limit: mostBytes)
        return ProgramSymbols(text: String(decoding: bytes, as: UTF8.self), of: program) ?? .none
    }

    init?(text: String, of program: ProgramFile) {
        let lines = text.split(separator: "\n")
        guard let first = lines.first, first == Self.head + program.identity.description else {
            return nil
        }
        var functions: [LinkedFunction] = []
        for line in lines.dropFirst() {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let pc = UInt32(parts[0]) else { return nil }
            functions.append(LinkedFunction(name: String(parts[1]), pc: Int(pc)))
        }
        self.init(functions)
    }

    /// Where a function begins; nil where there is none of that name, or no place for it.
    func pc(of name: String) -> UInt32? {
        functions.first { $0.name == name }.flatMap { UInt32(exactly: $0.pc) }
    }

    /// The function that the place is in, with the bytes of code from its start; empty where none
    /// is known.
    func place(_ pc: UInt32) -> String {
        var (low, high) = (0, functions.count)
        while low < high {
            let middle = (low + high) / 2
            if functions[middle].pc <= Int(pc) { low = middle + 1 } else { high = middle }
        }
        guard low > 0 else { return "" }
        // Of several names for one place the first.
        let start = functions[low - 1].pc
        let name = functions.first { $0.pc == start }?.name ?? functions[low - 1].name
        return Int(pc) == start ? name : "\(name)+\(Int(pc) - start)"
    }
}
