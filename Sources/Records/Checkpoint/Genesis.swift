// What a chain starts from: name, first validators and settings (docs/spec/record.md §6).
import Cryptography
import Primitives

/// What a chain starts from; its digest is the chain's name.
public struct Genesis: Hashable, Sendable {
    /// Of a genesis with the standard settings, which its encoding leaves out.
    public static let version: UInt16 = 1
    /// Of a genesis with other settings of consensus.
    public static let settingsVersion: UInt16 = 2
    /// Of a genesis with other settings of agents.
    public static let agentsVersion: UInt16 = 3
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
        let version = leastVersion
        var writer = ByteWriter()
        writer.write(version)
        writer.write(name)
        writer.write(created)
        committee.write(to: &writer)
        if version >= Self.settingsVersion { settings.write(to: &writer) }
        if version >= Self.agentsVersion { settings.writeAgents(to: &writer) }
        return writer.bytes
    }

    /// The lowest version that can state these settings, which is the only one that may.
    private var leastVersion: UInt16 {
        if settings == .standard { return Self.version }
        return settings.hasStandardAgents ? Self.settingsVersion : Self.agentsVersion
    }

    /// - Throws: also where a lower version could state these settings: each genesis has one
    ///   encoding.
    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        let version = try reader.read(UInt16.self)
        guard (Self.version...Self.agentsVersion).contains(version) else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        let name = try reader.readText(limit: Self.nameBytes.upperBound)
        let created = try reader.readInstant()
        let count = Int(try reader.read(UInt16.self))
        let keys: [PublicKey] = try reader.readList(count: count)
        var settings = ChainSettings.standard
        let start = reader.offset
        if version >= Self.settingsVersion {
            settings = try ChainSettings(
                from: &reader, hasAgents: version == Self.agentsVersion)
        }
        try reader.finish()
        guard let committee = Committee(keys),
            let genesis = Genesis(
                name: name, created: created, committee: committee, settings: settings)
        else { throw DecodingFailure(.outOfRange, at: 2) }
        guard genesis.leastVersion == version else {
            throw DecodingFailure(.notCanonical, at: start)
        }
        self = genesis
    }

    /// The chain's name everywhere.
    public var digest: Digest { Domains.genesis.hash(encoded) }
}
