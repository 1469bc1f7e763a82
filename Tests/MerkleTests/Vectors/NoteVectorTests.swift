// Notes and checkpoints that others have published.
import Cryptography
import Primitives
import Testing

@testable import Merkle

@Suite struct NoteVectorTests {
    /// Provenance: package documentation of golang.org/x/mod/sumdb/note; the key is public on
    /// purpose.
    static let text = """
        If you think cryptography is the answer to your problem,
        then you don't know what your problem is.

        """
    static let note =
        text + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuG"
        + "UgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    static let keyText = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let secret = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"

    @Test func signsAsGoDoes() throws {
        let seed = try #require(Base64.decode(Self.secret, as: .standard)).dropFirst()
        let key = try #require(SigningKey(seed: Array(seed)))
        var note = try SignedNote(text: Array(Self.text.utf8))
        try note.sign(with: key, name: "PeterNeumann")
        #expect(String(decoding: note.bytes, as: UTF8.self) == Self.note)
    }

    @Test func readsAndVerifiesWhatGoSigned() throws {
        let key = try #require(NoteKey(text: Self.keyText))
        #expect(key.id == 0xc74f_20a3)
        #expect(key.text == Self.keyText)
        let note = try SignedNote(parsing: Array(Self.note.utf8))
        #expect(note.text == Array(Self.text.utf8))
        #expect(note.bytes == Array(Self.note.utf8))
        try note.verify(by: key)
    }

    /// Provenance: the example of C2SP signed-note; a text with a blank line within.
    @Test func endsTheTextAtTheLastBlankLine() throws {
        let text = "Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\n"
            + "ed è subito sera.\n"
        let line = "— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+Eh"
            + "fLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc="
        let note = try SignedNote(parsing: Array("\(text)\n\(line)\n".utf8))
        #expect(note.text == Array(text.utf8))
        #expect(note.signatures.map(\.name) == ["quasimodo.example/salvatore"])
        #expect(note.signatures.map(\.keyID) == [0x367b_a04b])
    }

    /// Provenance: the example of C2SP tlog-checkpoint.
    @Test func readsACheckpoint() throws {
        let text = "example.com/behind-the-sofa\n20852163\n"
            + "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
        let line = "— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRD"
            + "e4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8="
        let note = try SignedNote(parsing: Array("\(text)\n\(line)\n".utf8))
        let checkpoint = try CheckpointNote(text: note.text)
        #expect(checkpoint.origin == "example.com/behind-the-sofa")
        #expect(checkpoint.head.size == 20_852_163)
        #expect(
            checkpoint.head.root.hex
                == "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62")
        #expect(checkpoint.extensions == [])
        #expect(checkpoint.text == Array(text.utf8))
    }
}
