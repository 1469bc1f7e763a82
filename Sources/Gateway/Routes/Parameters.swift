// Parameters that several routes take, and how their values are read.
import Primitives

extension RouteParameter {
    static let limit = RouteParameter(
        name: "limit", summary: "Items in the list, at most; 50 where it is not given.",
        schema: .integer(1...PageLimits.most))
    static let cursor = RouteParameter(
        name: "cursor", summary: "`next` of the page before.", schema: .text)
    static let agent = RouteParameter(
        name: "agent", summary: "Only of this agent.", schema: .hex(32))
    static let owner = RouteParameter(
        name: "owner",
        summary: """
            Of this owner: two may use one trace id. Without it, the run recorded first.
            """,
        schema: .hex(32))
    static let since = RouteParameter(
        name: "since", summary: "Started at this time or later; nanoseconds since 1970.",
        schema: .number)
    static let until = RouteParameter(
        name: "until", summary: "Started at this time or earlier; nanoseconds since 1970.",
        schema: .number)
}

enum PageLimits {
    static let usual = 50
    static let most = 500
}

extension Call {
    /// A fixed byte string in lower-case hexadecimal; nil where the parameter is not given.
    func fixed<Value: FixedBytes>(
        _ name: String, as _: Value.Type = Value.self
    ) throws(Problem) -> Value? {
        guard let text = self[name] else { return nil }
        guard let value = Value(hex: text) else {
            throw .parameter(name, "not \(2 * Value.width) lower-case hexadecimal digits")
        }
        return value
    }

    /// An unsigned number in decimal digits; nil where the parameter is not given.
    func number(_ name: String) throws(Problem) -> UInt64? {
        guard let text = self[name] else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let value = UInt64(text) else {
            throw .parameter(name, "not a decimal number below 2^64")
        }
        return value
    }

    func instant(_ name: String) throws(Problem) -> Instant? {
        try number(name).map { Instant(nanoseconds: $0) }
    }

    /// `limit`: 1...500, else 50.
    func limit() throws(Problem) -> Int {
        guard let value = try number("limit") else { return PageLimits.usual }
        guard let limit = Int(exactly: value), (1...PageLimits.most).contains(limit) else {
            throw .parameter("limit", "not in 1...\(PageLimits.most)")
        }
        return limit
    }
}
