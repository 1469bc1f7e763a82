// Votes for a change of seats, signed by a validator and put in order by all of them.
import Cryptography
import Ledger
import Primitives

enum SeatProposal {
    private static let kind = OptionValue("KEY", .text)
    static let add = Option("add", kind, "A key that gets a seat; with --address and --proof.")
    static let remove = Option("remove", kind, "A key that loses its seat.")
    static let replace = Option(
        "replace", kind, "A key whose seat goes to another; with --by, --address and --proof.")
    static let by = Option("by", kind, "The key that takes the seat.")
    static let address = Option(
        "address", OptionValue("HOST:PORT", .address), "Where the validator is reached.")
    static let proof = Option(
        "proof", OptionValue("HEX", .hex(bytes: Signature.width)),
        "What the newcomer's althing validator prove printed.")

    /// `althing validator propose`
    static func send(_ call: Invocation) throws(CommandFailure) {
        try call.exclude(add, remove)
        try call.exclude(add, replace)
        try call.exclude(remove, replace)
        let change = try change(call)
        var signature = Signature()
        if change.newcomer != nil {
            guard let given = Signature(hex: try call.required(proof)) else {
                throw call.invalid(proof.spelling, "", expected: "a signature")
            }
            signature = given
        }
        try send(.vote(change, proof: signature), call)
    }

    /// `althing validator address`
    static func setAddress(_ call: Invocation) throws(CommandFailure) {
        try send(.setAddress(try call.required(address)), call)
    }

    private static func change(_ call: Invocation) throws(CommandFailure) -> SeatChange {
        if call.has(add) {
            return .add(try key(call, add), address: try call.required(address))
        }
        if call.has(remove) { return .remove(try key(call, remove)) }
        return .replace(
            try key(call, replace), by: try key(call, by), address: try call.required(address))
    }

    private static func key(
        _ call: Invocation, _ option: Option
    ) throws(CommandFailure) -> PublicKey {
        let text = try call.required(option)
        guard let key = PeerList.key(text) else {
            throw call.invalid(
                option.spelling, text, expected: "a public key in hexadecimal or as did:key")
        }
        return key
    }

    private static func send(
        _ command: ValidatorCommand, _ call: Invocation
    ) throws(CommandFailure) {
        let key = try ValidatorKeys.open(call)
        let sender = try OperationSender(client: try call.client(), key: key)
        let answer = try sender.send(
            .validator(command), owner: OwnerID(firstKey: key.publicKey))
        let effects = answer.list("effects").map { $0.text("kind") }
        OperationReport(
            answer: answer,
            id: ("outcome", effects.contains("seatChangeAdopted")
                ? "adopted: it is made when the epoch ends" : "voted")
        ).print(call)
    }
}
