// The handshake and its ciphers against vectors of two other implementations.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Peers

@Suite struct NoiseVectorTests {
    /// Lines of `Tests/Vectors/noise/xx.txt`: a name and one or two hexadecimal fields.
    static func lines() throws -> [(name: String, fields: [[UInt8]])] {
        let bytes = try #require(VectorFiles.read("noise/xx.txt"))
        return try String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            .filter { !$0.hasPrefix("#") }
            .map { line in
                let words = line.split(separator: " ")
                let fields = try words.dropFirst().map { try #require(Hex.decode($0)) }
                return (String(words[0]), fields)
            }
    }

    static func handshakes() throws -> (NoiseHandshake, NoiseHandshake) {
        let lines = try lines()
        func field(_ name: String) throws -> [UInt8] {
            try #require(lines.first { $0.name == name }).fields[0]
        }
        func side(_ role: NoiseHandshake.Role, _ name: String) throws -> NoiseHandshake {
            NoiseHandshake(
                role: role, prologue: try field("prologue"),
                own: try #require(ExchangeKey(secret: try field(name + "-static"))),
                ephemeral: try #require(ExchangeKey(secret: try field(name + "-ephemeral"))))
        }
        return (try side(.initiator, "initiator"), try side(.responder, "responder"))
    }

    @Test func messagesAreThoseOfOtherImplementations() throws {
        var (writer, reader) = try Self.handshakes()
        var ciphers: [(sending: CipherState, receiving: CipherState)] = []
        let lines = try Self.lines()
        let messages = lines.filter { $0.name == "message" }
        #expect(messages.count == 6)
        for (index, message) in messages.enumerated() {
            let (payload, expected) = (message.fields[0], message.fields[1])
            if index < 3 {
                let written = try writer.write { _ in payload }
                #expect(Hex.encode(written) == Hex.encode(expected), "message \(index)")
                #expect(try reader.read(written).payload == payload)
                swap(&writer, &reader)
                if index == 2 { ciphers = [writer.split(), reader.split()] }
            } else {
                // The writer of message 3 now reads: the responder sends messages 4 and 6.
                let sender = index % 2 == 1 ? 0 : 1
                let sealed = try ciphers[sender].sending.sealed(payload, context: [])
                #expect(Hex.encode(sealed) == Hex.encode(expected), "message \(index)")
                let text = try ciphers[1 - sender].receiving.opened(sealed, context: [])
                #expect(text == payload)
            }
        }
        let hash = try #require(lines.first { $0.name == "hash" }).fields[0]
        #expect(writer.hash == hash && reader.hash == hash)
        let rekeyed = try #require(lines.first { $0.name == "rekey" }).fields[0]
        ciphers[1].sending.rekey()
        ciphers[0].receiving.rekey()
        let text = Array("after rekey".utf8)
        #expect(try ciphers[1].sending.sealed(text, context: []) == rekeyed)
        #expect(try ciphers[0].receiving.opened(rekeyed, context: []) == text)
    }
}
