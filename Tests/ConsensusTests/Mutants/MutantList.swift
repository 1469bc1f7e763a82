// Every mutant with the oracle that catches it, and the first seed that shows it.
import Glibc
import Primitives

@testable import Consensus

extension Mutant {
    /// ALTHING_MUTANTS=1 searches each from seed 1, to tell how many seeds it takes;
    /// ALTHING_MUTANTS=twin tries only those with "twin" in their names.
    static let all: [Mutant] = {
        let all = numbers + verdicts + commits + blocks + graph + own + payload + talk
        guard let text = getenv("ALTHING_MUTANTS").map({ String(cString: $0) }), text != "1" else {
            return all
        }
        return all.filter { $0.name.contains(text) }
    }()

    /// From seed 1 where all are searched.
    private static func window(_ seeds: ClosedRange<UInt64>) -> ClosedRange<UInt64> {
        getenv("ALTHING_MUTANTS") == nil ? seeds : 1...seeds.upperBound
    }

    private static func graph(
        _ seeds: ClosedRange<UInt64>, _ adversary: GraphModel.Adversary = .random,
        knownRounds: UInt64? = 6, depth: UInt64 = 64
    ) -> Oracle {
        .graph(
            .init(
                rounds: depth < 64 ? 60 : 40, knownRounds: knownRounds, depth: depth,
                adversary: adversary, lagLimit: knownRounds == nil ? nil : 28), window(seeds))
    }

    private static func network(
        _ seeds: ClosedRange<UInt64>, knownRounds: UInt64? = nil, depth: UInt64 = 64,
        isCalm: Bool = false
    ) -> Oracle {
        .network(.init(knownRounds: knownRounds, depth: depth, isCalm: isCalm), window(seeds))
    }

    /// The numbers of the rules.
    private static let numbers: [Mutant] = [
        Mutant("anchor one round early", graph(194...194)) {
            $0.knownWave = Wave(length: 3, support: .parent, anchorDistance: 2)
            $0.coinWave = Wave(length: 5, support: .history, anchorDistance: 4)
        },
        Mutant("skip quorum f + 1", graph(1...1, .splitting)) {
            $0.skipQuorum = ($0.schedule.count - 1) / 3 + 1
        },
        Mutant("skip quorum n", .test("aSilentLeaderIsSkippedAfterTwoRounds") {
            try CommitterTests().aSilentLeaderIsSkippedAfterTwoRounds()
        }) { $0.skipQuorum = $0.schedule.count },
        Mutant("certificate quorum f + 1", graph(1...1)) {
            $0.certificateQuorum = ($0.schedule.count - 1) / 3 + 1
        },
        Mutant("certificate quorum n", graph(1...1)) { $0.certificateQuorum = $0.schedule.count },
        Mutant("commit quorum f + 1", graph(2...2)) {
            $0.commitQuorum = ($0.schedule.count - 1) / 3 + 1
        },
        Mutant("commit quorum n", graph(1...1)) { $0.commitQuorum = $0.schedule.count },
        Mutant("schedule from the local tip", graph(1...1)) {
            $0.lastKnownRound = { _, tip in tip - 6 }
        },
        Mutant("coins one round late", graph(2...2)) {
            $0.lastKnownRound = { head, _ in head + 7 }
        },
        Mutant("coin slots count direct parents only", graph(1...1, .splitting)) {
            $0.coinWave = Wave(length: 5, support: .parent, anchorDistance: 5)
        },
        Mutant("coin waves of four rounds", graph(2...2, knownRounds: 0)) {
            $0.coinWave = Wave(length: 4, support: .history, anchorDistance: 4)
        },
        Mutant("leaders take turns backwards", graph(1...1)) { $0.schedule.reverse() },
        Mutant("one leader a round", graph(1...1)) { $0.leadersPerRound = 1 },
    ]

    private static let verdicts: [Mutant] = [
        Mutant(.countsVotersTwice, "twins blame twice", graph(26...26)),
        Mutant(.countsDecidersTwice, "twins certify twice", graph(9...9)),
        Mutant(.supportsFirstSeen, "support for the twin seen first", graph(1...1, knownRounds: 0)),
        Mutant(.mergesTwins, "votes for twins are added up", graph(1...1)),
        Mutant(.anchorsPassUndecided, "anchors pass undecided slots", graph(1...1, .splitting)),
        Mutant(.anchorsSeeEverything, "anchors see the whole graph", graph(2...2, .splitting)),
    ]

