// The roles chapter: what each role may do of every command there is, who gives roles, and what a
// role does to the key that has it.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Ledger

@Suite struct RolesTests {
    /// Has a role in these tests, and nothing else.
    private let member = TestKey.stranger
    private var memberKey: PublicKey { member.publicKey }

    private func stage(
        _ role: Role, for account: AccountID = AccountID(), _ workloads: KindSet? = nil,
        key: PublicKey? = nil
    ) throws -> Stage {
        var stage = try Stage()
        let grant = RoleGrant(
            key: key ?? memberKey, role: role, account: account, workloads: workloads)
        let found = stage.give(.grantRole(grant), by: TestKey.ada)
        #expect(found == .success(.roleGranted(grant.key, role)))
        return stage
    }

    /// What comes of a command that the member gives in Ada's name.
    private func outcome(_ command: Command, _ stage: Stage) -> LedgerFailure? {
        var state = stage.state
        do throws(LedgerFailure) {
            try World.run(command, by: member, for: World.ada, at: stage.time, in: &state)
            return nil
        } catch { return error }
    }

    private func refusal(_ command: Command, _ stage: Stage) -> RoleFailure? {
        if case .law(.roles(let failure)) = outcome(command, stage) { return failure }
        return nil
    }

    /// `docs/spec/ledger.md` §18, row by row: who may give which command.
    private static let table: [(command: String, roles: Set<Role>)] = [
        ("register owner", []), ("addKey", []), ("rotateKey", []), ("revokeKey", []),
        ("authorize", []), ("withdraw submitter", []),
        ("register agent", [.orchestrator]), ("update agent", [.orchestrator]),
        ("setStatus", [.orchestrator]), ("setKey", []),
        ("vote", [.validator]), ("setAddress", [.validator]),
        ("register program", [.orchestrator]), ("spawn", [.orchestrator]),
        ("deposit", [.orchestrator]), ("withdraw deposit", [.orchestrator]),
        ("end", [.orchestrator]), ("submit", [.agent]), ("abandonCall", [.agent]),
        ("report", [.agent, .client]), ("show", [.agent]), ("series", [.agent]),
        ("transfer", [.agent, .client]), ("enact", []), ("limit", []), ("grantRole", []),
        ("revokeRole", []), ("issue", [.orchestrator, .agent, .client]),
        ("delegate", [.orchestrator, .agent, .client]),
        ("revoke", [.orchestrator, .agent, .client]),
        ("approve", [.guardian]), ("refuse", [.guardian]), ("rule", [.guardian]),
        ("stop agent", [.guardian]), ("stop fleet", [.guardian]), ("stop chain", [.validator]),
        ("resume agent", [.guardian]), ("resume fleet", [.guardian]),
        ("resume chain", [.validator]), ("release", [.guardian]),
        ("post", [.orchestrator, .agent, .client]),
        ("assign", [.orchestrator, .agent, .client]), ("claim", [.orchestrator, .agent]),
        ("begin", [.orchestrator, .agent]), ("deliver", [.orchestrator, .agent]),
        ("giveUp", [.orchestrator, .agent]), ("accept", [.orchestrator, .agent, .client]),
        ("dispute", [.orchestrator, .agent, .client]), ("confirm", [.orchestrator, .agent]),
        ("arbitrate", [.orchestrator, .agent, .client]),
        ("cancel", [.orchestrator, .agent, .client]),
        ("expire", [.orchestrator, .agent, .client]), ("deliverRun", [.orchestrator, .agent]),
        ("prove", [.orchestrator, .agent]), ("challenge", [.orchestrator, .agent]),
        ("trace", [.orchestrator, .agent]), ("pick", [.orchestrator, .agent]),
        ("show step", [.orchestrator, .agent]), ("batch", [.orchestrator, .agent, .client]),
        ("stake", [.agent]), ("unstake", [.agent]), ("withdraw stake", [.agent]),
        ("slash", [.agent, .client]), ("list", [.orchestrator, .agent]),
        ("update offer", [.orchestrator, .agent]), ("delist", [.orchestrator, .agent]),
        ("open", [.orchestrator, .agent, .client]), ("commit", [.orchestrator, .agent]),
        ("reveal", [.orchestrator, .agent]), ("close", [.orchestrator, .agent, .client]),
        ("voteFee", [.validator]), ("offer licence", [.orchestrator, .agent]),
        ("withdraw licence", [.orchestrator, .agent]), ("buy licence", [.agent, .client]),
        ("renew licence", [.agent, .client]), ("transfer licence", [.agent, .client]),
        ("form", [.orchestrator, .agent]), ("join", [.orchestrator, .agent]),
        ("leave", [.orchestrator, .agent]), ("dissolve", [.orchestrator, .agent]),
        ("place quote", [.orchestrator, .agent]), ("withdraw quote", [.orchestrator, .agent]),
        ("take quote", [.orchestrator, .agent, .client]), ("offer cover", [.agent]),
        ("buy cover", [.agent, .client]), ("withdraw cover", [.agent]),
        ("settle cover", [.orchestrator, .agent, .client]),
    ]

