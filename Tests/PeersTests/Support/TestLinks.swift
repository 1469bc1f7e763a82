// Identities from seeds, and two links with a wire between them that cuts bytes anywhere.
import Cryptography
import Primitives
import Testing

@testable import Peers

enum TestPeer {
    static let chain = Digest([UInt8](repeating: 0xC1, count: 32)) ?? Digest()

    static func signing(_ number: UInt8) throws -> SigningKey {
        try #require(SigningKey(seed: [UInt8](repeating: number, count: 32)))
    }

    static func exchange(_ number: UInt8) throws -> ExchangeKey {
        try #require(ExchangeKey(secret: [UInt8](repeating: number, count: 32)))
    }

    static func identity(_ number: UInt8, chain: Digest = chain) throws -> LinkIdentity {
        LinkIdentity(
            chain: chain, key: try signing(number), exchange: try exchange(number))
    }

    static func key(_ number: UInt8) -> PublicKey {
        (try? signing(number).publicKey) ?? PublicKey()
    }
}

/// One end of a wire: a link, what it said, and what it has sent.
struct WireEnd {
    var link: Link
    var events: [LinkEvent] = []

    init(
        _ side: LinkSide, _ number: UInt8, limits: LinkLimits = LinkLimits(), at now: UInt64 = 0,
        chain: Digest = TestPeer.chain
    ) throws {
        link = Link(
            side, identity: try TestPeer.identity(number, chain: chain),
            ephemeral: try TestPeer.exchange(number + 100), (limits, try ParcelCodec()), at: now)
    }

    var messages: [[UInt8]] {
        events.compactMap { if case .message(let bytes, _) = $0 { bytes } else { nil } }
    }

    func messages(_ wanted: LinkPriority) -> [[UInt8]] {
        events.compactMap {
            if case .message(let bytes, let priority) = $0, priority == wanted {
                bytes
            } else {
                nil
            }
        }
    }

    mutating func takeOutput(limit: Int = .max, at now: UInt64 = 0) -> [UInt8] {
        var output: [UInt8] = []
        link.takeOutput(into: &output, limit: limit, at: now)
        return output
    }

    mutating func receive(_ bytes: [UInt8], at now: UInt64 = 0) {
        link.receive(bytes, at: now, into: &events)
    }

    mutating func tick(_ now: UInt64) { link.tick(at: now, into: &events) }
}

/// A dialer and a listener.
struct Wire {
    var dialer: WireEnd
    var listener: WireEnd
    /// Bytes that have left each end so far.
    private(set) var sent: (dialer: Int, listener: Int) = (0, 0)
    /// Flips a bit of this byte of the dialer's or listener's.
    var flip: (isDialers: Bool, byte: Int, bit: UInt8)?

    init(limits: LinkLimits = LinkLimits()) throws {
        dialer = try WireEnd(.dialer(expected: TestPeer.key(2)), 1, limits: limits)
        listener = try WireEnd(.listener, 2, limits: limits)
    }

    /// An established pair that has nothing to say.
    static func established(limits: LinkLimits = LinkLimits()) throws -> Wire {
        var wire = try Wire(limits: limits)
        wire.run()
        try #require(wire.dialer.link.isEstablished && wire.listener.link.isEstablished)
        return wire
    }

    /// Carries bytes both ways until nobody has any.
    mutating func run(at now: UInt64 = 0) {
        var chance = SeededGenerator(seed: 0)
        run(cutting: &chance, most: .max, at: now)
    }

    /// As `run`, with pieces of 1 to `most` bytes.
    mutating func run(cutting chance: inout SeededGenerator, most: Int, at now: UInt64 = 0) {
        while dialer.link.hasOutput || listener.link.hasOutput {
            let limit = most == .max ? Int.max : Int.random(in: 1...most, using: &chance)
            let forth = spoiled(dialer.takeOutput(limit: limit, at: now), isDialers: true)
            let back = spoiled(listener.takeOutput(limit: limit, at: now), isDialers: false)
            for piece in Self.cut(forth, most, &chance) { listener.receive(piece, at: now) }
            for piece in Self.cut(back, most, &chance) { dialer.receive(piece, at: now) }
        }
    }

    private mutating func spoiled(_ bytes: [UInt8], isDialers: Bool) -> [UInt8] {
        let start = isDialers ? sent.dialer : sent.listener
        if isDialers { sent.dialer += bytes.count } else { sent.listener += bytes.count }
        guard let flip, flip.isDialers == isDialers else { return bytes }
        guard bytes.indices.contains(flip.byte - start) else { return bytes }
        var copy = bytes
        copy[flip.byte - start] ^= 1 << flip.bit
        return copy
    }

    private static func cut(
        _ bytes: [UInt8], _ most: Int, _ chance: inout SeededGenerator
    ) -> [[UInt8]] {
        if most == .max { return bytes.isEmpty ? [] : [bytes] }
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Int.random(in: 1...most, using: &chance)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
