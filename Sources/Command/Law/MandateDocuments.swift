// `althing mandate export` and `import`: mandates as documents of AP2, signed with ES256.
import Credentials
import Cryptography
import ECDSA
import JSON
import Ledger
import Platform
import Primitives

enum MandateDocuments {
    private static let sample = String(repeating: "3f", count: 32)
    private static let mostBytes = 64 << 10

    private static let id = Positional.identifier("The mandate's id.")
    private static let file = Positional("FILE", .file, "The document; - for the standard input.")
    private static let signingKey = Option(
        "signing-key", OptionValue("PEM", .file),
        "The private key of P-256 that signs, without passphrase."
    ).required
    private static let issuerKey = Option(
        "issuer-key", OptionValue("PEM", .file), "The public key of P-256 whose signature counts."
    ).required
    private static let holderKey = Option(
        "holder-key", OptionValue("PEM", .file),
        "The agent's key of P-256; without it the key that it has on the ledger.")
    private static let hide = Option(
        "hide", OptionValue("PART", .choice(MandatePart.allCases.map(\.rawValue))),
        "A part that is signed and not disclosed."
    ).repeatable
    private static let out = Option(
        "out", OptionValue("FILE", .file), "Where to write it; without it, it is printed.")
    private static let holder = Option.identifier("to", "The agent that gets the mandate.").required
    private static let parent = Option.identifier(
        "from", "The mandate of which it is passed on, by the agent of --as.")

    static let exportVerb = Verb(
        "export", "Writes a mandate as an open payment mandate of AP2", export
    )
    .discussed(
        "The document is an SD-JWT (RFC 9901) signed with ES256: scope, budget, payees, expiry and "
            + "purpose are disclosures of their own. The budget is what is left of it now; the "
            + "ledger does not learn what is spent elsewhere. Make a key with: "
            + "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out es256.pem"
    )
    .example("althing mandate export \(sample) --signing-key es256.pem --out mandate.sd-jwt")
    .example("althing mandate export \(sample) --signing-key es256.pem --hide payees")
    .taking(signingKey, holderKey, hide, out)
    .asking()
    .expecting(id)

    static let importVerb = Verb(
        "import", "Grants a mandate that a document of AP2 tells of", importDocument
    )
    .discussed(
        "The signature must be one of the issuer's key, and the document bound to the agent's. It "
            + "is refused where a part of it is not disclosed or has no like on the ledger, so "
            + "that no more is allowed here than there. A document is taken once."
    )
    .example(
        "althing mandate import mandate.sd-jwt --issuer-key es256.pub --to \(sample) "
            + "--key owner.key"
    )
    .taking(issuerKey, holderKey, holder, parent)
    .acting()
    .expecting(file)

    private static func pem(
        _ call: Invocation, _ option: Option
    ) throws(CommandFailure) -> [UInt8]? {
        guard let path = call.text(option) else { return nil }
        return try LocalFiles.read(path, limit: mostBytes)
    }

    private static func publicKey(
        _ call: Invocation, _ option: Option
    ) throws(CommandFailure) -> P256PublicKey? {
        guard let pem = try pem(call, option) else { return nil }
        guard let key = P256PublicKey(pem: pem) else {
            throw call.invalid(
                option.spelling, call.text(option) ?? "", expected: "PEM with a key of P-256")
        }
        return key
    }

    private static func chain(_ client: NodeClient) throws(CommandFailure) -> Digest {
        guard let chain = Digest(hex: try client.get("/v1/genesis").text("chain")) else {
            throw .failed("the answer of \(client.address) names no chain")
        }
        return chain
    }

    /// The key that an agent has on the ledger.
    private static func key(
        of agent: AgentID, _ client: NodeClient
    ) throws(CommandFailure) -> PublicKey? {
        let text = try client.get("/v1/agents/\(agent.hex)").text("key")
        return PublicKey(hex: text)
    }

    // MARK: export

