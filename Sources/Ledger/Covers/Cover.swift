// Covers: money that an underwriter locks for the case that a worker fails at a task.
import Cryptography
import Primitives

public enum CoverKind {}

/// A cover: the digest of a task and its underwriter.
public typealias CoverID = Bytes32<CoverKind>

extension Bytes32 where Kind == CoverKind {
    private static let domain = HashDomain("althing 2026 cover v1")

    public init(task: PostedTaskID, underwriter: AccountID) {
        var writer = ByteWriter()
        writer.write(task)
        writer.write(underwriter)
        self.init(Self.domain.hash(writer.bytes))
    }
}

/// Where a cover stands.
public enum CoverState: UInt8, CaseIterable, Sendable {
    /// The underwriter has locked the money.
    case offered = 1
    /// The client has paid the premium.
    case bought
    /// The worker failed: the money went to the client.
    case paid
    /// It went back to the underwriter.
    case released
}

/// What is covered, and for how much.
public struct CoverTerms: Hashable, Sendable {
    public var task: PostedTaskID
    /// Whose failing is covered.
    public var worker: AccountID
    /// What the client gets then; at most the task's price.
    public var amount: Amount
    /// What the client pays for it; below the amount.
    public var premium: Amount
    /// It is bought before this.
    public var until: Instant

    public init(
        task: PostedTaskID, worker: AccountID, amount: Amount, premium: Amount, until: Instant
    ) {
        (self.task, self.worker) = (task, worker)
        (self.amount, self.premium, self.until) = (amount, premium, until)
    }
}

/// A cover as it stands.
public struct Cover: Hashable, Sendable {
    public var id: CoverID
    public var underwriter: AccountID
    public var terms: CoverTerms
    public var state = CoverState.offered
    /// Who paid the premium, and gets the amount; zero before.
    public var client = AccountID()
    /// Of the task, when it was bought: that of the worker.
    public var attempt: UInt8 = 0
    /// What is locked.
    public var held: Amount

    init(_ terms: CoverTerms, by underwriter: AccountID) {
        id = CoverID(task: terms.task, underwriter: underwriter)
        (self.underwriter, self.terms, held) = (underwriter, terms, terms.amount)
    }
}

/// A step of a cover; the account acts.
public enum CoverStep: Hashable, Sendable {
    case offer(CoverTerms)
    /// The poster pays; the command says whom and how much, so that the law sees it.
    case buy(CoverID, Payment)
    /// The underwriter takes back what nobody bought.
    case withdraw(CoverID)
    /// Anybody says that it is decided who gets the money.
    case settle(CoverID)
}

/// A command for covers; the account acts.
public struct CoverCommand: Hashable, Sendable {
    public var account: AccountID
    public var step: CoverStep

    public init(by account: AccountID, _ step: CoverStep) {
        (self.account, self.step) = (account, step)
    }
}

extension CoverTerms {
    func write(to writer: inout ByteWriter) {
        writer.write(task)
        writer.write(worker)
        writer.write(amount)
        writer.write(premium)
        writer.write(until)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        task = try reader.read()
        worker = try reader.read()
        amount = try reader.readAmount()
        premium = try reader.readAmount()
        until = try reader.readInstant()
    }
}

extension Cover: StateEntry {
    var stateKey: StateKey { .law(.cover(id)) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(underwriter)
        terms.write(to: &writer)
        writer.write(state.rawValue)
        writer.write(client)
        writer.write(attempt)
        writer.write(held)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        underwriter = try reader.read()
        terms = try CoverTerms(from: &reader)
        let start = reader.offset
        guard let state = CoverState(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self.state = state
        client = try reader.read()
        attempt = try reader.read()
        held = try reader.readAmount()
    }
}

extension CoverCommand {
    private enum Tag: UInt8 { case offer = 1, buy, withdraw, settle }

    func write(to writer: inout ByteWriter) {
        writer.write(account)
        switch step {
        case .offer(let terms):
            writer.write(Tag.offer.rawValue)
            terms.write(to: &writer)
        case .buy(let id, let payment):
            writer.write(Tag.buy.rawValue)
            writer.write(id)
            payment.write(to: &writer)
        case .withdraw(let id):
            writer.write(Tag.withdraw.rawValue)
            writer.write(id)
        case .settle(let id):
            writer.write(Tag.settle.rawValue)
            writer.write(id)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        account = try reader.read()
        let start = reader.offset
        switch Tag(rawValue: try reader.read()) {
        case .offer: step = .offer(try CoverTerms(from: &reader))
        case .buy: step = .buy(try reader.read(), try Payment(from: &reader))
        case .withdraw: step = .withdraw(try reader.read())
        case .settle: step = .settle(try reader.read())
        case nil: throw DecodingFailure(.outOfRange, at: start)
        }
    }
}
