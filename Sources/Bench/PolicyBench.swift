// `bench policy`: how long the law looks at one action of an agent with a full constitution.
import Cryptography
import Ledger
import Platform
import Primitives
import Records

enum PolicyBench {
    /// Checks of one measurement.
    private static let checks = 200_000
    private static let time = Instant(nanoseconds: 1_800_000_000 * Nanoseconds.perSecond)

    static func run(_ context: BenchContext) throws -> [Metric] {
        let court = try Court(at: time)
        var (plain, mandated): ([Double], [Double]) = ([], [])
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            plain.append(try measure(court, court.transfer(under: MandateID())))
            mandated.append(try measure(court, court.transfer(under: court.mandate)))
        }
        return [
            Metric("check_ns", unit: "ns", samples: plain),
            Metric("check_under_mandate_ns", unit: "ns", samples: mandated),
        ]
    }

    private static func measure(_ court: Court, _ command: LawCommand) throws -> Double {
        let clock = SystemClock()
        var allowed = 0
        let begun = clock.monotonicNanoseconds()
        for number in 0..<checks {
            let now = time.advanced(byNanoseconds: UInt64(number))
            let verdict = try court.state.policy(
                for: command, owner: court.owner, key: court.key, at: now)
            if verdict == .allowed { allowed += 1 }
        }
        let passed = clock.monotonicNanoseconds() - begun
        guard allowed == checks else { throw BenchFailure.failed("\(allowed) were allowed") }
        return Double(passed) / Double(checks)
    }
}

/// A ledger with an agent whose constitution says something about everything: 64 counterparties of
/// which the last is paid, two guardians, kinds and values that wait, a watch, a ruling over
/// another kind, and a mandate that was passed on once.
private struct Court {
    private(set) var state: LedgerState
    private let signer: SigningKey
    private let chain: Digest
    let owner: OwnerID
    let key: PublicKey
    private(set) var mandate = MandateID()
    private let agent: AgentID
    private let payee: AccountID
    private var sequence: UInt64 = 0

    init(at time: Instant) throws {
        guard let signer = SigningKey(seed: [UInt8](repeating: 7, count: 32)),
            let committee = Committee([signer.publicKey]),
            let genesis = Genesis(name: "bench", created: time, committee: committee)
        else { throw BenchFailure.failed("no chain") }
        self.signer = signer
        key = signer.publicKey
        chain = genesis.digest
        owner = OwnerID(firstKey: signer.publicKey)
        state = LedgerState(genesis: genesis)
        agent = AgentID(owner: owner, name: "agent")
        payee = .fees
        try found(at: time)
    }

    func transfer(under mandate: MandateID) -> LawCommand {
        .transfer(
            Transfer(
                from: AccountID(agent), to: payee, amount: Amount(nanoCredits: 5),
                mandate: mandate))
    }

    private mutating func give(_ command: Command, at time: Instant) throws {
        sequence += 1
        let operation = SignedOperation(
            chain: chain, owner: owner, sequence: sequence, command: command, key: signer)
        _ = try Ledger.apply(operation, at: time, to: &state)
    }

    private mutating func found(at time: Instant) throws {
        try give(.owner(.register(name: "owner")), at: time)
        for name in ["agent", "head"] {
            try give(.agent(.register(name: name, profile: AgentProfile())), at: time)
        }
        try give(.law(.enact(constitution())), at: time)
        let expires = time.advanced(byNanoseconds: Nanoseconds.perDay)
        var law = Constitution(agent: AgentID(owner: owner, name: "head"), version: 1)
        law.allowed = .all
        law.limits = .none
        try give(.law(.enact(law)), at: time)
        try give(.law(.rule(agent, .bid, .deny, expires: expires)), at: time)
        let head = AgentID(owner: owner, name: "head")
        var terms = MandateTerms(holder: head, expires: expires)
        terms.scope = KindSet([.transfer])
        terms.budget = Amount(nanoCredits: 1_000_000)
        try give(.law(.mandate(.issue(number: 1, terms))), at: time)
        terms.holder = agent
        terms.payees = [payee]
        let parent = MandateID(of: AccountID(owner), number: 1)
        try give(
            .law(.mandate(.delegate(by: head, parent: parent, number: 1, terms))), at: time)
        mandate = MandateID(of: AccountID(head), number: 1)
        for _ in 0..<30 {
            try give(
                .law(
                    .transfer(
                        Transfer(
                            from: AccountID(owner), to: AccountID(agent),
                            amount: Amount(nanoCredits: 100)))), at: time)
            try give(.law(transfer(under: MandateID())), at: time)
        }
    }

    private func constitution() -> Constitution {
        var law = Constitution(agent: agent, version: 1)
        law.allowed = .all
        law.limits = .none
        law.limits.valuePerAction = Amount(nanoCredits: 1_000)
        let others = (0..<63).compactMap { AccountID([UInt8](repeating: UInt8($0), count: 32)) }
        law.counterparties = (others + [payee]).sorted()
        law.guardians = [owner]
        law.approvals.kinds = KindSet([.stake])
        law.approvals.above = Amount(nanoCredits: 500)
        law.approvals.threshold = 1
        law.watch.isOn = true
        return law
    }
}
