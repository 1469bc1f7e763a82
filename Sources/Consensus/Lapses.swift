// Ways to break the protocol on purpose, one bit each: tests switch them on to see each noticed.

/// Empty in every build that runs: nothing outside this module can make another.
struct Lapses: OptionSet, Hashable, Sendable {
    let rawValue: UInt64

    init(rawValue: UInt64) { self.rawValue = rawValue }
    private init(_ bit: UInt64) { rawValue = 1 << bit }

    // Rules of a block
    static let takesOtherEpochs = Lapses(0)
    static let takesAnyFirstParent = Lapses(1)
    static let takesParentsInAnyOrder = Lapses(2)
    static let takesLaterParents = Lapses(3)
    static let takesOtherGenesis = Lapses(4)
    static let takesFewParents = Lapses(5)
    static let takesAnyPayloadRoot = Lapses(6)
    static let takesAnySignature = Lapses(7)
    static let takesLargePayload = Lapses(8)

    // The graph
    static let acceptsWithoutParents = Lapses(9)
    static let acceptsEveryTwin = Lapses(10)
    static let acceptsNoTwin = Lapses(11)
    static let makesNoEvidence = Lapses(12)
    static let prunesEarly = Lapses(13)
    static let prunesNever = Lapses(14)
    static let awaitsPrunedParents = Lapses(15)
    static let restoresNoTwin = Lapses(16)
    static let waitsWithoutLimit = Lapses(17)
    static let servesNoArchive = Lapses(18)

    // Verdicts and commits
    static let countsVotersTwice = Lapses(19)
    static let countsDecidersTwice = Lapses(20)
    static let supportsFirstSeen = Lapses(21)
    static let anchorsPassUndecided = Lapses(22)
    static let anchorsSeeEverything = Lapses(23)
    static let commitsPastUndecided = Lapses(24)
    static let commitsFirstLeaderOnly = Lapses(25)
    static let takesLatestTime = Lapses(26)
    static let letsTimeFall = Lapses(27)
    static let ordersByArrival = Lapses(28)
    static let ordersTwice = Lapses(29)
    static let ordersBelowFloor = Lapses(30)
    static let mergesTwins = Lapses(31)

    // Own blocks
    static let jumpsRounds = Lapses(32)
    static let namesExposedAuthors = Lapses(33)
    static let persistsNothing = Lapses(34)
    static let persistsAfterSending = Lapses(35)
    static let proposesWithoutQuorum = Lapses(36)
    static let forgetsLastOwn = Lapses(37)
    static let signsBeforeReady = Lapses(38)
    static let ignoresAmnesia = Lapses(39)
    static let waitsForNoLeader = Lapses(40)
    static let waitsForNoVotes = Lapses(41)
    static let waitsForLeadersForEver = Lapses(42)
    static let waitsForSilentLeaders = Lapses(43)
    static let neverRests = Lapses(44)
    static let restsWithPayload = Lapses(45)
    static let namesOnlyAQuorum = Lapses(46)
    static let alwaysShunsTwinMakers = Lapses(62)

    // Payload
    static let losesPrunedPayload = Lapses(47)
    static let repeatsPayload = Lapses(48)
    static let keepsPayloadOutWhenLate = Lapses(49)
    static let addsPayloadInAStall = Lapses(50)
    static let keepsSystemItemsOut = Lapses(51)
    static let fillsBlocksWithoutLimit = Lapses(52)

    // Talk
    static let neverResends = Lapses(53)
    static let asksNobody = Lapses(54)
    static let asksOnlyTheSender = Lapses(55)
    static let answersNothing = Lapses(56)
    static let answersWithoutLimit = Lapses(57)
    static let accusesNobody = Lapses(58)
    static let takesBlocksFromTheFuture = Lapses(59)
    static let dropsBlocksFromTheFuture = Lapses(60)
    static let keepsWaitingFutureWithoutLimit = Lapses(61)
}