    private static func export(_ call: Invocation) throws(CommandFailure) {
        let client = try call.client()
        let view = try client.get("/v1/mandates/\(try call.required(id))")
        guard let pem = try pem(call, signingKey), let key = P256SigningKey(pem: pem) else {
            throw call.invalid(
                signingKey.spelling, call.text(signingKey) ?? "",
                expected: "PEM with a private key of P-256, without passphrase")
        }
        let mandate = try self.mandate(view, call, client)
        let hidden = Set(call.texts(hide).compactMap(MandatePart.init(rawValue:)))
        let text: String
        do throws(MandateExportFailure) {
            text = try mandate.token(
                signedBy: key, hiding: hidden, at: SystemClock().now(),
                salt: { Array(SigningKey.generate().seed.prefix(16)) })
        } catch { throw .refused("not exported: \(error)") }
        guard let path = call.text(out) else { return call.console.print(text) }
        try LocalFiles.write(Array((text + "\n").utf8), to: path)
        call.console.print("wrote \(path)")
    }

    private static func mandate(
        _ view: JSONValue, _ call: Invocation, _ client: NodeClient
    ) throws(CommandFailure) -> MandateExport {
        guard let id = MandateID(hex: view.text("mandate")),
            let payer = OwnerID(hex: view.text("payer")),
            let agent = AgentID(hex: view.text("holder"))
        else { throw .failed("the answer of \(client.address) is no mandate") }
        let expires = view.optionalNumber("expires") ?? 0
        var terms = MandateTerms(holder: agent, expires: Instant(nanoseconds: expires))
        let scope = view.list("scope").compactMap(\.string)
        terms.scope = KindSet(ActionKind.allCases.filter { scope.contains("\($0)") })
        terms.budget = Amount(nanoCredits: view.amount("budget"))
        terms.payees = view.list("payees").compactMap(\.string).compactMap(AccountID.init(hex:))
        terms.purpose = Digest(hex: view.text("purpose")) ?? Digest()
        let holder: HolderKey
        if let key = try publicKey(call, holderKey) {
            holder = .p256(key)
        } else if let key = try key(of: agent, client) {
            holder = .ed25519(key)
        } else {
            throw .refused("the agent has no key on the ledger: name one with --holder-key")
        }
        var mandate = MandateExport(
            id, payer: payer, terms: terms, holder: holder, chain: try chain(client))
        mandate.spent = Amount(nanoCredits: view.amount("spent"))
        mandate.isRevoked = view.optionalNumber("revoked") != nil
        return mandate
    }

    // MARK: import

    private static func importDocument(_ call: Invocation) throws(CommandFailure) {
        let bytes = try LocalFiles.read(try call.required(file), limit: mostBytes + 1)
        guard let issuer = try publicKey(call, issuerKey) else {
            throw .usage(
                .missingOption(issuerKey.spelling, command: call.arguments.command))
        }
        let acting = try Acting(call)
        let client = acting.sender.client
        let found: MandateImport
        do throws(MandateImportFailure) {
            found = try MandateImport(
                parsing: bytes, signedBy: issuer, for: acting.sender.chain,
                at: SystemClock().now())
        } catch { throw .refused("not imported: \(error.name)") }
        let agent: AgentID = try call.needed(holder)
        try checkHolder(found.holder, agent, call, client)
        let terms = found.terms(for: agent)
        guard let above: MandateID = try call.identifier(parent) else {
            return try acting.give(.mandate(.issue(number: found.number, terms)), call)
        }
        let giver = try acting.agent(call)
        try acting.give(
            .mandate(.delegate(by: giver, parent: above, number: found.number, terms)), call)
    }

    /// The document must be bound to the key of the agent that gets the mandate.
    private static func checkHolder(
        _ holder: HolderKey, _ agent: AgentID, _ call: Invocation, _ client: NodeClient
    ) throws(CommandFailure) {
        let isBound: Bool
        switch holder {
        case .ed25519(let key): isBound = try self.key(of: agent, client) == key
        case .p256(let key): isBound = try publicKey(call, holderKey) == key
        }
        guard isBound else {
            throw .refused(
                "not imported: holderNotBound: the document is bound to another key than the "
                    + "agent's; one of P-256 is named with --holder-key")
        }
    }
}