    /// The case's name, with a word more where several chapters have it.
    private func name(_ command: Command) -> String {
        func word(_ value: Any) -> String { String("\(value)".prefix { $0 != "(" }) }
        switch command {
        case .owner(.register): return "register owner"
        case .owner(.withdraw): return "withdraw submitter"
        case .owner(let inner): return word(inner)
        case .agent(.register): return "register agent"
        case .agent(.update): return "update agent"
        case .agent(let inner): return word(inner)
        case .validator(let inner): return word(inner)
        case .transition(.register): return "register program"
        case .transition(.withdraw): return "withdraw deposit"
        case .transition(let inner): return word(inner)
        case .law(.stop(let target)): return "stop " + word(target)
        case .law(.resume(let target)): return "resume " + word(target)
        case .law(.mandate(let inner)): return word(inner)
        case .law(.task(.move(_, _, .show))): return "show step"
        case .law(.task(.move(_, _, let move))): return word(move)
        case .law(.task(let inner)): return word(inner)
        case .law(.stake(.withdraw)): return "withdraw stake"
        case .law(.stake(let inner)): return word(inner)
        case .law(.offer(.update)): return "update offer"
        case .law(.offer(let inner)): return word(inner)
        case .law(.auction(let inner)): return word(inner)
        case .law(.licence(let inner)): return word(inner) + " licence"
        case .law(.team(let inner)): return word(inner)
        case .law(.quote(let inner)): return word(inner) + " quote"
        case .law(.cover(let inner)): return word(inner.step) + " cover"
        case .law(let inner): return word(inner)
        }
    }

    /// Every command there is, by a key of each role: who is not in the table is refused before
    /// anything else is looked at; the others are left to the chapters.
    @Test(arguments: Role.allCases) func everyCommand(role: Role) throws {
        let rows = Dictionary(Self.table.map { ($0.command, $0.roles) }) { first, _ in first }
        #expect(rows.count == Self.table.count)
        #expect(Set(CommandSamples.all.map(name)) == Set(rows.keys))
        var stage = try stage(role, for: role == .agent ? World.scoutAccount : AccountID())
        if role == .agent {
            // For any agent: the account is looked at in a test of its own.
            var roles = try #require(stage.state.roles(World.ada))
            roles.grants[0].account = AccountID()
            stage.state.set(roles)
        }
        for command in CommandSamples.all {
            let isAllowed = try #require(rows[name(command)]).contains(role)
            let expected: RoleFailure? = isAllowed ? nil : .notPermitted(role)
            #expect(refusal(command, stage) == expected, "\(name(command))")
        }
    }

    /// A kind that was not granted is refused, whatever the role has.
    @Test func workloads() throws {
        for command in LawSamples.commands {
            guard case .action(let action) = command.intent else { continue }
            let others = KindSet.all.subtracting(KindSet(action.kind))
            let stage = try stage(.agent, for: action.account, others)
            #expect(refusal(.law(command), stage) == .notInWorkloads(action.kind))
        }
    }

    /// A batch is as much as its entries are.
    @Test func batches() throws {
        let task = PostedTaskID(of: World.adaAccount, number: 1)
        let entries: [TaskBatch.Entry] = [
            .post(number: 2, LawSamples.taskTerms), .move(task, .accept),
        ]
        let batch = TaskBatch(account: World.adaAccount, entries: entries)
        let stage = try stage(.client, KindSet([.postTask]))
        #expect(refusal(.law(.task(.batch(batch))), stage) == .notInWorkloads(.judgeTask))
    }

    @Test func account() throws {
        let stage = try stage(.client, for: World.scoutAccount)
        func pay(_ from: AccountID) -> LedgerFailure? {
            outcome(
                .law(
                    .transfer(Transfer(from: from, to: World.boAccount, amount: .credits(1)))),
                stage)
        }
        #expect(pay(World.scoutAccount) == nil)
        #expect(pay(World.adaAccount) == .law(.roles(.otherAccount)))
        let issue = LawCommand.mandate(.issue(number: 1, LawSamples.terms))
        #expect(refusal(.law(issue), stage) == .otherAccount)
    }

