// The loop that runs steps: one switch, operands read before it, results written after it.

/// Where a run is.
struct Progress {
    /// Position in the program's steps.
    var position: Int
    var gas: UInt64
    /// Whether the gas from this position to the end of its block was charged already.
    var isPaid: Bool
}

/// What ends the loop.
enum Stop {
    case exit(Exit)
    /// The step is an `sbrk`, which changes the memory that the loop looks at.
    case grow
    /// The observer said so.
    case observer
}

/// Pointers into a program and the cells of a machine; valid for one run.
struct Interpreter {
    let steps: UnsafePointer<Step>
    let jumps: UnsafeBufferPointer<UInt32>
    let cells: UnsafeMutablePointer<UInt64>

    /// The address that ends a program when it jumps there.
    private static let haltAddress: UInt32 = 0xFFFF_0000

    /// Runs until something stops it; `progress` is then at the step that did, which had no
    /// effect. Gas is charged a basic block at a time, on entry.
    func run<Observer: StepObserver>(
        _ progress: inout Progress, _ memory: inout PageCache, _ observer: inout Observer
    ) -> Stop {
        var index = progress.position
        var gas = progress.gas
        var isPaid = progress.isPaid
        defer { progress = Progress(position: index, gas: gas, isPaid: isPaid) }
        while true {
            if !isPaid {
                let cost = UInt64(steps[index].gas)
                guard gas >= cost else { return .exit(.outOfGas) }
                gas -= cost
                isPaid = true
            }
            if let stop = runBlock(&index, gas, &memory, &observer) { return stop }
            isPaid = false
        }
    }

    /// Runs to the end of a basic block, and leaves in `index` where the next one begins.
    ///
    /// The operations of this switch are the frequent ones; `Arithmetic` has the others.
    @inline(__always)
    private func runBlock<Observer: StepObserver>(
        _ index: inout Int, _ gas: UInt64, _ memory: inout PageCache, _ observer: inout Observer
    ) -> Stop? {
        while true {
            let step = steps + index
            if !Observer.isBlind, !observer.observe(state(step, gas)) { return .observer }
            let left = cells[Int(step.pointee.a)] &+ step.pointee.x
            let right = cells[Int(step.pointee.b)] &+ step.pointee.y
            var isFine = true
            let result: UInt64
            switch step.pointee.kernel {
            case .trap: return .exit(.panic)
            case .call: return .exit(.hostCall(step.pointee.x))
            case .grow: return .grow
            case .pass: return branch(false, step, &index)
            case .jump: return jump(step, right, &index)
            case .jumpIndirect: return jump(step, right, to: left, &index)
            case .branchEqual: return branch(left == right, step, &index)
            case .branchNotEqual: return branch(left != right, step, &index)
            case .branchLessUnsigned: return branch(left < right, step, &index)
            case .branchLessSigned: return branch(signed(left) < signed(right), step, &index)
            case .branchNotLessUnsigned: return branch(left >= right, step, &index)
            case .branchNotLessSigned: return branch(signed(left) >= signed(right), step, &index)
            case .loadU8: result = memory.load(UInt8.self, left, &isFine)
            case .loadI8: result = memory.load(Int8.self, left, &isFine)
            case .loadU16: result = memory.load(UInt16.self, left, &isFine)
            case .loadI16: result = memory.load(Int16.self, left, &isFine)
            case .loadU32: result = memory.load(UInt32.self, left, &isFine)
            case .loadI32: result = memory.load(Int32.self, left, &isFine)
            case .loadU64: result = memory.load(UInt64.self, left, &isFine)
            case .store8: result = memory.store(UInt8.self, right, left, &isFine)
            case .store16: result = memory.store(UInt16.self, right, left, &isFine)
            case .store32: result = memory.store(UInt32.self, right, left, &isFine)
            case .store64: result = memory.store(UInt64.self, right, left, &isFine)
            case .move: result = right
            case .add64: result = left &+ right
            case .add32: result = extended(low(left) &+ low(right))
            case .sub64: result = left &- right
            case .sub32: result = extended(low(left) &- low(right))
            case .mul64: result = left &* right
            case .mul32: result = extended(low(left) &* low(right))
            case .and: result = left & right
            case .or: result = left | right
            case .xor: result = left ^ right
            case .shiftLeft64: result = left &<< right
            case .shiftLeft32: result = extended(low(left) &<< low(right))
            case .shiftRight64: result = left &>> right
            case .shiftRight32: result = extended(low(left) &>> low(right))
            case .shiftRightSigned64: result = UInt64(bitPattern: signed(left) &>> signed(right))
            case .shiftRightSigned32: result = Arithmetic.shiftedRightSigned32(left, right)
            case .lessUnsigned: result = left < right ? 1 : 0
            case .lessSigned: result = signed(left) < signed(right) ? 1 : 0
            case .moveIfZero: result = right == 0 ? left : cells[Int(step.pointee.d)]
            case .moveIfNotZero: result = right != 0 ? left : cells[Int(step.pointee.d)]
            default: result = Arithmetic.result(step.pointee.kernel, left, right)
            }
            guard isFine else { return .exit(memory.fault) }
            cells[Int(step.pointee.d)] = result
            index += 1
        }
    }

    @inline(__always)
    private func branch(
        _ isTaken: Bool, _ step: UnsafePointer<Step>, _ index: inout Int
    ) -> Stop? {
        if isTaken { index = Int(step.pointee.target) } else { index += 1 }
        return nil
    }

    @inline(__always)
    private func jump(
        _ step: UnsafePointer<Step>, _ link: UInt64, _ index: inout Int
    ) -> Stop? {
        cells[Int(step.pointee.d)] = link
        index = Int(step.pointee.target)
        return nil
    }

    /// Jumps through the table: entry `n` has the address `2 (n + 1)` (Gray Paper, A.4: `djump`).
    @inline(__always)
    private func jump(
        _ step: UnsafePointer<Step>, _ link: UInt64, to address: UInt64, _ index: inout Int
    ) -> Stop? {
        cells[Int(step.pointee.d)] = link
        let place = low(address)
        let entry = Int(place >> 1) - 1
        guard place & 1 == 0, entry >= 0, entry < jumps.count,
            jumps[entry] != Program.noPosition
        else { return .exit(place == Self.haltAddress ? .halt : .panic) }
        index = Int(jumps[entry])
        return nil
    }

    private func state(_ step: UnsafePointer<Step>, _ gas: UInt64) -> StepState {
        let registers = UnsafeBufferPointer(start: cells, count: Machine.registerCount)
        return StepState(pc: step.pointee.pc, gas: gas, registers: Array(registers))
    }

    @inline(__always) private func low(_ value: UInt64) -> UInt32 { Arithmetic.low(value) }
    @inline(__always) private func signed(_ value: UInt64) -> Int64 { Arithmetic.signed(value) }
    @inline(__always) private func extended(_ value: UInt32) -> UInt64 {
        Arithmetic.extended(value)
    }
}
