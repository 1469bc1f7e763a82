// A table of refusals in which each row spoils one more thing, so that the order of checks is seen.
import Ledger
import Primitives
import Testing

/// Something a test can spoil and then carry out.
protocol Attempt {
    var state: LedgerState { get }
    mutating func run() throws(LedgerFailure) -> Effect
}

extension Request: Attempt {}
extension Submission: Attempt {}

/// One more fault, and the failure that it brings although the faults before are still there.
struct Rung<Tried: Attempt> {
    let expected: LedgerFailure
    let spoil: (inout Tried) -> Void

    init(_ expected: LedgerFailure, _ spoil: @escaping (inout Tried) -> Void) {
        self.expected = expected
        self.spoil = spoil
    }
}

/// Carries out `attempt`, then with the first rung's fault, then with those of the first two...
/// Every refusal must leave the state as it was.
func climb<Tried: Attempt>(
    _ attempt: Tried, to effect: Effect, _ rungs: [Rung<Tried>],
    _ location: SourceLocation = #_sourceLocation
) {
    var good = attempt
    #expect(outcome(&good) == .success(effect), sourceLocation: location)
    var spoiled = attempt
    for (number, rung) in rungs.enumerated() {
        rung.spoil(&spoiled)
        var tried = spoiled
        let found = outcome(&tried)
        #expect(found == .failure(rung.expected), "rung \(number)", sourceLocation: location)
        expectUnchanged(tried.state, since: spoiled.state, "rung \(number)", location)
    }
}

func outcome(_ attempt: inout some Attempt) -> Result<Effect, LedgerFailure> {
    do throws(LedgerFailure) {
        return .success(try attempt.run())
    } catch {
        return .failure(error)
    }
}

/// The entries of both states are equal, and the later one has nothing more to tell.
func expectUnchanged(
    _ after: LedgerState, since before: LedgerState, _ name: String, _ location: SourceLocation
) {
    var (before, after) = (before, after)
    let (old, new) = (World.entries(of: before), World.entries(of: after))
    #expect(new == old, "\(name)", sourceLocation: location)
    #expect(after.records == before.records, "\(name)", sourceLocation: location)
    #expect(after.agentCount == before.agentCount, "\(name)", sourceLocation: location)
    let (then, now) = (before.takeChanges(), after.takeChanges())
    #expect(now.map(\.key) == then.map(\.key), "\(name)", sourceLocation: location)
    #expect(now.map(\.value) == then.map(\.value), "\(name)", sourceLocation: location)
}

extension Array where Element == Rung<Request> {
    /// What is looked at before any chapter: sequence, signature, chain.
    static func beforeChapters(expecting sequence: UInt64) -> [Rung<Request>] {
        [
            Rung(.wrongSequence(expected: sequence, found: sequence + 1)) { $0.sequenceOffset = 1 },
            Rung(.invalidSignature) { $0.spoilsSignature = true },
            Rung(.wrongChain) { $0.chain = Digest() },
        ]
    }
}