    private static let commits: [Mutant] = [
        Mutant(.commitsPastUndecided, "commits past an undecided slot", graph(1...1)),
        Mutant(.commitsFirstLeaderOnly, "commits the first leader only", graph(1...1)),
        Mutant(.takesLatestTime, "commit time: the latest clock", graph(1...1)),
        Mutant(.letsTimeFall, "commit time falls", graph(1...1)),
        Mutant(.ordersByArrival, "order by arrival", graph(1...1)),
        Mutant(.ordersTwice, "blocks are ordered again", graph(1...1)),
        Mutant(.ordersBelowFloor, "blocks below the floor are ordered", graph(2...2, depth: 4)),
    ]

    private static let blocks: [Mutant] = BlockFault.allLapses.map { lapse, fault in
        Mutant(lapse, "block rule left out: \(fault)", .test("BlockRuleTests") {
            try BlockRuleTests().runAll()
        })
    }

    private static let graph: [Mutant] = [
        Mutant(.acceptsWithoutParents, "accepts without parents", graph(1...1)),
        Mutant(.acceptsEveryTwin, "accepts every twin", .test("aTwinIsKeptOnlyForWhoeverNamesIt") {
            try BlockStoreTests().aTwinIsKeptOnlyForWhoeverNamesIt()
        }),
        Mutant(.acceptsNoTwin, "accepts no twin", graph(1...1)),
        Mutant(.makesNoEvidence, "makes no evidence", .test("aTwinIsKeptOnlyForWhoeverNamesIt") {
            try BlockStoreTests().aTwinIsKeptOnlyForWhoeverNamesIt()
        }),
        Mutant(.prunesEarly, "prunes too early", graph(1...1, depth: 4)),
        Mutant(.prunesNever, "prunes never", .test("pruningForgetsAndReleases") {
            try BlockStoreTests().pruningForgetsAndReleases()
        }),
        Mutant(.awaitsPrunedParents, "waits for pruned parents", .test("pruningForgets…") {
            try BlockStoreTests().pruningForgetsAndReleases()
        }),
        Mutant(.restoresNoTwin, "a twin does not come back", .test("aTwinThatWasAccepted…") {
            try ValidatorTests().aTwinThatWasAcceptedComesBack()
        }),
        Mutant(.waitsWithoutLimit, "waiting without limit", .test("anAuthorCannotFill…") {
            try BlockStoreTests().anAuthorCannotFillTheWaitingRoom()
        }),
        Mutant(.servesNoArchive, "serves no pruned blocks", .test("aSeatThatWasAwayCatchesUp") {
            try ObserverTests().aSeatThatWasAwayCatchesUp()
        }),
    ]

    private static let own: [Mutant] = [
        Mutant(.jumpsRounds, "jumps rounds", network(8...8)),
        Mutant(.namesExposedAuthors, "names exposed authors", .test("itNeverNamesATwinMaker…") {
            try ValidatorTests().itNeverNamesATwinMakerAgain()
        }),
        Mutant(.alwaysShunsTwinMakers, "always shuns twin makers", .test("aSeatThatWasAway…") {
            try ObserverTests().aSeatThatWasAwayStandsOnOldBlocksOfATwinMaker()
        }),
        Mutant(.persistsNothing, "persists nothing", network(1...1)),
        Mutant(.persistsAfterSending, "persists after sending", .test("itSpeaksAfterWhatItKeeps") {
            try ValidatorTests().itSpeaksAfterWhatItKeeps()
        }),
        Mutant(.proposesWithoutQuorum, "proposes without a quorum", network(1...1)),
        Mutant(.forgetsLastOwn, "forgets its last block", network(2...2)),
        Mutant(.signsBeforeReady, "signs before it is ready", .test("nothingIsSignedBefore…") {
            try ObserverTests().nothingIsSignedBeforeItIsReady()
        }),
        Mutant(.ignoresAmnesia, "ignores amnesia", .test("aSeatThatForgotItsBlocks…") {
            try ObserverTests().aSeatThatForgotItsBlocksNeverSignsAgain()
        }),
        Mutant(.waitsForNoLeader, "waits for no leader", .test("itWaitsForTheLeaders…") {
            try ValidatorTests().itWaitsForTheLeadersButNotForEver()
        }),
        Mutant(.waitsForNoVotes, "waits for no votes", .test("fastBlamersDoNotStopCommits") {
            try PacingTests().fastBlamersDoNotStopCommits()
        }),
        Mutant(.waitsForLeadersForEver, "waits for leaders for ever", .test("itWaitsForThe…") {
            try ValidatorTests().itWaitsForTheLeadersButNotForEver()
        }),
        Mutant(.waitsForSilentLeaders, "waits for silent leaders", .test("aSilentLeader…") {
            try PacingTests().aSilentLeaderIsNotWaitedForLong()
        }),
        Mutant(.neverRests, "never rests", .test("anIdleCommitteeRests") {
            PacingTests().anIdleCommitteeRests(seats: 4)
        }),
        Mutant(.restsWithPayload, "rests with payload", .test("payloadDoesNotWait…") {
            try PacingTests().payloadDoesNotWaitForTheIdleDelay(seats: 4)
        }),
        Mutant(.namesOnlyAQuorum, "names a quorum only", network(4...4)),
    ]

