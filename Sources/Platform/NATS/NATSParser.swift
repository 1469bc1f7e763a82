// What a NATS server says, out of its bytes (docs.nats.io, client protocol).

/// One thing a server said.
public enum NATSEvent: Hashable, Sendable {
    /// The JSON of INFO.
    case info([UInt8])
    /// A message to subscription `sid`; `status` is that of its headers, nil without one.
    case message(subject: String, sid: String, status: Int?, payload: [UInt8])
    case ping
    case pong
    case ok
    /// The text of -ERR.
    case error(String)
}

/// Why what came is not of the protocol.
public enum NATSFault: Error, Hashable, Sendable {
    case lineTooLong
    case payloadTooLong(bytes: Int)
    case malformedLine
    /// The payload does not end where it should.
    case unterminated
}

/// Bytes in, events out.
public struct NATSParser: Sendable {
    /// Bytes of a line, INFO's too, and of a payload with its headers.
    public static let mostLineBytes = 32_768
    public static let mostPayloadBytes = 4 << 20

    private var bytes: [UInt8] = []
    private var start = 0

    public init() {}

    public mutating func feed(_ more: some Collection<UInt8>) {
        if start > 0 {
            bytes.removeFirst(start)
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// The next event; nil where more must come first.
    public mutating func next() throws(NATSFault) -> NATSEvent? {
        guard let end = bytes[start...].firstIndex(of: 0x0A) else {
            guard bytes.count - start <= Self.mostLineBytes else { throw .lineTooLong }
            return nil
        }
        guard end - start <= Self.mostLineBytes else { throw .lineTooLong }
        guard end > start, bytes[end - 1] == 0x0D else { throw .malformedLine }
        let line = bytes[start..<end - 1]
        guard let text = String(validating: line, as: UTF8.self) else { throw .malformedLine }
        let words = text.split { $0 == " " || $0 == "\t" }.map(String.init)
        switch words.first?.uppercased() {
        case "PING": return take(.ping, to: end + 1)
        case "PONG": return take(.pong, to: end + 1)
        case "+OK": return take(.ok, to: end + 1)
        case "-ERR": return take(.error(String(text.dropFirst(4))), to: end + 1)
        case "INFO": return take(.info(Array(line.dropFirst(4))), to: end + 1)
        case "MSG": return try message(words, after: end + 1, hasHeaders: false)
        case "HMSG": return try message(words, after: end + 1, hasHeaders: true)
        default: throw .malformedLine
        }
    }

    private mutating func take(_ event: NATSEvent, to end: Int) -> NATSEvent {
        start = end
        return event
    }

    /// `MSG subject sid [reply] bytes`, `HMSG subject sid [reply] header-bytes bytes`.
    private mutating func message(
        _ words: [String], after place: Int, hasHeaders: Bool
    ) throws(NATSFault) -> NATSEvent? {
        let least = hasHeaders ? 5 : 4
        guard (least...least + 1).contains(words.count),
            let total = Self.number(words[words.count - 1]),
            let head = hasHeaders ? Self.number(words[words.count - 2]) : 0, head <= total
        else { throw .malformedLine }
        guard total <= Self.mostPayloadBytes else { throw .payloadTooLong(bytes: total) }
        guard bytes.count - place >= total + 2 else { return nil }
        guard bytes[place + total] == 0x0D, bytes[place + total + 1] == 0x0A else {
            throw .unterminated
        }
        let payload = Array(bytes[place + head..<place + total])
        let status = Self.status(bytes[place..<place + head])
        return take(
            .message(subject: words[1], sid: words[2], status: status, payload: payload),
            to: place + total + 2)
    }

    /// The number after `NATS/1.0` in the first line of headers.
    private static func status(_ headers: ArraySlice<UInt8>) -> Int? {
        let line = String(decoding: headers.prefix { $0 != 0x0D }, as: UTF8.self)
        let words = line.split(separator: " ")
        return words.count > 1 && words[0] == "NATS/1.0" ? Int(words[1]) : nil
    }

    private static func number(_ text: String) -> Int? {
        guard text.utf8.count <= 9, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Int(text)
    }
}
