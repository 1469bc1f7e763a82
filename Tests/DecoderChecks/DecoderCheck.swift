// What must hold for any bytes at all, decoder by decoder: the fuzzer and the tests ask the same.

/// A sentence that should be true of every input and is not of this one.
public struct BrokenRule: Error, Hashable, Sendable, CustomStringConvertible {
    public var description: String

    init(_ sentence: String) { description = sentence }
}

/// One decoder that faces the outside, and its rules.
public struct DecoderCheck: Sendable, CustomStringConvertible {
    /// The folder of its inputs in `Fuzzing/corpus` and `Tests/Vectors/regressions`.
    public let name: String
    /// Bytes of an input that are worth trying, at most.
    public let mostBytes: Int
    private let judge: @Sendable ([UInt8]) throws(BrokenRule) -> Bool

    init(
        _ name: String, mostBytes: Int = 4096,
        _ judge: @escaping @Sendable ([UInt8]) throws(BrokenRule) -> Bool
    ) {
        self.name = name
        self.mostBytes = mostBytes
        self.judge = judge
    }

    /// Whether the decoder accepts `input`. Throws the rule it breaks; a trap breaks one too.
    public func accepts(_ input: [UInt8]) throws(BrokenRule) -> Bool { try judge(input) }

    public var description: String { name }

    /// All of them, in order of name.
    public static let all: [DecoderCheck] =
        (telemetry + json + records + ledger + http + compression + log + texts + peers +
        consensus + replica + linker + agents + execution + proofs + work + credentials + storage)
        .sorted { $0.name < $1.name }
}

/// Throws `sentence` unless `condition` holds.
func require(
    _ condition: Bool, _ sentence: @autoclosure () -> String
) throws(BrokenRule) {
    if !condition { throw BrokenRule(sentence()) }
}

/// The value of `body`; its failure breaks the rule `sentence`.
func must<Value, Failure: Error>(
    _ sentence: String, _ body: () throws(Failure) -> Value
) throws(BrokenRule) -> Value {
    do {
        return try body()
    } catch {
        throw BrokenRule("\(sentence): \(error)")
    }
}

extension [UInt8] {
    /// The first byte, which chooses a variant, and the rest.
    var choice: (UInt8, [UInt8]) { (first ?? 0, Array(dropFirst())) }
}
