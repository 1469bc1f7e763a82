// What the simulator runs: a program of one seat that takes bytes and time and returns actions.
import Consensus
import Primitives
import Records
import Replica

/// What happens to a machine.
enum MachineInput {
    /// A client of this machine submits a body.
    case submit([UInt8])
    /// Authenticated bytes of another seat.
    case message(Parcel, from: Int)
    /// A link to this seat is up.
    case connected(Int)
    case tick
}

/// What a machine asks of its shell. Actions after a `record` wait until it is durable.
enum MachineAction {
    case record(kind: UInt8, [UInt8])
    case send([UInt8], to: Int)
    /// To every other seat.
    case broadcast([UInt8])
    /// Come back with `tick` at this time of the machine's clock or soon after.
    case wake(Instant)
    /// Something that clients or oracles want to know.
    case fact(Fact)
}

/// What a machine claims. Honest machines must agree on everything that is ordered.
enum Fact {
    /// A body submitted here cannot be lost any more.
    case final(Digest)
    /// A body submitted here changed nothing; in words, why.
    case refused(Digest, String)
    /// The next payload of the graph, its number from 1.
    case ordered(UInt64, Digest)
    /// The next body of the ledger was carried out.
    indirect case executed(Execution)
    case committed(UInt64, Digest)
    /// It keeps this certificate and will confirm it.
    case kept(Certificate)
    indirect case certified(SealedCheckpoint)
    indirect case epoch(EpochStep)
    /// It goes on from the state at this checkpoint, which others have.
    case adopted(height: UInt64)
    /// A seat signed what no honest seat signs.
    case accused(Int)
    /// Others have signatures of its own that it does not know: it signs nothing more.
    case forgot
    /// It saw what more than f faulty seats alone can do, and signs nothing more.
    case halted(String)
}

/// Why a journal cannot be replayed, in words for a report.
struct ReplayRefusal: Error {
    var reason: String
}

/// The program of one seat. A value: same inputs, same actions.
protocol Machine {
    mutating func step(
        _ input: MachineInput, at now: Instant, into actions: inout [MachineAction])

    /// Takes a journal entry of a life before; facts come out again.
    mutating func replay(
        kind: UInt8, _ bytes: [UInt8], into actions: inout [MachineAction]
    ) throws(ReplayRefusal)

    /// The replay is over.
    mutating func start(at now: Instant, into actions: inout [MachineAction])
}
