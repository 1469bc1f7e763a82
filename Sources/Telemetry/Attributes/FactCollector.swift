// Gathers the facts of one span while its attributes are read, whatever their order.
import Cryptography
import Primitives

/// The value of an attribute, as far as facts need it.
enum AttributeValue {
    case text(UnsafeRawBufferPointer)
    case integer(Int64)
    case double(Double)
    case bool(Bool)
    case other
}

/// Reads attributes into facts; the first fault is kept as the refusal.
struct FactCollector {
    /// Added to the rank of what the resource says, so that the span itself wins.
    static let resourceRank: UInt8 = 100

    /// A value and the rank of the key that gave it.
    private struct Slot<Value> {
        var value: Value
        var rank: UInt8 = .max

        mutating func take(_ other: Value, _ otherRank: UInt8) {
            guard otherRank < rank else { return }
            value = other
            rank = otherRank
        }
    }

    private typealias TextSlot = Slot<String?>

    private let limits: TelemetryLimits
    var refusal: SpanRefusal.Reason?
    var hints = RoleHints()
    private var tokensIn = Slot<UInt64>(value: 0)
    private var tokensOut = Slot<UInt64>(value: 0)
    private var tokensCached = Slot<UInt64>(value: 0)
    private var tokensReasoning = Slot<UInt64>(value: 0)
    private var cost = Slot<UInt128>(value: 0)
    private var compute: UInt64 = 0
    private var memory: UInt64 = 0
    private var agentID = TextSlot(value: nil)
    private var agentName = TextSlot(value: nil)
    private var agentVersion = TextSlot(value: nil)
    private var serviceName = TextSlot(value: nil)
    private var serviceVersion = TextSlot(value: nil)
    private var task = Slot<TaskID>(value: TaskID())
    private var conversation = TextSlot(value: nil)
    private var model = TextSlot(value: nil)
    private var provider = TextSlot(value: nil)
    private var tool = TextSlot(value: nil)
    private var hasError = false
    private var isPartial = false

    init(limits: TelemetryLimits) { self.limits = limits }

    /// Keeps the first reason only.
    mutating func refuse(_ reason: SpanRefusal.Reason) {
        if refusal == nil { refusal = reason }
    }

    /// Reads an attribute of the span.
    mutating func note(_ key: AttributeKey, _ value: AttributeValue) {
        switch key.role {
        case .tokensIn: noteTokens(\.tokensIn, key.rank, value)
        case .tokensOut: noteTokens(\.tokensOut, key.rank, value)
        case .tokensCached: noteTokens(\.tokensCached, key.rank, value)
        case .tokensReasoning: noteTokens(\.tokensReasoning, key.rank, value)
        case .cost: noteCost(value, key.rank)
        case .costDetails: noteCostDetails(value)
        case .cpuTime: noteUsage(\.compute, value, unit: Nanoseconds.perSecond)
        case .memory: noteUsage(\.memory, value, unit: 1)
        default:
            if case .text(let text) = value { noteText(key, text) }
        }
    }

    /// Reads an attribute of the resource: only what identifies.
    mutating func noteResource(_ key: AttributeKey, _ value: AttributeValue) {
        guard key.role.isIdentity, case .text(let text) = value else { return }
        var lower = key
        lower.rank += FactCollector.resourceRank
        noteText(lower, text)
    }

    private mutating func noteText(_ key: AttributeKey, _ text: UnsafeRawBufferPointer) {
        switch key.role {
        case .agentID: noteName(\.agentID, key.rank, text)
        case .agentName: noteName(\.agentName, key.rank, text)
        case .serviceName: noteName(\.serviceName, key.rank, text)
        case .agentVersion: keep(\.agentVersion, key.rank, text, limit: Limits.versionBytes)
        case .serviceVersion: keep(\.serviceVersion, key.rank, text, limit: Limits.versionBytes)
        case .task: noteTask(key.rank, text)
        case .conversation: keep(\.conversation, key.rank, text, limit: limits.displayBytes)
        case .model: keep(\.model, key.rank, text, limit: limits.displayBytes)
        case .provider: keep(\.provider, key.rank, text, limit: limits.displayBytes)
        case .tool: keep(\.tool, key.rank, text, limit: limits.displayBytes)
        case .operation: hints.noteOperation(text)
        case .kindHint: hints.noteKind(text, rank: key.rank)
        case .mcpMethod: hints.noteMCP(text)
        case .dbSystem: hints.noteDatabase(text)
        case .errorType: hasError = hasError || !text.isEmpty
        case .finishReason: isPartial = isPartial || FinishReason.isPartial(text)
        default: break
        }
    }

    private mutating func keep(
        _ slot: WritableKeyPath<FactCollector, TextSlot>, _ rank: UInt8,
        _ text: UnsafeRawBufferPointer, limit: Int
    ) {
        guard !text.isEmpty, rank < self[keyPath: slot].rank else { return }
        self[keyPath: slot].take(WireText.prefix(text, limit: limit), rank)
    }

