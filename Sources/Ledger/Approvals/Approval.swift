// An action that waits for people: kept on the ledger, so that nobody holds state meanwhile.
import Primitives

/// A request for approval.
public struct Approval: Hashable, Sendable {
    /// Digest of the operation that asked for the action.
    public var id: Digest
    public var agent: AgentID
    /// Who signed that operation, and in whose name.
    public var key: PublicKey
    public var owner: OwnerID
    /// The encoding of its command, at most `mostBytes`.
    public var command: [UInt8]
    /// From then on it can only be refused.
    public var expires: Instant
    /// The guardians who agreed, ascending. Who is one no more does not count.
    public var agreed: [OwnerID] = []

    public static let mostBytes = 8 << 10
}

extension Approval: StateEntry {
    var stateKey: StateKey { .law(.approval(id)) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(agent)
        writer.write(key)
        writer.write(owner)
        writer.writeCounted(command)
        writer.write(expires)
        writer.write(identifiers: agreed)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        agent = try reader.read()
        key = try reader.read()
        owner = try reader.read()
        command = try reader.readCounted(limit: Self.mostBytes)
        expires = try reader.readInstant()
        agreed = try reader.readIdentifiers(limit: Int(UInt8.max))
    }
}

/// What an action is that waits, for those who are to decide.
public struct AskedAction: Hashable, Sendable {
    public var kind: ActionKind
    /// For whom.
    public var account: AccountID
    public var value: Amount
    /// Who gets the value or is bound.
    public var receivers: [AccountID]
    /// Whether others may get it too, whom nobody knows yet.
    public var isOpen: Bool
    /// Under which it is to be done; zero for none.
    public var mandate: MandateID
}

extension Approval {
    /// What is asked for; nil where the command is none that waits, which the ledger never keeps.
    public var asked: AskedAction? {
        var reader = ByteReader(command)
        guard case .law(let command)? = try? Command(from: &reader),
            case .action(let action) = command.intent
        else { return nil }
        return AskedAction(
            kind: action.kind, account: action.account, value: action.value,
            receivers: action.receivers, isOpen: action.isOpen, mandate: action.mandate)
    }
}
