// Every limit of the ledger that more than one module must agree on, with its unit and its reason.

public enum Limits {
    /// Records in one batch: row numbers fit 16 bits.
    public static let recordsPerBatch = 65_536
    /// Parents of one record.
    public static let parentsPerRecord = 256
    /// Tokens of one sort in one record: far above any model, far below what would overflow a
    /// total.
    public static let tokensPerRecord: UInt64 = 1 << 40
    /// Nano-credits that one record may cost: 10^12 credits.
    public static let costPerRecord = Amount(nanoCredits: 1_000_000_000_000_000_000_000)
    /// Bytes of one payload; a larger span is refused.
    public static let payloadBytes = 4 << 20
    /// Bytes of the canonical encoding of one batch.
    public static let batchBytes = 64 << 20
    /// Bytes of a name of an agent or owner, UTF-8.
    public static let nameBytes = 256
    /// Bytes of a version text of an agent, UTF-8.
    public static let versionBytes = 64
    /// Capabilities of one agent, each a name.
    public static let capabilitiesPerAgent = 64
    /// Keys an owner may have in its life, revoked ones included: one a month for twenty years.
    public static let keysPerOwner = 240
    /// Validators of one committee: see `consensus.md`, n <= 128.
    public static let validatorsPerCommittee = 128
    /// Batches and operations in one checkpoint.
    public static let itemsPerCheckpoint = 1 << 20
}
