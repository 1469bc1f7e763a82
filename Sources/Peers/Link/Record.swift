// The unit of encryption: what the first bytes of a record say.
import Cryptography
import Primitives

/// The head of a record's plain text; the piece of a message follows it to the end.
enum Record: Hashable {
    /// Asks for a `pong` with the same number.
    case ping(UInt64)
    case pong(UInt64)
    /// A message begins: its bytes, and how many of them travel; fewer where compressed.
    case start(LinkPriority, messageBytes: Int, travellingBytes: Int)
    /// The message under way goes on.
    case more(LinkPriority)

    /// Bytes of the length before each record: of all that follows, the tag included.
    static let lengthBytes = 2
    /// Bytes of a record's plain text, at most, so that a record is at most 65,535 bytes.
    static let mostTextBytes = 65_535 - SealingKey.tagBytes
    /// Bytes of the longest head.
    static let mostHeadBytes = 9

    private enum Kind: UInt8 {
        case ping, pong, startUrgent, startBulk, moreUrgent, moreBulk
    }

    var head: [UInt8] {
        var writer = ByteWriter(capacity: Self.mostHeadBytes)
        switch self {
        case .ping(let number):
            writer.write(Kind.ping.rawValue)
            writer.write(number)
        case .pong(let number):
            writer.write(Kind.pong.rawValue)
            writer.write(number)
        case .start(let priority, let message, let travelling):
            writer.write((priority == .urgent ? Kind.startUrgent : .startBulk).rawValue)
            writer.write(UInt32(message))
            writer.write(UInt32(travelling))
        case .more(let priority):
            writer.write((priority == .urgent ? Kind.moreUrgent : .moreBulk).rawValue)
        }
        return writer.bytes
    }

    /// Reads the head; returns it and its size. Nil where there is none.
    static func read(_ text: UnsafeRawBufferPointer) -> (record: Record, headBytes: Int)? {
        var reader = ByteReader(Array(text.prefix(mostHeadBytes)))
        guard let record = try? read(&reader) else { return nil }
        return (record, reader.offset)
    }

    private static func read(_ reader: inout ByteReader) throws(DecodingFailure) -> Record {
        switch Kind(rawValue: try reader.read()) {
        case .ping: return .ping(try reader.read())
        case .pong: return .pong(try reader.read())
        case .startUrgent: return try start(.urgent, &reader)
        case .startBulk: return try start(.bulk, &reader)
        case .moreUrgent: return .more(.urgent)
        case .moreBulk: return .more(.bulk)
        case nil: throw DecodingFailure(.outOfRange, at: 0)
        }
    }

    private static func start(
        _ priority: LinkPriority, _ reader: inout ByteReader
    ) throws(DecodingFailure) -> Record {
        let message = try reader.read(UInt32.self)
        let travelling = try reader.read(UInt32.self)
        guard travelling >= 1, travelling <= message else {
            throw DecodingFailure(.outOfRange, at: reader.offset)
        }
        return .start(priority, messageBytes: Int(message), travellingBytes: Int(travelling))
    }
}
