// What may look at each step of a machine before it is taken, and stop it there.

/// The state before one instruction.
public struct StepState: Sendable {
    /// Index of the instruction in the code.
    public let pc: UInt32
    /// Gas left; a basic block is paid for when it is entered.
    public let gas: UInt64
    /// The 13 registers.
    public let registers: [UInt64]
}

/// Sees every step. The interpreter is compiled once for each kind of observer, so that a run
/// without one pays nothing.
public protocol StepObserver {
    /// Whether steps need not be shown at all.
    static var isBlind: Bool { get }
    /// - Returns: whether the step is to be taken; if not, the machine stops before it.
    mutating func observe(_ state: StepState) -> Bool
}

/// Sees nothing.
struct NoObserver: StepObserver {
    static var isBlind: Bool { true }
    mutating func observe(_ state: StepState) -> Bool { true }
}

/// Stops a machine after a number of steps.
public struct StepLimit: StepObserver {
    public static var isBlind: Bool { false }
    /// Steps that may still be taken.
    public private(set) var remaining: Int

    public init(_ count: Int) { remaining = count }

    public mutating func observe(_ state: StepState) -> Bool {
        guard remaining > 0 else { return false }
        remaining -= 1
        return true
    }
}
