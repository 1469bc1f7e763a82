// What a program that runs here finds: bytes in memory, and words to read.
import PVM
import Primitives

/// The options of `program run` and `program debug` that say what a program reads.
struct ProgramInput {
    static let input = Option(
        "input", OptionValue("HEX|WORDS|@FILE", .text),
        "What the program finds at register 7, and what it reads word by word; WORDS are "
            + "numbers with commas between them, which are only read.")
    static let message = Option(
        "message", OptionValue("[CALLER:]WORDS", .text),
        "A message to an agent: WORDS with its header before them, and CALLER, another agent."
    ).repeatable
    static let time = Option(
        "time", OptionValue("NANOSECONDS", .number(0...UInt64.max, unit: "nanoseconds")),
        "The time that an agent is told."
    ).standing(at: "0")
    static let gas = Option(
        "gas", OptionValue("COUNT", .number(0...UInt64.max, unit: "gas")),
        "Gas to start with; an instruction costs 1."
    ).standing(at: "1000000000")
    static let pc = Option(
        "pc", OptionValue("INDEX", .number(0...UInt64(UInt32.max), unit: "bytes")),
        "Index in the code of the first instruction."
    ).standing(at: "0")
    static let bare = Option(
        "blob", nil, "The file is a bare blob of code, without sections of memory.")

    /// What stands in memory.
    private(set) var bytes: [UInt8] = []
    /// What is read.
    private(set) var words: [UInt64] = []

    init(_ call: Invocation) throws(CommandFailure) {
        try self.init(call, input: call.text(Self.input))
    }

    /// With this text for the input in the place of the option's.
    init(_ call: Invocation, input: String?) throws(CommandFailure) {
        if let text = input { try take(text, call) }
        for text in call.texts(Self.message) {
            guard let words = Self.message(text) else {
                throw call.invalid(
                    Self.message.spelling, text,
                    expected: "numbers with commas between them, at most 4096, after CALLER: if "
                        + "an agent sends them, 64 hexadecimal digits")
            }
            self.words += words
        }
    }

    private mutating func take(_ text: String, _ call: Invocation) throws(CommandFailure) {
        if text.first == "@" {
            bytes = try LocalFiles.read(
                String(text.dropFirst()), limit: StandardProgram.inputBytes)
            words = LocalHost.words(bytes)
        } else if text.contains(",") || text.hasPrefix("0x") {
            words = try Self.words(text, call)
        } else if let decoded = Hex.decode(text) {
            bytes = decoded
            words = LocalHost.words(bytes)
        } else {
            throw call.invalid(
                Self.input.spelling, text,
                expected: "lower-case hexadecimal digits, numbers with commas, or @FILE")
        }
    }

    private static func words(
        _ text: String, _ call: Invocation
    ) throws(CommandFailure) -> [UInt64] {
        guard let words = numbers(text) else {
            throw call.invalid(input.spelling, text, expected: "numbers with commas between them")
        }
        return words
    }

    /// Numbers below 2^64, decimal or after 0x hexadecimal; a comma at the end is allowed.
    static func numbers(_ text: some StringProtocol) -> [UInt64]? {
        var words: [UInt64] = []
        for part in text.split(separator: ",") {
            let isHex = part.hasPrefix("0x")
            let digits = isHex ? part.dropFirst(2) : part
            guard digits.first != "+", let word = UInt64(digits, radix: isHex ? 16 : 10) else {
                return nil
            }
            words.append(word)
        }
        return words
    }

    private static func message(_ text: String) -> [UInt64]? {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let words = numbers(parts[parts.count - 1]), words.count <= 4_096 else { return nil }
        guard parts.count == 2 else { return LocalHost.message(words, caller: nil) }
        guard let caller = Hex.decode(String(parts[0])), caller.count == 32 else { return nil }
        return LocalHost.message(words, caller: LocalHost.words(caller))
    }

    /// The run of a program on this input. A bare program has no host.
    func start(_ file: ProgramFile, _ call: Invocation) throws(CommandFailure) -> LocalRun {
        let machine = try file.machine(
            input: bytes, pc: UInt32(call.number(Self.pc) ?? 0),
            gas: call.number(Self.gas) ?? 1_000_000_000)
        guard case .standard = file else { return LocalRun(machine, host: nil) }
        var host = LocalHost(input: words)
        host.time = call.number(Self.time) ?? 0
        return LocalRun(machine, host: host)
    }
}
