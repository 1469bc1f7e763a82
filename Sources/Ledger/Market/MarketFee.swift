// What the market takes of every payment to a worker: a rate that the validators vote on.
import Primitives
import Records

/// A rate in millionths.
public struct MarketFee: Hashable, Sendable {
    /// At most `most`.
    public let millionths: UInt32

    /// 0.1 %: in force until validators vote for another.
    public static let standard = MarketFee(unchecked: 1_000)
    /// 5 %.
    public static let most: UInt32 = 50_000

    private init(unchecked millionths: UInt32) { self.millionths = millionths }

    /// Nil where it is more than `most`.
    public init?(millionths: UInt32) {
        guard millionths <= Self.most else { return nil }
        self.init(unchecked: millionths)
    }

    /// Of a payment, rounded down.
    public func of(_ amount: Amount) -> Amount {
        let (whole, rest) = amount.nanoCredits.quotientAndRemainder(dividingBy: 1_000_000)
        let rate = UInt128(millionths)
        return Amount(nanoCredits: whole * rate + rest * rate / 1_000_000)
    }
}

/// What a validator wants the fee to be.
public struct FeeVote: Hashable, Sendable {
    public var voter: PublicKey
    public var fee: MarketFee
}

/// The fee in force, and the open votes of one epoch.
public struct MarketRules: Hashable, Sendable {
    public var fee = MarketFee.standard
    /// In which the votes were given; in a later one they count no more.
    public var epoch: UInt64 = 0
    /// One for each validator that voted, by key.
    public var votes: [FeeVote] = []

    public init() {}
}

/// Why a vote on the fee is refused. Checks are made in this order.
public enum MarketRulesFailure: Error, Hashable, Sendable {
    case notValidator
    /// More than `MarketFee.most`.
    case invalidFee
    /// It is in force, or this validator's open vote is for it.
    case nothingNew
}

/// The slice of state this chapter reads and writes.
protocol MarketRulesState {
    var committee: EpochCommittee { get }
    var marketRules: MarketRules { get }
    mutating func set(_ rules: MarketRules)
}

extension MarketRulesState {
    /// Notes the vote of a validator; with a quorum for the same fee it is in force.
    ///
    /// - Returns: whether it is.
    mutating func voteFee(
        millionths: UInt32, by signer: Signer
    ) throws(MarketRulesFailure) -> Bool {
        guard committee.has(signer.key), signer.owner == OwnerID(firstKey: signer.key) else {
            throw .notValidator
        }
        guard let fee = MarketFee(millionths: millionths) else { throw .invalidFee }
        var rules = marketRules
        if rules.epoch != committee.epoch { rules.votes = [] }
        let vote = FeeVote(voter: signer.key, fee: fee)
        guard !rules.votes.contains(vote), fee != rules.fee || rules.hasVote(of: signer.key)
        else { throw .nothingNew }
        rules.epoch = committee.epoch
        rules.votes.removeAll { $0.voter == signer.key }
        if fee != rules.fee { rules.votes.append(vote) }
        rules.votes.sort { $0.voter < $1.voter }
        let quorum = committee.committee?.quorum ?? .max
        let isDecided = rules.votes.count { $0.fee == fee } >= quorum
        if isDecided { (rules.fee, rules.votes) = (fee, []) }
        set(rules)
        return isDecided
    }
}

extension MarketRules: StateEntry {
    var stateKey: StateKey { .law(.marketRules) }

    fileprivate func hasVote(of key: PublicKey) -> Bool { votes.contains { $0.voter == key } }

    func write(to writer: inout ByteWriter) {
        fee.write(to: &writer)
        writer.write(epoch)
        writer.write(UInt8(clamping: votes.count))
        for vote in votes {
            writer.write(vote.voter)
            vote.fee.write(to: &writer)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        fee = try reader.readFee()
        epoch = try reader.read()
        let start = reader.offset
        let count = Int(try reader.read(UInt8.self))
        guard count <= Limits.validatorsPerCommittee else {
            throw DecodingFailure(.overLimit, at: start)
        }
        for _ in 0..<count {
            votes.append(FeeVote(voter: try reader.read(), fee: try reader.readFee()))
        }
        guard votes.map(\.voter).isStrictlyAscending else {
            throw DecodingFailure(.notCanonical, at: start)
        }
    }
}

extension MarketFee {
    func write(to writer: inout ByteWriter) { writer.write(millionths) }
}

extension ByteReader {
    mutating func readFee() throws(DecodingFailure) -> MarketFee {
        let start = offset
        guard let fee = MarketFee(millionths: try read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        return fee
    }
}
