// The events of a run.
import Primitives

enum Event {
    /// Something reaches a machine; of a life that is over it means nothing, nil is any life.
    case input(MachineInput, to: Int, life: UInt64?)
    case tick(Int, life: UInt64)
    /// A pause or a start is over: look at what waits.
    case resume(Int, life: UInt64)
    /// A commit is over.
    case synced(Int, life: UInt64, isGood: Bool)
    case start(Int)
    case client(Int)
    case disaster(Int)
    /// A saboteur's late copy of a message.
    case echo([UInt8], from: Int, to: Int)
}
