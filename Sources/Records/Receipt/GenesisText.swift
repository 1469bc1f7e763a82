// The genesis as JSON, both ways (docs/spec/receipt.md §2).
import JSON
import Primitives

extension JSONWriter {
    /// The members of a genesis: `settings` only where they are not the standard ones.
    public mutating func writeMembers(of genesis: Genesis) {
        member("name", genesis.name)
        member("created", quoted: genesis.created.nanoseconds)
        member("validators", hexList: genesis.committee.validators)
        if genesis.settings != .standard { member("settings", genesis.settings) }
    }

    /// An object with every setting; `knownRounds` only where there is such a number, those of
    /// agents only where they are not the standard ones.
    public mutating func member(_ name: String, _ settings: ChainSettings) {
        key(name)
        object { object in
            object.member("leaders", quoted: UInt64(settings.leaders))
            if let rounds = settings.knownRounds { object.member("knownRounds", quoted: rounds) }
            object.member("depth", quoted: settings.depth)
            object.member("interval", quoted: settings.interval)
            object.member("idleInterval", quoted: settings.idleInterval)
            object.member("epoch", quoted: settings.epoch)
            guard !settings.hasStandardAgents else { return }
            object.member("evidence", quoted: UInt64(settings.evidence.rawValue))
            object.member("transitionGas", quoted: settings.transitionGas)
        }
    }
}

extension Genesis {
    /// Reads the members that `JSONWriter.writeMembers` writes, among others.
    ///
    /// - Throws: a refusal of the part `format`.
    public init(json node: JSONNode) throws(ReceiptRefusal) {
        try self.init(StrictObject(open: node, "genesis", Self.members))
    }

    static let members = ["name", "created", "validators"]

    init(_ object: StrictObject) throws(ReceiptRefusal) {
        let keys: [PublicKey] = try object.list("validators", 1...Limits.validatorsPerCommittee)
        guard let committee = Committee(keys),
            let genesis = Genesis(
                name: try object.text("name"),
                created: Instant(nanoseconds: try object.quoted("created")),
                committee: committee, settings: try ChainSettings(of: object))
        else { throw ReceiptRefusal(.format, "genesis is out of its ranges") }
        self = genesis
    }
}

extension ChainSettings {
    /// Reads the member `settings` of a genesis; the standard ones where there is none.
    fileprivate init(of genesis: StrictObject) throws(ReceiptRefusal) {
        self.init()
        guard genesis.has("settings") else { return }
        let object = try genesis.object(
            "settings", ["leaders", "depth", "interval", "idleInterval", "epoch"],
            optional: ["knownRounds", "evidence", "transitionGas"])
        leaders = try object.quoted("leaders")
        if object.has("knownRounds") { knownRounds = try object.quoted("knownRounds") }
        depth = try object.quoted("depth")
        interval = try object.quoted("interval")
        idleInterval = try object.quoted("idleInterval")
        epoch = try object.quoted("epoch")
        if object.has("evidence") || object.has("transitionGas") {
            evidence = AcceptedEvidence(rawValue: try object.quoted("evidence"))
            transitionGas = try object.quoted("transitionGas")
            guard !hasStandardAgents else {
                throw ReceiptRefusal(.format, "the standard settings of agents are left out")
            }
        }
        guard isValid else { throw ReceiptRefusal(.format, "settings are out of their ranges") }
        guard self != .standard else {
            throw ReceiptRefusal(.format, "the standard settings are left out")
        }
    }
}
