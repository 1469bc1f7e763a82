// Notes and checkpoints made here: what goes round, and what is refused with which reason.
import Cryptography
import Primitives
import Testing

@testable import Merkle

@Suite struct NoteTests {
    static let key = SigningKey(seed: [UInt8](repeating: 9, count: 32))!
    static let other = SigningKey(seed: [UInt8](repeating: 8, count: 32))!
    static let head = TreeHead(size: 12, root: LogVectorTests.roots[8])
    static let origin = "log.example/althing"

    static func noteKey(_ name: String, _ key: SigningKey) throws(NoteFailure) -> NoteKey {
        try NoteKey(name: name, publicKey: key.publicKey)
    }

    @Test func checkpointGoesRound() throws {
        let checkpoint = try CheckpointNote(
            origin: Self.origin, head: Self.head, extensions: ["time 5", "é"])
        var note = try checkpoint.signed(by: Self.key, name: Self.origin)
        try note.sign(with: Self.other, name: "witness.example")
        let opened = try CheckpointNote.open(
            note.bytes, by: Self.noteKey(Self.origin, Self.key), origin: Self.origin)
        #expect(opened == checkpoint)
        try note.verify(by: Self.noteKey("witness.example", Self.other))
    }

    @Test func refusesEveryFlippedBitOfTheTextAndTheSignature() throws {
        let note = try CheckpointNote(origin: "o", head: Self.head)
            .signed(by: Self.key, name: "o").bytes
        let key = try Self.noteKey("o", Self.key)
        for index in note.indices {
            for bit in 0..<8 {
                var spoiled = note
                spoiled[index] ^= 1 << UInt8(bit)
                #expect(throws: NoteFailure.self, "byte \(index) bit \(bit)") {
                    try CheckpointNote.open(spoiled, by: key, origin: "o")
                }
            }
        }
    }

    @Test func refusesOtherSigners() throws {
        let note = try CheckpointNote(origin: "o", head: Self.head)
            .signed(by: Self.key, name: "o")
        for key in [try Self.noteKey("o", Self.other), try Self.noteKey("p", Self.key)] {
            #expect(throws: NoteFailure.unknownSigner) { try note.verify(by: key) }
        }
        let own = try Self.noteKey("o", Self.key)
        #expect(throws: NoteFailure.foreignOrigin) {
            try CheckpointNote.open(note.bytes, by: own, origin: "p")
        }
    }

    @Test func refusesAWrongSignatureBesideARightOne() throws {
        let right = try CheckpointNote(origin: "o", head: Self.head)
            .signed(by: Self.key, name: "o")
        let wrong = try CheckpointNote(origin: "o", head: TreeHead(size: 1, root: Self.head.root))
            .signed(by: Self.key, name: "o")
        let lines = (right.signatures + wrong.signatures).map { $0.line + "\n" }.joined()
        let both = try SignedNote(parsing: right.text + Array("\n\(lines)".utf8))
        let key = try Self.noteKey("o", Self.key)
        #expect(throws: NoteFailure.wrongSignature) { try both.verify(by: key) }
    }

    @Test func ignoresSignaturesOfUnknownKindsAndLengths() throws {
        let note = try CheckpointNote(origin: "o", head: Self.head)
            .signed(by: Self.key, name: "o")
        let payload = Base64.encode([UInt8](repeating: 4, count: 99), as: .standard)
        let longer = note.bytes + Array("— w \(payload)\n".utf8)
        try SignedNote(parsing: longer).verify(by: Self.noteKey("o", Self.key))
    }

    static let faultyNotes: [(fault: String, note: String, failure: NoteFailure)] = [
        ("nothing", "", .noSignatures),
        ("no blank line", "a\n— k AAAAAAA=\n", .noSignatures),
        ("nothing after the blank line", "a\n\n", .noSignatures),
        ("no newline at the end", "a\n\n— k AAAAAAA=", .noSignatures),
        ("tab", "a\tb\n\n— k AAAAAAA=\n", .invalidText),
        ("carriage return", "a\r\n\n— k AAAAAAA=\n", .invalidText),
        ("hyphen for the dash", "a\n\n- k AAAAAAA=\n", .invalidSignature(line: 0)),
        ("no name", "a\n\n—  AAAAAAA=\n", .invalidSignature(line: 0)),
        ("plus in the name", "a\n\n— k+l AAAAAAA=\n", .invalidSignature(line: 0)),
        ("wide space in the name", "a\n\n— k\u{2003}l AAAAAAA=\n", .invalidSignature(line: 0)),
        ("no signature", "a\n\n— k\n", .invalidSignature(line: 0)),
        ("only an id", "a\n\n— k AAAAAA==\n", .invalidSignature(line: 0)),
        ("not base64", "a\n\n— k AAAA*AA=\n", .invalidSignature(line: 0)),
        ("no padding", "a\n\n— k AAAAAAA\n", .invalidSignature(line: 0)),
        ("stray bits", "a\n\n— k AAAAAAB=\n", .invalidSignature(line: 0)),
        ("space after", "a\n\n— k AAAAAAA= \n", .invalidSignature(line: 0)),
        ("second line", "a\n\n— k AAAAAAA=\nb\n", .invalidSignature(line: 1)),
        (
            "257 signatures", "a\n\n" + String(repeating: "— k AAAAAAA=\n", count: 257), .overLimit
        ),
        ("too long", String(repeating: "a", count: 65_536) + "\n\n— k AAAAAAA=\n", .overLimit),
    ]

    @Test(arguments: faultyNotes) func refusesNote(
        fault: String, note: String, failure: NoteFailure
    ) {
        #expect(throws: failure, "\(fault)") { try SignedNote(parsing: Array(note.utf8)) }
    }

    @Test func refusesWhatIsNotUTF8() {
        let note = [0x61, 0xFF] + Array("\n\n— k AAAAAAA=\n".utf8)
        #expect(throws: NoteFailure.invalidText) { try SignedNote(parsing: note) }
        #expect(throws: NoteFailure.invalidText) { try SignedNote(text: [0xFF, 0x0A]) }
        #expect(throws: NoteFailure.invalidText) { try SignedNote(text: [0x61]) }
        let checkpoint = [0xFF] + Array("\n1\n\(Base64.encode(head.bytes, as: .standard))\n".utf8)
        #expect(throws: NoteFailure.invalidText) { try CheckpointNote(text: checkpoint) }
    }

    private var head: Digest { Self.head.root }

    static let root = Base64.encode(head.root.bytes, as: .standard)
    static let faultyTexts: [(fault: String, text: String, failure: NoteFailure)] = [
        ("two lines", "o\n1\n", .missingLine),
        ("empty origin", "\n1\n\(root)\n", .missingLine),
        ("no newline at the end", "o\n1\n\(root)", .missingLine),
        ("empty extension", "o\n1\n\(root)\n\nx\n", .missingLine),
        ("tab in the origin", "o\t\n1\n\(root)\n", .invalidOrigin),
        ("tab in an extension", "o\n1\n\(root)\n\t\n", .invalidExtension),
        ("leading zero", "o\n01\n\(root)\n", .invalidSize),
        ("plus sign", "o\n+1\n\(root)\n", .invalidSize),
        ("minus sign", "o\n-1\n\(root)\n", .invalidSize),
        ("hexadecimal", "o\n0x1\n\(root)\n", .invalidSize),
        ("2^64", "o\n18446744073709551616\n\(root)\n", .invalidSize),
        ("short root", "o\n1\nAAAA\n", .invalidRoot),
        ("hexadecimal root", "o\n1\n\(head.root.hex)\n", .invalidRoot),
        ("root without padding", "o\n1\n\(root.dropLast())\n", .invalidRoot),
    ]

    @Test(arguments: faultyTexts) func refusesCheckpoint(
        fault: String, text: String, failure: NoteFailure
    ) {
        #expect(throws: failure, "\(fault)") { try CheckpointNote(text: Array(text.utf8)) }
    }

    @Test(arguments: ["", "a b", "a+b", "a\u{00A0}b", "a\nb", String(repeating: "a", count: 257)])
    func refusesName(name: String) {
        #expect(throws: NoteFailure.invalidName) {
            try NoteKey(name: name, publicKey: Self.key.publicKey)
        }
    }

    @Test func refusesTextThatIsNotALine() {
        for text in ["", "a\nb", "a\u{1}"] {
            #expect(throws: NoteFailure.invalidOrigin) {
                try CheckpointNote(origin: text, head: Self.head)
            }
            #expect(throws: NoteFailure.invalidExtension) {
                try CheckpointNote(origin: "o", head: Self.head, extensions: [text])
            }
        }
    }

    @Test func refusesKeyTexts() throws {
        let good = try Self.noteKey("k", Self.key).text
        #expect(NoteKey(text: good)?.text == good)
        let wrong = [
            "", "k", "k+00000000", good + "=", good.uppercased(), "l" + good.dropFirst(),
            good.replacingPrefix("k+", with: "k++"),
        ]
        for text in wrong { #expect(NoteKey(text: text) == nil, "\(text)") }
    }
}

extension String {
    fileprivate func replacingPrefix(_ prefix: String, with other: String) -> String {
        other + dropFirst(prefix.count)
    }
}