    private static let payload: [Mutant] = [
        Mutant(.losesPrunedPayload, "loses pruned payload", .test("prunedPayloadIsTakenBackOnce") {
            try PayloadTests().prunedPayloadIsTakenBackOnce()
        }),
        Mutant(
            .repeatsPayload, "payload is ordered again",
            network(1...1, depth: 12, isCalm: true)),
        Mutant(
            .keepsPayloadOutWhenLate, "payload kept out when a round late",
            .test("aSeatThatIsLate…") {
                try ValidatorTests().aSeatThatIsLateStillCarriesPayload()
            }),
        Mutant(.addsPayloadInAStall, "payload in a stall", .test("payloadStaysOutOfALongStall") {
            try PayloadTests().payloadStaysOutOfALongStall()
        }),
        Mutant(.keepsSystemItemsOut, "system items kept out", .test("systemItemsGoFirst…") {
            try ValidatorTests().systemItemsGoFirstAndWhilePayloadIsHeldBack()
        }),
        Mutant(.fillsBlocksWithoutLimit, "blocks over the limit", .test("theQueueKeepsOrder…") {
            PayloadTests().theQueueKeepsOrderAndBlocksTheirLimit(seed: 1)
        }),
    ]

    private static let talk: [Mutant] = [
        Mutant(.neverResends, "never sends again", network(2...2)),
        Mutant(.asksNobody, "asks nobody", network(1...1)),
        Mutant(.asksOnlyTheSender, "asks only the sender", network(8...8)),
        Mutant(.answersNothing, "answers nothing", network(2...2)),
        Mutant(.answersWithoutLimit, "answers without limit", .test("answersComeLowestFirst") {
            try BlockStoreTests().answersComeLowestFirst()
        }),
        Mutant(.accusesNobody, "accuses nobody", .test("itNeverNamesATwinMakerAgain") {
            try ValidatorTests().itNeverNamesATwinMakerAgain()
        }),
        Mutant(.takesBlocksFromTheFuture, "takes blocks from the future", early),
        Mutant(.dropsBlocksFromTheFuture, "drops blocks from the future", early),
        Mutant(.keepsWaitingFutureWithoutLimit, "keeps any number of them", early),
    ]

    private static let early = Oracle.test("blocksFromTheFutureWait") {
        try ValidatorTests().blocksFromTheFutureWait()
    }
}

extension BlockFault {
    /// The lapse that leaves out a rule, and the rule.
    fileprivate static let allLapses: [(Lapses, BlockFault)] = [
        (.takesOtherEpochs, .wrongEpoch), (.takesAnyFirstParent, .firstParentNotOwn),
        (.takesParentsInAnyOrder, .parentsOutOfOrder), (.takesLaterParents, .parentNotEarlier),
        (.takesOtherGenesis, .wrongGenesis), (.takesFewParents, .tooFewParents),
        (.takesLargePayload, .payloadOverLimit), (.takesAnyPayloadRoot, .wrongPayloadRoot),
        (.takesAnySignature, .invalidSignature),
    ]
}
