// JSON text: what is parsed can be written and parsed again, to the same bytes.
import JSON

extension DecoderCheck {
    static let json = [
        DecoderCheck("json") { bytes throws(BrokenRule) in
            guard let document = try? JSONDocument(bytes) else { return false }
            try walk(document.root)
            let value = document.root.value
            let text = value.text()
            for layout in [JSONLayout.compact, .pretty] {
                let again = try must("written text parses") { () throws(JSONFailure) in
                    try JSONValue(parsing: value.text(layout))
                }
                // Bytes are compared: strings with two spellings of one accent are equal values.
                try require(again.text() == text, "written text says the same")
            }
            return true
        }
    ]

    /// Visits every node by cursor; the parser's limit bounds the depth.
    private static func walk(_ node: JSONNode) throws(BrokenRule) {
        switch node.kind {
        case .array:
            let elements = Array(node.elements)
            try require(elements.count == node.count, "an array has as many elements as it says")
            for element in elements { try walk(element) }
        case .object:
            var count = 0
            for (key, value) in node.members {
                count += 1
                guard let name = key.string, let found = node[name] else {
                    throw BrokenRule("a member is found by its key")
                }
                try require(found.range == value.range, "a key leads to its own value")
                try walk(value)
            }
            try require(count == node.count, "an object has as many members as it says")
        case .number:
            guard let number = node.number else { throw BrokenRule("a number is one") }
            let (signed, unsigned): (Int64?, UInt64?) = (number.integer(), number.integer())
            if let signed, let unsigned {
                try require(Int64(exactly: unsigned) == signed, "a number has one value")
            }
            if let wide: UInt128 = number.integer(), let unsigned {
                try require(wide == unsigned, "a number has one value in all widths")
            }
            _ = number.double
        case .string:
            try require(node.string != nil, "a string is one")
        default: break
        }
    }
}
