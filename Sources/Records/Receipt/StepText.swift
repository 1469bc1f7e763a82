// Checkpoint headers, certificates and epoch steps as JSON, both ways (docs/spec/receipt.md §2).
import JSON
import Primitives

extension CheckpointHeader {
    /// The members that every header has.
    static let members = [
        "epoch", "height", "previous", "time", "items", "itemsRoot", "records", "stateRoot",
        "committee",
    ]

    /// Reads `members`, and `next` where it is there.
    init(
        _ object: StrictObject, chain: Digest, leastItems: Int
    ) throws(ReceiptRefusal) {
        self.init()
        self.chain = chain
        epoch = try object.quoted("epoch")
        height = try object.quoted("height")
        previous = try object.bytes("previous")
        time = Instant(nanoseconds: try object.quoted("time"))
        items = UInt32(try object.number("items", leastItems...Limits.itemsPerCheckpoint))
        itemsRoot = try object.bytes("itemsRoot")
        records = try object.quoted("records")
        stateRoot = try object.bytes("stateRoot")
        committee = try object.bytes("committee")
        guard object.has("next") else { return }
        let named: Digest = try object.bytes("next")
        guard !named.isZero else { throw ReceiptRefusal(.format, "checkpoint.next is zero") }
        next = named
    }
}

extension CheckpointSignature {
    /// The member `certificate`: in ascending order of validator, none twice.
    static func list(_ object: StrictObject) throws(ReceiptRefusal) -> [CheckpointSignature] {
        var certificate: [CheckpointSignature] = []
        for node in try object.nodes("certificate", 1...Limits.validatorsPerCommittee) {
            let entry = try StrictObject(node, "certificate", ["validator", "signature"])
            let validator = UInt16(
                try entry.number("validator", 0...Limits.validatorsPerCommittee - 1))
            if let last = certificate.last, last.validator >= validator {
                throw ReceiptRefusal(.format, "certificate is not in ascending order")
            }
            certificate.append(
                CheckpointSignature(validator: validator, signature: try entry.bytes("signature")))
        }
        return certificate
    }
}

extension Checkpoint {
    /// Reads the members of a header and `certificate` from an object that may have others too.
    ///
    /// - Parameter chain: digest of the genesis, which the text leaves out.
    /// - Throws: a refusal of the part `format`.
    public init(json node: JSONNode, chain: Digest) throws(ReceiptRefusal) {
        let object = try StrictObject(
            open: node, "checkpoint", CheckpointHeader.members + ["certificate"])
        self.init(
            header: try CheckpointHeader(object, chain: chain, leastItems: 0),
            certificate: try CheckpointSignature.list(object))
    }
}

extension EpochStep {
    /// Reads a step with exactly the members that docs/spec/receipt.md §2 names.
    ///
    /// - Parameter chain: digest of the genesis, which the text leaves out.
    /// - Throws: a refusal of the part `format`.
    public init(json node: JSONNode, chain: Digest) throws(ReceiptRefusal) {
        let object = try StrictObject(node, "steps", ["checkpoint", "certificate", "validators"])
        let header = try CheckpointHeader(
            object.object("checkpoint", CheckpointHeader.members + ["next"]), chain: chain,
            leastItems: 0)
        let keys: [PublicKey] = try object.list("validators", 1...Limits.validatorsPerCommittee)
        guard let committee = Committee(keys) else {
            throw ReceiptRefusal(.format, "steps.validators has a key twice")
        }
        let certificate = try CheckpointSignature.list(object)
        self.init(
            checkpoint: Checkpoint(header: header, certificate: certificate), committee: committee)
    }
}

extension JSONWriter {
    /// The object of one step.
    public mutating func write(_ step: EpochStep) {
        object { object in
            object.key("checkpoint")
            object.object { $0.writeMembers(of: step.checkpoint.header) }
            object.member("certificate", step.checkpoint.certificate)
            object.member("validators", hexList: step.committee.validators)
        }
    }

    /// The members of a header; `next` only where it has one.
    public mutating func writeMembers(of header: CheckpointHeader) {
        member("epoch", quoted: header.epoch)
        member("height", quoted: header.height)
        member("previous", header.previous.hex)
        member("time", quoted: header.time.nanoseconds)
        member("items", header.items)
        member("itemsRoot", header.itemsRoot.hex)
        member("records", quoted: header.records)
        member("stateRoot", header.stateRoot.hex)
        member("committee", header.committee.hex)
        if let next = header.next { member("next", next.hex) }
    }

    /// An array of signatures.
    public mutating func member(_ name: String, _ certificate: [CheckpointSignature]) {
        key(name)
        array { array in
            for entry in certificate {
                array.object { object in
                    object.member("validator", entry.validator)
                    object.member("signature", entry.signature.hex)
                }
            }
        }
    }
}
