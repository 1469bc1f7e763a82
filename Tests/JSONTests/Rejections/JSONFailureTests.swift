// Texts that are refused, each for its fault and at its place.
import JSON
import Testing

@Suite struct JSONFailureTests {
    private func failure(_ bytes: [UInt8], _ limits: JSONLimits = JSONLimits()) -> JSONFailure? {
        do throws(JSONFailure) {
            _ = try JSONDocument(bytes, limits: limits)
            return nil
        } catch {
            return error
        }
    }

    @Test(arguments: [
        ("", JSONFailure.Reason.truncated, 0), ("  ", .truncated, 2), ("[1", .truncated, 2),
        ("{\"a\"", .truncated, 4), ("\"ab", .truncated, 3), ("tru", .truncated, 3),
        ("-", .truncated, 1), ("1.", .truncated, 2), ("1e", .truncated, 2),
        ("[1,]", .unexpectedByte, 3), ("{\"a\":1,}", .unexpectedByte, 7),
        ("{a:1}", .unexpectedByte, 1), ("{\"a\" 1}", .unexpectedByte, 5),
        ("[1 2]", .unexpectedByte, 3), ("[1}", .unexpectedByte, 2), ("NaN", .unexpectedByte, 0),
        ("Infinity", .unexpectedByte, 0), ("nul1", .unexpectedByte, 3), ("+1", .unexpectedByte, 0),
        (".5", .unexpectedByte, 0), ("1.e1", .unexpectedByte, 2), ("'a'", .unexpectedByte, 0),
        ("[1]//", .trailingBytes, 3), ("1 2", .trailingBytes, 2), ("{}}", .trailingBytes, 2),
        ("0x10", .trailingBytes, 1), ("01", .leadingZero, 0), ("-012", .leadingZero, 1),
        ("\"a\nb\"", .controlCharacter, 2), ("\"\\x\"", .invalidEscape, 1),
        ("\"\\u12G4\"", .invalidEscape, 5), ("\"\\ud800\"", .loneSurrogate, 1),
        ("\"\\udc00\"", .loneSurrogate, 1), ("\"\\ud800\\u0041\"", .loneSurrogate, 1),
        ("\"\\ud800x\"", .loneSurrogate, 1), ("\u{FEFF}1", .byteOrderMark, 0),
        ("{\"a\":1,\"a\":2}", .duplicateKey, 7), ("{\"a\":1,\"\\u0061\":2}", .duplicateKey, 7),
    ])
    func faultyText(text: String, reason: JSONFailure.Reason, offset: Int) {
        #expect(failure(Array(text.utf8)) == JSONFailure(reason, at: offset))
    }

    @Test(arguments: [
        [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80],
        [0xF0, 0x80, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
        [0xC3, 0x28], [0xE2, 0x82, 0x28], [0xFF],
    ] as [[UInt8]])
    func invalidUTF8(bytes: [UInt8]) {
        let text = [0x22, 0x61] + bytes + [0x22]
        #expect(failure(text) == JSONFailure(.invalidUTF8, at: 2))
    }

    @Test func doubleKeyAmongMany() {
        var members = (0..<1000).map { "\"k\($0)\":\($0)" }
        members.append("\"k500\":0")
        let text = "{" + members.joined(separator: ",") + "}"
        #expect(failure(Array(text.utf8))?.reason == .duplicateKey)
        #expect(failure(Array(text.utf8))?.offset == text.utf8.count - 9)
    }

    @Test func limitsHold() {
        let deep = Array((String(repeating: "[", count: 65)).utf8)
        #expect(failure(deep) == JSONFailure(.tooDeep, at: 64))
        #expect(failure(Array("[1,2]".utf8), JSONLimits(bytes: 4))?.reason == .tooLong)
        #expect(failure(Array("[1,2]".utf8), JSONLimits(bytes: 5)) == nil)
        #expect(failure(Array("[1,2]".utf8), JSONLimits(nodes: 2))?.reason == .tooManyNodes)
        #expect(failure(Array("[1,2]".utf8), JSONLimits(nodes: 3)) == nil)
    }
}
