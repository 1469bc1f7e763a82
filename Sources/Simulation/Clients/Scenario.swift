// What a run is about: which program the seats run, what clients submit, and what a forger can do.
import Primitives

/// A body that a client submits.
struct Submission {
    var digest: Digest
    var bytes: [UInt8]
    /// The client's next body can be made only when this one was carried out.
    var mustBeExecuted = false
    /// It may come to nothing: a seat that is gone votes no more.
    var mayBeRefused = false
    /// Another body for the same place: at most one of the two may ever be carried out.
    var conflict: (digest: Digest, bytes: [UInt8])?
}

protocol Scenario {
    associatedtype Program: Machine

    /// n at the start.
    var seats: Int { get }
    /// Machines that start without a seat and may be voted in.
    var spares: Int { get }
    /// f.
    var faults: Int { get }
    /// How many clients there are.
    var clients: Int { get }

    /// The program of a machine that never ran before.
    func program(of seat: Int) -> Program

    /// The next body of a client; nil where it has none.
    mutating func submission(
        of client: Int, number: UInt64, at now: Instant, conflicting: Bool,
        by chance: inout Chance
    ) -> Submission?

    /// Lets the seats vote for a change; false where the scenario has none.
    mutating func changeSeats(by chance: inout Chance) -> Bool

    /// What a faulty seat that holds its key can make of a message; nil where it can do nothing.
    func forge(_ bytes: [UInt8], as seat: Int, by chance: inout Chance) -> [UInt8]?

    /// A body of a client is done: the one that is acknowledged or carried out.
    mutating func acknowledged(_ digest: Digest, of client: Int)

    /// What else must hold; a sentence where it does not. Called for facts of honest machines.
    mutating func objection(to fact: Fact, counts: inout CheckCounts) -> String?

    /// What else must hold at the end.
    mutating func finalObjection() -> String?
}