    private mutating func noteName(
        _ slot: WritableKeyPath<FactCollector, TextSlot>, _ rank: UInt8,
        _ text: UnsafeRawBufferPointer
    ) {
        if text.count > Limits.nameBytes { refuse(.agentNameTooLong) }
        keep(slot, rank, text, limit: Limits.nameBytes)
    }

    private mutating func noteTask(_ rank: UInt8, _ text: UnsafeRawBufferPointer) {
        guard !text.isEmpty, rank < task.rank else { return }
        // A task of the ledger is named by 64 digits, in records by the first half of them.
        if text.count == 2 * Digest.width,
            let named = Digest(hex: String(decoding: text, as: UTF8.self))
        {
            return task.take(TaskID(Array(named.bytes.prefix(TaskID.width))) ?? TaskID(), rank)
        }
        let digest = BLAKE3.hash(text)
        task.take(withUnsafeBytes(of: digest) { TaskID(loading: $0) }, rank)
    }

    private mutating func noteTokens(
        _ slot: WritableKeyPath<FactCollector, Slot<UInt64>>, _ rank: UInt8,
        _ value: AttributeValue
    ) {
        guard let count = TokenCount.read(value) else { return }
        if count < 0 { return refuse(.negativeTokens) }
        guard count <= limits.tokensPerSpan else { return refuse(.tokensOutOfRange) }
        self[keyPath: slot].take(UInt64(count), rank)
    }

    private mutating func noteCost(_ value: AttributeValue, _ rank: UInt8) {
        let amount: UInt128?
        switch value {
        case .double(let dollars): amount = Cost.nanoCredits(dollars)
        case .integer(let dollars):
            amount = dollars < 0 ? nil : UInt128(dollars) * UInt128(Nanoseconds.perSecond)
        case .text(let text): amount = Cost.nanoCredits(decimal: text)
        default: return
        }
        guard let amount, amount <= limits.costPerSpan else { return refuse(.costOutOfRange) }
        cost.take(amount, rank)
    }

    private mutating func noteCostDetails(_ value: AttributeValue) {
        guard case .text(let text) = value, let total = CostDetails.total(text) else { return }
        let amount = total.utf8.withContiguousStorageIfAvailable {
            Cost.nanoCredits(decimal: UnsafeRawBufferPointer($0))
        }
        guard let amount, let amount, amount <= limits.costPerSpan else { return }
        cost.take(amount, FactCollector.resourceRank)
    }

    private mutating func noteUsage(
        _ slot: WritableKeyPath<FactCollector, UInt64>, _ value: AttributeValue, unit: UInt64
    ) {
        let amount: UInt128?
        switch value {
        case .integer(let count): amount = count < 0 ? nil : UInt128(count) * UInt128(unit)
        case .double(let count): amount = Cost.scaled(count, by: unit)
        default: return
        }
        guard let amount, amount <= UInt128(Int64.max) else { return refuse(.usageOutOfRange) }
        self[keyPath: slot] = UInt64(amount)
    }

    /// The facts, once all attributes are read.
    func facts(name: UnsafeRawBufferPointer, status: Int32) -> SpanFacts {
        var facts = SpanFacts()
        facts.role = hints.role(
            name: name, hasModel: model.value != nil, hasTool: tool.value != nil)
        facts.outcome = status == 2 || hasError ? .failure : isPartial ? .partial : .success
        facts.agent = agent
        facts.task = task.value
        facts.tokensCached = tokensCached.value
        facts.tokensReasoning = tokensReasoning.value
        facts.tokensIn = FactCollector.total(tokensIn.value, part: tokensCached.value)
        facts.tokensOut = FactCollector.total(tokensOut.value, part: tokensReasoning.value)
        facts.computeNanoseconds = compute
        facts.memoryBytes = memory
        facts.cost = Amount(nanoCredits: cost.value)
        facts.conversation = conversation.value
        facts.model = model.value
        facts.provider = provider.value
        facts.tool = tool.value
        return facts
    }

    /// Some providers count the part beside the whole: then it shows by being larger. Both are at
    /// most `TelemetryLimits.tokensPerSpan`, far from overflow.
    private static func total(_ whole: UInt64, part: UInt64) -> UInt64 {
        part > whole ? whole &+ part : whole
    }

    private var agent: AgentClaim {
        var claim = AgentClaim()
        claim.id = agentID.value
        claim.version = agentVersion.value ?? ""
        let slot = agentName.value != nil ? agentName : agentID
        if let name = slot.value {
            claim.name = name
            claim.source = slot.rank < FactCollector.resourceRank ? .span : .resource
        } else if let name = serviceName.value {
            claim.name = name
            claim.source = .service
            claim.version = agentVersion.value ?? serviceVersion.value ?? ""
        }
        return claim
    }
}
