// Why a run of an agent ends without a transition.
import Primitives

/// The agent's accepted state is as it was.
public enum RunFailure: Error, Hashable, Sendable {
    /// The image does not belong to the program.
    case invalidImage
    case panic(pc: UInt32)
    /// It accessed the page at this address, which no agent has.
    case pageFault(address: UInt32, pc: UInt32)
    /// The limit of gas for one transition is used up.
    case outOfGas
    case unknownCall(UInt64)
    /// A list of words, the number of messages, or the transition with all the leaves that were
    /// touched, is over its limit.
    case tooLong
    /// What it asked is no request.
    case invalidRequest
    /// It asked after a request that needs the ledger.
    case askedAfterCall
    /// It reads an answer and asked nothing.
    case nothingAsked
    /// It yields, reads or ends with a request half written or an answer half read.
    case unfinished
    /// It had all its turns and has still not read its messages to their end.
    case unreadInput
    /// A replay needs a leaf of the state that the transition does not show.
    case missingWitness(leaf: Int)
}
