// What the writer writes, byte for byte, in both layouts.
import JSON
import Testing

@Suite struct JSONWriterTests {
    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    private func sample(_ layout: JSONLayout) -> String {
        var writer = JSONWriter(layout)
        writer.object {
            $0.member("a", 1)
            $0.member("big", quoted: UInt128.max)
            $0.key("list")
            $0.array {
                $0.write("x")
                $0.writeNull()
                $0.array { _ in }
            }
            $0.key("raw")
            $0.writeRaw(Array("{\"k\":1}".utf8))
            $0.member("absent", ifPresent: nil)
            $0.member("flag", false)
        }
        return text(writer.bytes)
    }

    @Test func compactLayout() {
        #expect(
            sample(.compact) == #"{"a":1,"big":"340282366920938463463374607431768211455","#
                + #""list":["x",null,[]],"raw":{"k":1},"flag":false}"#)
    }

    @Test func prettyLayout() {
        let expected = """
            {
              "a": 1,
              "big": "340282366920938463463374607431768211455",
              "list": [
                "x",
                null,
                []
              ],
              "raw": {"k":1},
              "flag": false
            }
            """
        #expect(sample(.pretty) == expected)
    }

    @Test func escapesOnlyWhatMustBe() {
        let string = JSONValue.string("\"\\/\u{8}\u{c}\n\r\t\u{1f}\u{0}é\u{7f}")
        #expect(text(string.text()) == #""\"\\/\b\f\n\r\t\u001f\u0000é"# + "\u{7f}\"")
    }
}
