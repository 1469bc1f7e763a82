// Links: bytes of somebody who proves nothing, and records of a peer who holds the keys.
import Compression
import Cryptography
import Peers
import Primitives

extension DecoderCheck {
    static let peers = [
        DecoderCheck("link", mostBytes: 2048) { bytes throws(BrokenRule) in
            let (choice, rest) = bytes.choice
            switch LinkPlay.Kind(rawValue: choice) {
            case .toListener: return try LinkPlay.take(rest, .listener)
            case .toDialer: return try LinkPlay.take(rest, .dialer(expected: nil))
            case .records: return try LinkPlay.takeRecords(rest)
            case nil: return false
            }
        }
    ]
}

/// Links with keys that are always the same, and small limits.
enum LinkPlay {
    enum Kind: UInt8 {
        /// The rest is what a listener hears, from the first byte on.
        case toListener
        /// The rest is what a dialer hears.
        case toDialer
        /// Texts of records, each with its length in two bytes: the peer seals them.
        case records
    }

    static let mostBytes = 1 << 16

    static func link(_ side: LinkSide) -> Link? {
        var limits = LinkLimits()
        limits.urgentMessageBytes = mostBytes
        limits.bulkMessageBytes = mostBytes
        let number: UInt8 = side == .listener ? 1 : 2
        guard let exchange = ExchangeKey(secret: [UInt8](repeating: number, count: 32)),
            let ephemeral = ExchangeKey(secret: [UInt8](repeating: number + 4, count: 32)),
            let key = SigningKey(seed: [UInt8](repeating: number, count: 32)),
            let codec = try? ParcelCodec()
        else { return nil }
        let identity = LinkIdentity(chain: LedgerPlay.chain, key: key, exchange: exchange)
        return Link(side, identity: identity, ephemeral: ephemeral, (limits, codec), at: 0)
    }

    /// Accepted where the link is not closed by it.
    static func take(_ bytes: [UInt8], _ side: LinkSide) throws(BrokenRule) -> Bool {
        guard var link = link(side) else { return false }
        var events: [LinkEvent] = []
        link.receive(bytes, at: 0, into: &events)
        try check(link, events)
        try require(!link.isEstablished, "nobody is let in without a key")
        // The same bytes one by one say the same.
        guard var other = Self.link(side) else { return false }
        var others: [LinkEvent] = []
        for byte in bytes { other.receive([byte], at: 0, into: &others) }
        try require(events == others, "it does not matter how bytes are cut")
        return link.fault == nil && bytes.count > 48
    }

    /// Accepted where a message comes out.
    static func takeRecords(_ bytes: [UInt8]) throws(BrokenRule) -> Bool {
        guard let (dialer, fresh) = established(), var cipher = dialer.sending else {
            return false
        }
        var listener = fresh
        var events: [LinkEvent] = []
        var reader = ByteReader(bytes)
        while let count = try? reader.read(UInt16.self), let text = try? reader.read(
            count: Int(count))
        {
            let sealed = try must("a record is sealed") { () throws(NoiseFailure) in
                try cipher.sealed(text, context: [])
            }
            var writer = ByteWriter()
            writer.write(UInt16(truncatingIfNeeded: sealed.count))
            writer.append(sealed)
            listener.receive(writer.bytes, at: 0, into: &events)
        }
        try check(listener, events)
        return events.contains { if case .message = $0 { true } else { false } }
    }

    private static func established() -> (Link, Link)? {
        guard var dialer = link(.dialer(expected: nil)), var listener = link(.listener) else {
            return nil
        }
        var events: [LinkEvent] = []
        while dialer.hasOutput || listener.hasOutput {
            var (forth, back): ([UInt8], [UInt8]) = ([], [])
            dialer.takeOutput(into: &forth, limit: .max, at: 0)
            listener.receive(forth, at: 0, into: &events)
            listener.takeOutput(into: &back, limit: .max, at: 0)
            dialer.receive(back, at: 0, into: &events)
        }
        return dialer.isEstablished && listener.isEstablished ? (dialer, listener) : nil
    }

    private static func check(_ link: Link, _ events: [LinkEvent]) throws(BrokenRule) {
        var fault: LinkFault?
        for event in events {
            try require(fault == nil, "a closed link says nothing")
            switch event {
            case .closed(let reason): fault = reason
            case .message(let message, _):
                try require((1...mostBytes).contains(message.count), "messages have a limit")
            case .established: break
            }
        }
        try require(fault == link.fault, "a link tells its fault")
    }
}

extension Sample {
    /// What a dialer says first, and messages in records of every sort.
    static func peerSamples() throws -> [Sample] {
        var opening: [UInt8] = []
        var dialer = LinkPlay.link(.dialer(expected: nil))
        dialer?.takeOutput(into: &opening, limit: .max, at: 0)
        let packed = try Zstd.compress([UInt8](repeating: 7, count: 3_000), level: 1)
        return [
            Sample("link", "opening", [LinkPlay.Kind.toListener.rawValue] + opening),
            Sample("link", "preamble", [LinkPlay.Kind.toDialer.rawValue] + opening.prefix(49)),
            records("urgent", [start(2, 3, 3) + [1, 2, 3]]),
            records("ping", [[0, 1, 0, 0, 0, 0, 0, 0, 0], start(3, 1, 1) + [9]]),
            records("zstd", [start(3, 3_000, packed.count) + packed]),
        ]
    }

    private static func records(_ name: String, _ texts: [[UInt8]]) -> Sample {
        var writer = ByteWriter()
        writer.write(LinkPlay.Kind.records.rawValue)
        for text in texts {
            writer.write(UInt16(text.count))
            writer.append(text)
        }
        return Sample("link", name, writer.bytes)
    }

    private static func start(_ kind: UInt8, _ message: Int, _ travelling: Int) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(kind)
        writer.write(UInt32(message))
        writer.write(UInt32(travelling))
        return writer.bytes
    }
}
