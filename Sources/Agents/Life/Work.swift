// A run on top of the accepted state, with what it was given.
import Primitives

/// A message and, where an agent calls, the caller's transition.
struct Delivery: Hashable, Sendable {
    var message: Message
    var from: Dependency?
}

struct Work: Sendable {
    var run: Run
    var given: [Delivery] = []
    var dependencies: [Dependency]
    /// Whether it answers an agent's call: then it has one turn and nothing else to read.
    var serves: Bool
    /// It rests at a `read`, and nothing was delivered since.
    var isAsleep = false

    /// Whether anything would be lost with it that was done before what it does now.
    var hasProgress: Bool { run.yields > 0 || given.count > 1 }

    /// Whether `next` may be read in this run: a call has a transition of its own.
    func mayTake(_ next: Delivery) -> Bool {
        guard !serves, run.hasRoom(for: next.message) else { return false }
        return next.message.caller == nil || given.isEmpty && run.yields == 0
    }

    mutating func take(_ next: Delivery) throws(RunFailure) {
        try run.deliver(next.message)
        given.append(next)
        isAsleep = false
        guard next.message.caller != nil else { return }
        serves = true
        if let from = next.from { dependencies.append(from) }
    }
}

/// A transition that was made and not accepted yet.
struct Submission: Sendable {
    var draft: TransitionDraft
    /// The state that it leaves.
    var image: Image
    var tree: ImageTree
    /// Whether that state is in the midst of answering an agent.
    var isServing: Bool
    var records: [[UInt64]]

    /// What it read.
    var deliveries: [Delivery] {
        draft.exchange.messages.map { message in
            Delivery(
                message: message,
                from: message.caller == nil ? nil : draft.header.dependencies.last)
        }
    }
}
