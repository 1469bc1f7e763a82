// A JSON object whose members are known beforehand: none more, none less, each in its one form
// (docs/spec/receipt.md §1).
import JSON
import Primitives

struct StrictObject {
    private let node: JSONNode
    private let path: String

    /// Refuses anything but an object that has all `members`, and besides them at most those that
    /// are `optional`.
    init(
        _ node: JSONNode, _ path: String, _ members: [String], optional: [String] = []
    ) throws(ReceiptRefusal) {
        try self.init(open: node, path, members)
        let present = optional.count { node[$0] != nil }
        guard node.count == members.count + present else {
            throw ReceiptRefusal(.format, "\(path) has a member that is not known")
        }
    }

    /// Refuses anything but an object that has all `members`, among others.
    init(open node: JSONNode, _ path: String, _ members: [String]) throws(ReceiptRefusal) {
        self.node = node
        self.path = path
        guard node.kind == .object else {
            throw ReceiptRefusal(.format, "\(path) is not an object")
        }
        for name in members where node[name] == nil {
            throw ReceiptRefusal(.format, "\(path).\(name) is missing")
        }
    }

    private func refusal(_ name: String, _ what: String) -> ReceiptRefusal {
        ReceiptRefusal(.format, "\(path).\(name) is not \(what)")
    }

    private func member(_ name: String) throws(ReceiptRefusal) -> JSONNode {
        guard let member = node[name] else { throw refusal(name, "present") }
        return member
    }

    func object(
        _ name: String, _ members: [String], optional: [String] = []
    ) throws(ReceiptRefusal) -> StrictObject {
        try StrictObject(try member(name), name, members, optional: optional)
    }

    func has(_ name: String) -> Bool { node[name] != nil }

    func text(_ name: String) throws(ReceiptRefusal) -> String {
        guard let text = try member(name).string else { throw refusal(name, "a string") }
        return text
    }

    /// Lower-case hexadecimal of the width of `Value`.
    func bytes<Value: FixedBytes>(_ name: String) throws(ReceiptRefusal) -> Value {
        guard let text = try member(name).string, let value = Value(hex: text) else {
            throw refusal(name, "\(2 * Value.width) lower-case hexadecimal digits")
        }
        return value
    }

    /// A string of decimal digits without a leading zero, in the range of `Value`.
    func quoted<Value: FixedWidthInteger & UnsignedInteger>(
        _ name: String
    ) throws(ReceiptRefusal) -> Value {
        guard let text = try member(name).string, Self.isCanonical(text.utf8),
            let value = Value(text)
        else { throw refusal(name, "a quoted unsigned integer of \(Value.bitWidth) bits") }
        return value
    }

    /// A JSON number of decimal digits without a leading zero, in `range`.
    func number(_ name: String, _ range: ClosedRange<Int>) throws(ReceiptRefusal) -> Int {
        let node = try member(name)
        guard node.kind == .number, Self.isCanonical(node.raw),
            let value = Int(String(decoding: node.raw, as: UTF8.self)), range.contains(value)
        else { throw refusal(name, "an integer in \(range)") }
        return value
    }

    /// The name of one of `cases`.
    func name<Case: RawRepresentable>(
        _ name: String, _ cases: [Case]
    ) throws(ReceiptRefusal) -> Case {
        let text = try text(name)
        for value in cases where String(describing: value) == text { return value }
        throw refusal(name, "a known name")
    }

    /// The elements of an array whose length is in `range`.
    func nodes(_ name: String, _ range: ClosedRange<Int>) throws(ReceiptRefusal) -> [JSONNode] {
        let node = try member(name)
        guard node.kind == .array, range.contains(node.count) else {
            throw refusal(name, "an array of \(range) elements")
        }
        return Array(node.elements)
    }

    /// An array of lower-case hexadecimal strings whose length is in `range`.
    func list<Value: FixedBytes>(
        _ name: String, _ range: ClosedRange<Int>
    ) throws(ReceiptRefusal) -> [Value] {
        var values: [Value] = []
        for node in try nodes(name, range) {
            guard let text = node.string, let value = Value(hex: text) else {
                throw refusal(name, "a list of \(2 * Value.width) lower-case hexadecimal digits")
            }
            values.append(value)
        }
        return values
    }

    private static func isCanonical(_ digits: some Collection<UInt8>) -> Bool {
        guard let first = digits.first, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return false
        }
        return first != 0x30 || digits.count == 1
    }
}
