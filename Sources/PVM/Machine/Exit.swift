// Why a machine stops.

/// The reasons of the Gray Paper, A.1.
public enum Exit: Hashable, Sendable {
    /// The program ended by jumping to 2^32 - 2^16.
    case halt
    /// The program did what it may not; it cannot go on.
    case panic
    /// The next basic block costs more than the gas that is left; with more gas it goes on.
    case outOfGas
    /// The instruction at the program counter needs the page at this address, which is a multiple
    /// of 4096; once it is mapped the program goes on.
    case pageFault(address: UInt32)
    /// The instruction at the program counter calls the host with this number; the program goes on
    /// after it.
    case hostCall(UInt64)
}

extension Exit: CustomStringConvertible {
    /// The word without its argument: `halt`, `panic`, `out-of-gas`, `page-fault`, `host-call`.
    public var name: String {
        switch self {
        case .halt: "halt"
        case .panic: "panic"
        case .outOfGas: "out-of-gas"
        case .pageFault: "page-fault"
        case .hostCall: "host-call"
        }
    }

    public var description: String {
        switch self {
        case .halt, .panic, .outOfGas: name
        case .pageFault(let address): "\(name) at 0x\(String(address, radix: 16))"
        case .hostCall(let number): "\(name) \(Int64(bitPattern: number))"
        }
    }
}
