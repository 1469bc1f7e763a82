// What a parsed text answers: kinds, ranges, numbers, unescaped strings, look-ups.
import JSON
import Testing

@Suite struct JSONNodeTests {
    private func root(_ text: String) throws -> JSONNode {
        try JSONDocument(Array(text.utf8)).root
    }

    @Test(arguments: [
        ("null", JSONKind.null), (" true ", .bool), ("false", .bool), ("-0", .number),
        ("1.5e-3", .number), ("\"\"", .string), ("[]", .array), ("\t{}\r\n", .object),
    ])
    func kinds(text: String, kind: JSONKind) throws {
        #expect(try root(text).kind == kind)
    }

    @Test func rangesCutOutTheExactText() throws {
        let text = #" {"a" : [1, {"b":"x\ny"} ,2.50 ], "c":null}"#
        let node = try root(text)
        #expect(node["a"]?.raw.elementsEqual(#"[1, {"b":"x\ny"} ,2.50 ]"#.utf8) == true)
        #expect(node["a"]?[1]?.raw.elementsEqual(#"{"b":"x\ny"}"#.utf8) == true)
        #expect(node["a"]?[2]?.raw.elementsEqual("2.50".utf8) == true)
        #expect(node["c"]?.isNull == true)
        #expect(node["d"] == nil)
        #expect(node.range.lowerBound == 1)
        #expect(node.count == 2)
    }

    @Test(arguments: [
        (#""\u0041\/\"\\\b\f\n\r\t""#, "A/\"\\\u{8}\u{c}\n\r\t"),
        (#""\uD83D\uDE00!""#, "😀!"), (#""\ud83d\ude00""#, "😀"),
        (#""é\u00E9€𝄞""#, "éé€𝄞"),
        (#""\u0000""#, "\0"), (#""plain text longer than eight bytes""#,
            "plain text longer than eight bytes"),
    ])
    func stringsAreUnescaped(text: String, expected: String) throws {
        let string = try #require(try root(text).string)
        #expect(string.utf8.elementsEqual(expected.utf8))
        #expect(try root(text).isString(expected))
    }

    @Test func keysCompareAfterUnescaping() throws {
        let node = try root(#"{"\u0061":1,"b":2}"#)
        #expect(node["a"]?.integer(as: Int64.self) == 1)
        #expect(node["b"]?.integer(as: UInt8.self) == 2)
    }

    @Test(arguments: [
        ("0", 0), ("-0", 0), ("9223372036854775807", Int64.max),
        ("-9223372036854775808", Int64.min),
    ])
    func integersThatFit(text: String, expected: Int64) throws {
        #expect(try root(text).integer() == expected)
    }

    @Test(arguments: ["9223372036854775808", "-9223372036854775809", "1.0", "1e2", "\"1\"", "null"])
    func integersThatDoNotFitAreNil(text: String) throws {
        #expect(try root(text).integer(as: Int64.self) == nil)
    }

    @Test func unsignedIntegersRefuseAMinus() throws {
        #expect(try root("-1").integer(as: UInt64.self) == nil)
        #expect(try root("18446744073709551615").integer(as: UInt64.self) == .max)
    }

    @Test func numbersKeepTheirText() throws {
        #expect(try root("1.50E+3").number?.text == "1.50E+3")
        #expect(try root("1.50E+3").number?.double == 1500)
        #expect(try root("1e999").number?.double == nil)
        #expect(JSONNumber("1.") == nil)
        #expect(JSONNumber("1 ") == nil)
        #expect(JSONNumber("") == nil)
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(0.5)?.text == "0.5")
    }

    @Test func depthAtTheLimitIsAccepted() throws {
        let text = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try root(text).value[0]?[0] != nil)
    }

    @Test func valuesAnswerLikeNodes() throws {
        let value = try JSONValue(parsing: Array(#"{"a":[true,"s",7],"b":null}"#.utf8))
        #expect(value["a"]?[0]?.bool == true)
        #expect(value["a"]?[1]?.string == "s")
        #expect(value["a"]?[2]?.integer(as: Int.self) == 7)
        #expect(value["a"]?[3] == nil)
        #expect(value["b"]?.isNull == true)
        #expect(value.object?.map(\.key) == ["a", "b"])
    }
}