    @Test func grantingInOrder() throws {
        let scout = World.scoutAccount
        var stage = try Stage()
        func grant(
            _ role: Role, _ account: AccountID = AccountID(), _ kinds: KindSet? = nil
        ) -> Command {
            .law(
                .grantRole(
                    RoleGrant(
                        key: memberKey, role: role, account: account, workloads: kinds)))
        }
        stage.state.set(
            Grant(
                owner: World.ada, submitter: SubmitterID(key: memberKey), rights: [],
                inForce: true))
        climb(
            Request(grant(.agent, scout), state: stage.state),
            to: .law(.roleGranted(memberKey, .agent)),
            [
                Rung(.law(.roles(.submits))) { $0.command = grant(.client) },
                Rung(.law(.roles(.accountUnknown))) {
                    $0.command = grant(.client, World.otherAccount)
                },
                Rung(.law(.roles(.invalidTerms))) {
                    $0.command = grant(.client, World.otherAccount, .all)
                },
                Rung(.law(.roles(.notOwnersKey))) { $0.key = TestKey.bo },
                Rung(.law(.roles(.ownerUnknown))) { $0.owner = OwnerID() },
            ])
        let faults: [(Command, RoleFailure)] = [
            (grant(.agent), .invalidTerms), (grant(.agent, World.adaAccount), .accountUnknown),
            (grant(.auditor, AccountID(), KindSet([.transfer])), .invalidTerms),
        ]
        for (command, expected) in faults {
            var request = Request(command, state: stage.state)
            #expect(failure(of: &request) == .law(.roles(expected)))
        }
    }

    private func failure(of request: inout Request) -> LedgerFailure? {
        do throws(LedgerFailure) {
            _ = try request.run()
            return nil
        } catch { return error }
    }

