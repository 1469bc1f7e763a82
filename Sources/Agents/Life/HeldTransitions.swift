// Transitions made on each other before the ledger accepted the first, so that they share a proof.
import Primitives

/// What the next run starts from: the accepted state, or the one that the last held transition
/// leaves.
struct Footing {
    var image: Image
    var tree: ImageTree
    var sequence: UInt64
    var clock: [AgentHeight]
    var end: TransitionEnd?
    var isServing: Bool
    /// Of the ledger, to what the accepted state waits with.
    var answer: (answer: HostAnswer, by: Dependency?)?
}

/// What may be made before the ledger accepted the first of it.
enum HeldLimits {
    /// At which nothing is added: twice as many still have a proof that a transition can carry.
    static let steps: UInt64 = 4_000
    /// Bytes of headers and exchanges: with the largest proof they fit a series.
    static let bytes = 24 << 10
    /// Bytes of the touched parts, which are kept.
    static let witnessBytes = 256 << 10
    /// Bytes of all images, that of the accepted state and that of the next one included.
    static let imageBytes = 3 * AgentLimits.imageBytes
}

extension Instance {
    /// What was made and not accepted, oldest first.
    var made: [Submission] { held + [submission].compactMap(\.self) }

    /// The transitions that were made and not accepted, oldest first.
    public var waiting: [TransitionDraft] { made.map(\.draft) }

    /// The same, each with the state that it was made from.
    public var waitingRuns: [(draft: TransitionDraft, image: Image)] {
        let made = made
        return zip(made, [image] + made.map(\.image)).map { ($0.draft, $1) }
    }

    /// Whether transitions are held and nothing was made on top of them.
    public var isHolding: Bool { submission == nil && !held.isEmpty }

    /// Whether messages are there that no run has read.
    public var hasMail: Bool { !inbox.isEmpty }

    /// Whether what was made may be held: the ledger has nothing to answer to it, no turn failed
    /// lately, and there is room for one more.
    public var mayHold: Bool {
        guard let submission, cautiousTurns == 0, submission.mayBeFollowed,
            held.count + 2 <= TransitionSeries.mostMembers,
            (held.count + 3) * image.bytes.count <= HeldLimits.imageBytes
        else { return false }
        let drafts = waiting
        return drafts.reduce(0) { $0 &+ $1.header.effort.steps } < HeldLimits.steps
            && drafts.reduce(0) { $0 + $1.bareByteCount } < HeldLimits.bytes
            && drafts.reduce(0) { $0 + $1.byteCount } < HeldLimits.witnessBytes
    }

    var footing: Footing {
        guard let last = held.last else {
            return Footing(
                image: image, tree: tree, sequence: sequence, clock: clock, end: end,
                isServing: isServing, answer: answer)
        }
        let header = last.draft.header
        return Footing(
            image: last.image, tree: last.tree, sequence: header.sequence, clock: header.clock,
            end: header.end, isServing: last.isServing, answer: nil)
    }

    /// Never one under which another transition of the sequence was signed.
    func attempt(at sequence: UInt64) -> UInt16 {
        sequence == self.sequence + 1 || sequence <= signedThrough ? attempt : firstAttempt
    }

    mutating func hold() {
        guard let made = submission, made.mayBeFollowed else { return }
        submission = nil
        held.append(made)
    }

    /// What a run in progress was given is read once the ledger accepted what is held.
    mutating func gather(_ actions: inout [InstanceAction]) {
        guard submission == nil, let last = held.popLast() else { return }
        dropWork()
        submission = last
        actions.append(.submit(last.draft))
    }

    mutating func giveUp() {
        dropWork()
        (held, submission) = ([], nil)
    }

    private mutating func dropWork() {
        inbox.insert(contentsOf: work?.given ?? [], at: 0)
        work = nil
    }

    /// What these read is read again, and each transition is submitted alone, as another attempt.
    mutating func doAgain(_ lost: ArraySlice<Submission>) {
        guard let last = lost.last else { return }
        inbox.insert(contentsOf: lost.flatMap(\.deliveries), at: 0)
        signedThrough = max(signedThrough, last.draft.header.sequence)
        cautiousTurns = lost.reduce(0) {
            $0 + $1.deliveries.count + Int($1.draft.header.effort.turns)
        }
        let highest = lost.map(\.draft.header.attempt).reduce(attempt, max)
        attempt = highest < .max ? highest + 1 : highest
    }
}

extension Submission {
    /// Whether a run can start from it that nobody else has to answer.
    fileprivate var mayBeFollowed: Bool {
        draft.header.end == .yielded || draft.header.end == .starved
    }
}
