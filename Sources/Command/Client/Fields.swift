// Reading the members of a node's answers; an absent or odd one reads as empty.
import JSON
import Primitives

extension JSONValue {
    /// The text at a path of member names; "" where there is none.
    func text(_ path: String...) -> String { at(path)?.string ?? "" }

    /// The number at a path, written as a number or as digits in a string; 0 where there is none.
    func number(_ path: String...) -> UInt64 { at(path)?.counted ?? 0 }

    /// The number at a path; nil where it is null or absent.
    func optionalNumber(_ path: String...) -> UInt64? { at(path)?.counted }

    /// Nano-credits at a path; 0 where there are none.
    func amount(_ path: String...) -> UInt128 {
        at(path)?.string.flatMap { UInt128($0) } ?? 0
    }

    /// The time at a path, "-" where there is none.
    func time(_ path: String...) -> String {
        guard let nanoseconds = at(path)?.counted, nanoseconds > 0 else { return "-" }
        return Quantity.time(Instant(nanoseconds: nanoseconds))
    }

    /// The elements at a path; none where there is no array.
    func list(_ path: String...) -> [JSONValue] { at(path)?.array ?? [] }

    private func at(_ path: [String]) -> JSONValue? {
        var value: JSONValue? = self
        for name in path { value = value?[name] }
        return value
    }

    private var counted: UInt64? { string.flatMap(ValueKind.number) ?? integer() }
}