    @Test func thereAreOnlySoMany() throws {
        var stage = try Stage()
        var roles = OwnerRoles(owner: World.ada)
        for number in 0..<OwnerRoles.most {
            let key = PublicKey(Digest(repeating: UInt8(number)))
            roles.put(RoleGrant(key: key, role: .auditor))
        }
        stage.state.set(roles)
        let again = RoleGrant(key: roles.grants[3].key, role: .guardian)
        #expect(stage.give(.grantRole(again), by: TestKey.ada).refusal == nil)
        let more = RoleGrant(key: memberKey, role: .auditor)
        #expect(
            stage.give(.grantRole(more), by: TestKey.ada).refusal == .roles(.tooManyRoles))
    }

    @Test func takingBack() throws {
        var stage = try stage(.client)
        let revoke = LawCommand.revokeRole(memberKey)
        #expect(stage.give(revoke, by: TestKey.bo).refusal == .roles(.roleUnknown))
        #expect(refusal(.law(revoke), stage) == .notPermitted(.client))
        #expect(stage.give(revoke, by: TestKey.ada) == .success(.roleRevoked(memberKey)))
        #expect(stage.state.encodedEntry(.law(.roles(World.ada))) == nil)
        #expect(stage.give(revoke, by: TestKey.ada).refusal == .roles(.roleUnknown))
        let own = Transfer(from: World.adaAccount, to: .fees, amount: .credits(1))
        #expect(outcome(.law(.transfer(own)), stage) == .law(.standing(.notAllowed)))
    }

    /// A role binds a key that is in force for the owner, and the agent's own key as well.
    @Test func aRoleNarrows() throws {
        var stage = try Stage()
        let proof = Request.proof(member)
        let grant = RoleGrant(key: memberKey, role: .guardian)
        stage.give(.grantRole(grant), by: TestKey.ada)
        try World.run(
            .owner(.addKey(memberKey, proof: proof)), by: TestKey.ada, for: World.ada,
            in: &stage.state)
        let own = Command.law(
            .transfer(Transfer(from: World.adaAccount, to: .fees, amount: .credits(1))))
        #expect(refusal(own, stage) == .notPermitted(.guardian))
        #expect(outcome(.law(.stop(.fleet)), stage) == nil)
        stage.give(
            .grantRole(
                RoleGrant(
                    key: TestKey.scout.publicKey, role: .agent, account: World.scoutAccount,
                    workloads: KindSet([.bid]))), by: TestKey.ada)
        #expect(stage.pay(1).refusal == .roles(.notInWorkloads(.transfer)))
        stage.give(.revokeRole(memberKey), by: TestKey.ada)
        #expect(outcome(own, stage) == nil)
    }

    /// The owner can always take roles back: one key without stays in force.
    @Test func theLastKey() throws {
        var stage = try Stage()
        let own = RoleGrant(key: TestKey.ada.publicKey, role: .validator)
        #expect(stage.give(.grantRole(own), by: TestKey.ada).refusal == .roles(.lastKey))
        stage.give(
            .grantRole(RoleGrant(key: memberKey, role: .auditor)), by: TestKey.ada)
        let proof = Request.proof(member)
        func ownKeys(_ command: OwnerCommand) -> LedgerFailure? {
            do throws(LedgerFailure) {
                try World.run(
                    .owner(command), by: TestKey.ada, for: World.ada, in: &stage.state)
                return nil
            } catch { return error }
        }
        let key = TestKey.ada.publicKey
        #expect(
            ownKeys(.rotateKey(old: key, new: memberKey, proof: proof))
                == .law(.roles(.lastKey)))
        #expect(ownKeys(.addKey(memberKey, proof: proof)) == nil)
        #expect(ownKeys(.revokeKey(key)) == .law(.roles(.lastKey)))
        #expect(ownKeys(.revokeKey(memberKey)) == nil)
    }

    /// Who only reads does not record either.
    @Test func anAuditorSubmitsNothing() throws {
        let submitter = TestKey.submitter.publicKey
        var stage = try stage(.auditor)
        let grant = RoleGrant(key: submitter, role: .auditor)
        #expect(stage.give(.grantRole(grant), by: TestKey.ada).refusal == .roles(.submits))
        let authorize = Command.owner(.authorize(submitter: memberKey, rights: []))
        #expect(throws: LedgerFailure.law(.roles(.submits))) {
            try World.run(authorize, by: TestKey.ada, for: World.ada, in: &stage.state)
        }
    }

    /// Validators vote with their own keys: a role does not make one.
    @Test func aSeatIsNotAnOwnersToGive() throws {
        let stage = try stage(.validator)
        let vote = Command.law(.voteFee(2_000))
        #expect(outcome(vote, stage) == .law(.marketRules(.notValidator)))
    }

    /// A client acts with the owner's money; under an agent's name the agent's law holds, and the
    /// way back to the owner, which is the owner's own, is not open to it.
    @Test func aClientStandsForTheOwner() throws {
        let stage = try stage(.client)
        let post = Command.law(
            .task(
                .post(
                    by: World.adaAccount, number: 1, mandate: MandateID(), LawSamples.taskTerms)))
        #expect(refusal(post, stage) == nil)
        var poor = stage
        try poor.enact { $0.limits.valuePerAction = .zero }
        let back = Transfer(
            from: World.scoutAccount, to: World.adaAccount, amount: .credits(1))
        #expect(outcome(.law(.transfer(back)), stage) == nil)
        #expect(
            outcome(.law(.transfer(back)), poor)
                == .law(.limits(.valueTooLarge(most: .zero))))
    }

    /// What waits for guardians is held against the role again when they agree.
    @Test func anApprovalLooksAgain() throws {
        var stage = try Stage { $0.approvals.kinds = KindSet([.transfer]) }
        stage.give(
            .grantRole(
                RoleGrant(key: memberKey, role: .client, account: World.scoutAccount)),
            by: TestKey.ada)
        let pay = Transfer(
            from: World.scoutAccount, to: World.boAccount, amount: .credits(1))
        let effect = try World.run(
            .law(.transfer(pay)), by: member, for: World.ada, in: &stage.state)
        guard case .law(.approvalRequested(let id, _)) = effect else {
            Issue.record("\(effect)")
            return
        }
        _ = try stage.give(.approve(id), by: TestKey.guardians[0]).get()
        var narrowed = stage
        narrowed.give(
            .grantRole(RoleGrant(key: memberKey, role: .auditor)), by: TestKey.ada)
        let last = TestKey.guardians[1]
        #expect(
            narrowed.give(.approve(id), by: last).refusal == .roles(.notPermitted(.auditor)))
        var revoked = stage
        revoked.give(.revokeRole(memberKey), by: TestKey.ada)
        #expect(
            revoked.give(.approve(id), by: last).refusal == .standing(.notAllowed))
        #expect(
            stage.give(.approve(id), by: last)
                == .success(.approvalExecuted(id, agent: World.scout)))
    }

    /// Asking first tells the same.
    @Test func policyKnowsRoles() throws {
        let stage = try stage(.auditor)
        let pay = LawCommand.transfer(
            Transfer(from: World.adaAccount, to: .fees, amount: .credits(1)))
        #expect(throws: LawFailure.roles(.notPermitted(.auditor))) {
            try stage.state.policy(
                for: pay, owner: World.ada, key: memberKey, at: World.time)
        }
    }
}
