// What a chain starts from: name, first validators and settings (docs/spec/record.md §6).
import Cryptography
import Primitives

/// What a chain starts from; its digest is the chain's name.
public struct Genesis: Hashable, Sendable {
    /// Of a genesis with the standard settings, which its encoding leaves out.
    public static let version: UInt16 = 1
    /// Of a genesis with other settings.
    public static let settingsVersion: UInt16 = 2
    /// Bytes of a chain's name, UTF-8.
    public static let nameBytes = 1...64

    public let name: String
    public let created: Instant
    public let committee: Committee
    public let settings: ChainSettings

    /// Nil where the name has a length out of `nameBytes` or holds a control character, or a
    /// setting is out of its range.
    public init?(
        name: String, created: Instant, committee: Committee,
        settings: ChainSettings = .standard
    ) {
        guard Self.nameBytes.contains(name.utf8.count), name.utf8.allSatisfy({ $0 >= 0x20 }),
            settings.isValid
        else { return nil }
        self.name = name
        self.created = created
        self.committee = committee
        self.settings = settings
    }

    public var encoded: [UInt8] {
        let isStandard = settings == .standard
        var writer = ByteWriter()
        writer.write(isStandard ? Self.version : Self.settingsVersion)
        writer.write(name)
        writer.write(created)
        committee.write(to: &writer)
        if !isStandard { settings.write(to: &writer) }
        return writer.bytes
    }

    /// - Throws: also where version 2 states the standard settings: each genesis has one encoding.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let version = try reader.read(UInt16.self)
        guard version == Self.version || version == Self.settingsVersion else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        let name = try reader.readText(limit: Self.nameBytes.upperBound)
        let created = try reader.readInstant()
        let count = Int(try reader.read(UInt16.self))
        let keys: [PublicKey] = try reader.readList(count: count)
        var settings = ChainSettings.standard
        if version == Self.settingsVersion {
            let start = reader.offset
            settings = try ChainSettings(from: &reader)
            guard settings != .standard else { throw DecodingFailure(.notCanonical, at: start) }
        }
        try reader.finish()
        guard let committee = Committee(keys),
            let genesis = Genesis(
                name: name, created: created, committee: committee, settings: settings)
        else { throw DecodingFailure(.outOfRange, at: 2) }
        self = genesis
    }

    /// The chain's name everywhere.
    public var digest: Digest { Domains.genesis.hash(encoded) }
}
