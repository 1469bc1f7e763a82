// Base64: the vectors of RFC 4648 §10, round trips, and everything that is not canonical refused.
import Primitives
import TestSupport
import Testing

@Suite struct Base64Tests {
    @Test(arguments: [
        ("", "", ""), ("f", "Zg==", "Zg"), ("fo", "Zm8=", "Zm8"), ("foo", "Zm9v", "Zm9v"),
        ("foob", "Zm9vYg==", "Zm9vYg"), ("fooba", "Zm9vYmE=", "Zm9vYmE"),
        ("foobar", "Zm9vYmFy", "Zm9vYmFy"),
    ])
    func followsTheVectorsOfTheRFC(plain: String, standard: String, urlSafe: String) {
        #expect(Base64.encode(Array(plain.utf8), as: .standard) == standard)
        #expect(Base64.encode(Array(plain.utf8), as: .urlSafe) == urlSafe)
        #expect(Base64.decode(standard, as: .standard) == Array(plain.utf8))
        #expect(Base64.decode(urlSafe, as: .urlSafe) == Array(plain.utf8))
    }

    @Test func theTwoAlphabetsDifferInTheirLastTwo() {
        #expect(Base64.encode([0xFB, 0xFF], as: .standard) == "+/8=")
        #expect(Base64.encode([0xFB, 0xFF], as: .urlSafe) == "-_8")
    }

    @Test(arguments: propertySeeds) func roundTrips(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for count in 0...50 {
            let bytes = generator.bytes(count)
            for form in Base64.Form.allCases {
                let text = Base64.encode(bytes, as: form)
                #expect(Base64.decode(text, as: form) == bytes, "seed \(seed), \(text)")
            }
        }
    }

    @Test(arguments: [
        ("missing padding", "Zg"), ("half the padding", "Zg="), ("needless padding", "Zm9v===="),
        ("padding alone", "===="), ("padding inside", "Zg==Zg=="), ("a lone digit", "Z==="),
        ("bits left over", "Zh=="), ("bits left over in two bytes", "Zm9="),
        ("white space", "Zm9v\n"), ("a space", " m9v"), ("the other alphabet", "-_8="),
        ("not ASCII", "Zm9é"),
    ])
    func refusesInStandardForm(fault: String, text: String) {
        #expect(Base64.decode(text, as: .standard) == nil, "\(fault)")
    }

    @Test(arguments: [
        ("padding", "Zg=="), ("a lone digit", "Zm9vZ"), ("bits left over", "Zh"),
        ("the other alphabet", "+/8"),
    ])
    func refusesInURLSafeForm(fault: String, text: String) {
        #expect(Base64.decode(text, as: .urlSafe) == nil, "\(fault)")
    }
}
