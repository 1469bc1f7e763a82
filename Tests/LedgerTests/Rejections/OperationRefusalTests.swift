// Encoded operations that are refused: truncated, unknown, over a limit, or not canonical.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct OperationRefusalTests {
    /// Bytes before the command: version, chain, key, sequence, owner.
    private let head = 106

    private func failure(_ bytes: [UInt8]) -> DecodingFailure? {
        do throws(DecodingFailure) {
            _ = try SignedOperation(decoding: bytes)
            return nil
        } catch {
            return error
        }
    }

    private func encoded(_ command: Command) -> [UInt8] {
        SignedOperation(
            chain: World.chain, owner: World.ada, sequence: 1, command: command, key: TestKey.ada
        ).encoded
    }

    /// A command written by hand between a good head and a signature.
    private func handmade(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
        var writer = ByteWriter()
        writer.append(encoded(.owner(.revokeKey(PublicKey()))).prefix(head))
        write(&writer)
        writer.write(Signature())
        return writer.bytes
    }

    private var commands: [Command] { CommandSamples.all }

    @Test func everyCommandRoundTripsAndEveryTruncationIsRefused() throws {
        for command in commands {
            let bytes = encoded(command)
            #expect(try SignedOperation(decoding: bytes).command == command)
            #expect(try SignedOperation(decoding: bytes).encoded == bytes)
            for length in 0..<bytes.count {
                let found = failure(Array(bytes[..<length]))
                #expect(found?.reason == .truncated, "\(command), \(length) bytes")
            }
            #expect(failure(bytes + [0]) == DecodingFailure(.trailingBytes, at: bytes.count))
        }
    }

    @Test func unknownCommands() {
        let known: Set<UInt8> = [
            1, 2, 3, 4, 5, 6, 16, 17, 18, 19, 32, 33, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 64,
            80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99, 112,
            113, 128, 129, 130, 144, 160, 161, 162, 176, 177, 178, 179, 192, 193, 194, 208, 209,
            210, 211, 224,
        ]
        for tag in UInt8.min...UInt8.max where !known.contains(tag) {
            let bytes = handmade { $0.write(tag) }
            #expect(failure(bytes) == DecodingFailure(.outOfRange, at: head), "\(tag)")
        }
    }

    @Test func frame() {
        let bytes = encoded(.owner(.revokeKey(PublicKey())))
        for place in [0, 1] {
            #expect(failure(bytes.flipping(bit: 8 * place + 1))
                == DecodingFailure(.unknownVersion, at: 0))
        }
        let long = [UInt8](repeating: 1, count: SignedOperation.mostBytes + 1)
        #expect(failure(long) == DecodingFailure(.overLimit, at: 0))
    }

    @Test func fieldsOutOfTheirRanges() {
        let name = head + 1
        let table: [(String, DecodingFailure, (inout ByteWriter) -> Void)] = [
            ("rights 2", DecodingFailure(.outOfRange, at: name + 32), {
                $0.append([5] + PublicKey().bytes + [2])
            }),
            ("status 0", DecodingFailure(.outOfRange, at: name + 32), {
                $0.append([18] + AgentID().bytes + [0])
            }),
            ("status 5", DecodingFailure(.outOfRange, at: name + 32), {
                $0.append([18] + AgentID().bytes + [5])
            }),
            ("a name of 257 bytes", DecodingFailure(.overLimit, at: name), {
                $0.write(UInt8(1))
                $0.write(String(repeating: "a", count: 257))
            }),
            ("a name of 2^32 - 1 bytes", DecodingFailure(.overLimit, at: name), {
                $0.append([1, 0xFF, 0xFF, 0xFF, 0xFF])
            }),
            ("a name that is not UTF-8", DecodingFailure(.invalidText, at: name), {
                $0.append([1, 1, 0, 0, 0, 0xFF])
            }),
            ("a surrogate in a name", DecodingFailure(.invalidText, at: name), {
                $0.append([1, 3, 0, 0, 0, 0xED, 0xA0, 0x80])
            }),
            ("a version of 65 bytes", DecodingFailure(.overLimit, at: name + 32), {
                $0.append([17] + AgentID().bytes)
                $0.write(String(repeating: "1", count: 65))
            }),
            ("65 capabilities", DecodingFailure(.overLimit, at: name + 36), {
                $0.append([17] + AgentID().bytes + [0, 0, 0, 0, 65, 0])
            }),
            ("a capability of 257 bytes", DecodingFailure(.overLimit, at: name + 38), {
                $0.append([17] + AgentID().bytes + [0, 0, 0, 0, 1, 0])
                $0.write(String(repeating: "a", count: 257))
            }),
            ("no change of seats", DecodingFailure(.outOfRange, at: name), {
                $0.append([32, 0] + PublicKey().bytes)
            }),
            ("an unknown change of seats", DecodingFailure(.outOfRange, at: name), {
                $0.append([32, 4] + PublicKey().bytes)
            }),
            ("an address of 257 bytes", DecodingFailure(.overLimit, at: name), {
                $0.append([33])
                $0.write(String(repeating: "a", count: 257))
            }),
        ]
        for (fault, expected, write) in table {
            #expect(failure(handmade(write)) == expected, "\(fault)")
        }
    }

    /// What is accepted after one turned bit encodes to itself, and its signature no longer holds.
    @Test func turnedBits() throws {
        for command in commands {
            let bytes = encoded(command)
            for bit in 0..<bytes.count * 8 {
                let spoiled = bytes.flipping(bit: bit)
                guard let operation = try? SignedOperation(decoding: spoiled) else { continue }
                #expect(operation.encoded == spoiled, "\(command), bit \(bit)")
                guard bit % 16 == 0 else { continue }
                let isValid = Ed25519.isValid(
                    operation.signature, of: operation.signedBytes, by: operation.key)
                #expect(!isValid, "\(command), bit \(bit)")
            }
        }
    }
}
