// What is metered of records: four numbers, and the spans of time and limits they are held against.
import Primitives

/// How much was recorded. Sums stay at 2^64 − 1 rather than pass it.
public struct Quantities: Hashable, Sendable {
    public var records: UInt64 = 0
    /// In and out; cached ones and those of reasoning are parts of these with most senders.
    public var tokens: UInt64 = 0
    /// Nano-credits; a greater cost counts as 2^64 − 1.
    public var cost: UInt64 = 0
    /// Micro-credits.
    public var gas: UInt64 = 0

    public init(records: UInt64 = 0, tokens: UInt64 = 0, cost: UInt64 = 0, gas: UInt64 = 0) {
        self.records = records
        self.tokens = tokens
        self.cost = cost
        self.gas = gas
    }

    /// As limits: none.
    public static let unlimited = Quantities(
        records: .max, tokens: .max, cost: .max, gas: .max)

    public subscript(_ quantity: MeteredQuantity) -> UInt64 {
        get {
            switch quantity {
            case .records: records
            case .tokens: tokens
            case .cost: cost
            case .gas: gas
            }
        }
        set {
            switch quantity {
            case .records: records = newValue
            case .tokens: tokens = newValue
            case .cost: cost = newValue
            case .gas: gas = newValue
            }
        }
    }

    mutating func add(_ more: Quantities) {
        records = Self.sum(records, more.records)
        tokens = Self.sum(tokens, more.tokens)
        cost = Self.sum(cost, more.cost)
        gas = Self.sum(gas, more.gas)
    }

    func adding(_ more: Quantities) -> Quantities {
        var sum = self
        sum.add(more)
        return sum
    }

    private static func sum(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }

    func write(to writer: inout ByteWriter) {
        for quantity in MeteredQuantity.allCases { writer.write(self[quantity]) }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        records = try reader.read()
        tokens = try reader.read()
        cost = try reader.read()
        gas = try reader.read()
    }
}

extension Quantities {
    /// Those of one agent's rows in a batch.
    init(_ usage: Usage) {
        let (tokens, overflow) = usage.tokensInput.addingReportingOverflow(usage.tokensOutput)
        self.init(
            records: usage.records, tokens: overflow ? .max : tokens,
            cost: UInt64(clamping: usage.cost.nanoCredits), gas: usage.gas)
    }
}

/// One of the numbers; in this order they are encoded and held against limits.
public enum MeteredQuantity: UInt8, CaseIterable, Sendable {
    case records, tokens, cost, gas
}

/// The time that a limit speaks of.
public enum UsageSpan: UInt8, CaseIterable, Sendable {
    case hour, day

    /// Nanoseconds of one bucket of its window.
    var bucket: UInt64 {
        switch self {
        case .hour: 10 * 60 * Nanoseconds.perSecond
        case .day: 4 * Nanoseconds.perHour
        }
    }
}
