// The commands of `althing`, in the order in which help lists them.

enum Verbs {
    static let root = Verb(
        "althing", "A ledger for the work of AI agents: traces in, receipts out", verbs: all
    )
    .example("althing demo --once")
    .example("althing node --dev --data ./althing-data")
    .example("althing receipt verify receipt.json")

    private static let all: [Verb] = [
        NodeCommand.verb, GenesisVerbs.verb, DemoCommand.verb, TestbedCommand.verb,
        ValidatorVerbs.verb, StatusCommand.verb, RunVerbs.verb, RecordVerbs.verb,
        ReceiptVerbs.verb, LightVerbs.verb, AgentVerbs.verb, OwnerVerbs.verb, TokenVerbs.verb,
        AccountVerbs.verb, ConstitutionVerbs.verb, QuotaVerbs.verb, RoleVerbs.verb,
        MandateVerbs.verb, ApprovalVerbs.verb,
        StopVerbs.stop, StopVerbs.resume, OverrideVerbs.verb, TaskVerbs.verb, OfferVerbs.verb,
        AuctionVerbs.verb, QuoteVerbs.verb, CoverVerbs.verb, LicenceVerbs.verb,
        StakeVerbs.verb, DiscoverVerb.verb,
        OrchestratorVerbs.verb, WorkerVerbs.verb, TeamVerbs.verb, BatchVerbs.verb,
        CheckpointVerbs.verb,
        ProgramVerbs.verb, ProofVerbs.proveVerb, ProofVerbs.verifyVerb, KeyCommand.verb,
        StoreVerbs.verb, ConfigCommand.verb, SimulateCommand.verb, BenchCommand.verb,
        HelpCommand.verb, HelpCommand.completions,
    ]
}
