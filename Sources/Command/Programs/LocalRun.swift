// A program that runs here: the machine, and the host that answers its calls.
import PVM

/// Why a program stopped.
enum RunEnd: Hashable {
    case exit(Exit)
    /// It reads a word, and there is none.
    case rest
    /// It ended itself with this number.
    case ended(UInt64)

    /// Whether nothing went wrong.
    var isWell: Bool { self == .exit(.halt) || self == .rest || self == .ended(0) }

    var name: String {
        switch self {
        case .exit(let exit): exit.name
        case .rest: "rest"
        case .ended: "exit"
        }
    }
}

extension RunEnd: CustomStringConvertible {
    var description: String {
        switch self {
        case .exit(let exit): exit.description
        case .rest: "rest"
        case .ended(let number): "exit \(number)"
        }
    }
}

/// Sees nothing, so that a run costs nothing more.
struct Unwatched: StepObserver {
    static var isBlind: Bool { true }
    mutating func observe(_ state: StepState) -> Bool { true }
}

/// A value; a copy runs on by itself.
struct LocalRun {
    private(set) var machine: Machine
    /// Nil where every host call ends the run.
    private(set) var host: LocalHost?
    /// Why it cannot go on, or rests.
    private(set) var end: RunEnd?

    init(_ machine: Machine, host: LocalHost?) { (self.machine, self.host) = (machine, host) }

    /// Gives a program that rests something to read.
    mutating func add(_ words: [UInt64]) { host?.add(words) }

    /// Runs until something ends it.
    ///
    /// - Returns: nil where the observer stopped it.
    mutating func run(observing observer: inout some StepObserver) -> RunEnd? {
        if end == .rest, case .hostCall(let number) = machine.exit {
            end = nil
            if settle(number) { return end }
        }
        while end == nil {
            guard let exit = machine.run(observing: &observer) else { return nil }
            if case .hostCall(let number) = exit, host != nil {
                if settle(number) { return end }
            } else {
                end = .exit(exit)
            }
        }
        return end
    }

    /// Carries out a host call. - Returns: whether the run stops there.
    private mutating func settle(_ number: UInt64) -> Bool {
        switch host?.call(number, &machine) {
        case .done, .turn: return false
        case .rest: end = .rest
        case .ended(let reason): end = .ended(reason)
        case .refused, nil: end = .exit(.hostCall(number))
        }
        return true
    }
}
