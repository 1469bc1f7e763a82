// How each instruction becomes registers, immediates and flags of a row.
import PVM

extension StepPlan {
    /// - Parameter count: instructions of the program; targets beyond it are panics.
    /// - Returns: nil for a step that no proof goes by.
    init?(_ step: Step, position: UInt32, count: Int) {
        guard step.kernel != .trap, step.kernel != .grow else { return nil }
        var draft = PlanDraft(step)
        draft.aim()
        let target = step.target < count ? step.target : ProvableProgram.panicPosition
        let aims = step.kernel == .jump || step.kernel.isBranch
        places = UInt64(position) | UInt64(position + 1) << 20
        if aims { places |= UInt64(target) << 40 }
        plan = draft.first | draft.second << 4 | draft.result << 8 | draft.code << 12
        for flag in draft.flags { plan |= flag.mask }
        leftImmediate = draft.left
        immediates = draft.right & 0xFFFF_FFFF | draft.third << 32
    }
}

/// A plan while it is made.
private struct PlanDraft {
    let step: Step
    /// Registers.
    var first = StepPlan.zero
    var second = StepPlan.zero
    var result = StepPlan.zero
    /// Immediates.
    var left: UInt64 = 0
    var right: UInt64 = 0
    var third: UInt64 = 0
    var code: UInt64 = 0
    var flags: [Flag] = [.usesFirst]

    init(_ step: Step) { self.step = step }

    /// Where it goes on, then what it does.
    mutating func aim() {
        switch step.kernel {
        case .jump: flags.append(.jump)
        case .jumpIndirect: flags.append(.indirect)
        case let kernel where kernel.isBranch: flags.append(.branch)
        default: flags.append(.sequence)
        }
        if step.kernel.isLoad || step.kernel.isStore { return access() }
        switch step.kernel {
        case .pass: flags.append(.old)
        case .call: call()
        case .jump: link()
        case .jumpIndirect:
            // The base is the right operand, so that the first register is zero for the link.
            (second, left) = (register(step.a), step.x)
            link()
        case .moveIfZero, .moveIfNotZero: move()
        case let kernel where kernel.isBranch:
            operands()
            flags.append(.old)
            compare()
        default: compute()
        }
    }

    private func register(_ cell: UInt8) -> UInt64 { UInt64(cell) }

    private mutating func operands() {
        (first, left) = (register(step.a), step.x)
        (second, right) = (register(step.b), step.y)
    }

    private mutating func call() {
        (first, result) = (StepPlan.hostRegister, StepPlan.hostRegister)
        third = step.x
        flags.append(.host)
    }

    private mutating func link() {
        if step.d == Cell.sink {
            flags.append(.old)
        } else {
            (result, third) = (register(step.d), step.y)
            flags.append(.link)
        }
    }

    private mutating func move() {
        flags = [.sequence, .move, .equal]
        if step.kernel == .moveIfNotZero { flags.append(.negates) }
        (first, third) = (register(step.a), step.x)
        (second, result) = (register(step.b), register(step.d))
    }

    /// The address is the first register plus the right immediate.
    private mutating func access() {
        (first, right) = (register(step.a), step.x)
        flags.append(.memory)
        let width = UInt64(step.kernel.accessWidth.trailingZeroBitCount)
        if step.kernel.isStore {
            (result, third) = (register(step.b), step.y)
            flags.append(.old)
            code = 1 << (UInt64(AccessCode.store) + width)
        } else {
            result = register(step.d)
            code = 1 << (UInt64(AccessCode.load) + width)
            if [.loadI8, .loadI16, .loadI32].contains(step.kernel) {
                code |= 1 << (UInt64(AccessCode.signed) + width)
            }
        }
    }

    private mutating func compare() {
        switch step.kernel {
        case .branchEqual: flags += [.equal]
        case .branchNotEqual: flags += [.equal, .negates]
        case .branchLessUnsigned, .lessUnsigned, .minimumUnsigned:
            flags += [.subtracts, .lessUnsigned]
        case .branchLessSigned, .lessSigned, .minimumSigned: flags += [.subtracts, .lessSigned]
        case .branchNotLessUnsigned, .maximumUnsigned:
            flags += [.subtracts, .lessUnsigned, .negates]
        default: flags += [.subtracts, .lessSigned, .negates]
        }
    }

    private mutating func compute() {
        operands()
        result = register(step.d)
        switch step.kernel {
        case .add64: flags.append(.sum64)
        case .add32: flags.append(.sum32)
        case .sub64: flags += [.subtracts, .sum64]
        case .sub32: flags += [.subtracts, .sum32]
        case .and: flags.append(.and)
        case .or: flags.append(.or)
        case .xor: flags.append(.xor)
        case .andInverted: flags += [.inverts, .and]
        case .orInverted: flags += [.inverts, .or]
        case .xnor: flags += [.inverts, .xor]
        case .lessUnsigned, .lessSigned:
            flags.append(.comparison)
            compare()
        case .maximumSigned, .maximumUnsigned, .minimumSigned, .minimumUnsigned:
            flags.append(.selection)
            compare()
        default: unary()
        }
    }

    /// The operand of those that have one is the right one of the step, and the left one here.
    private mutating func unary() {
        let flag: Flag
        switch step.kernel {
        case .move: flag = .left
        case .signExtend8: flag = .sign8
        case .signExtend16: flag = .sign16
        case .zeroExtend16: flag = .zero16
        case .reverseBytes: flag = .reversed
        default:
            guard let bits = BitsCode.of(step.kernel) else { return delegate() }
            (flag, code) = (.bits, bits)
        }
        (first, left) = (register(step.b), step.y)
        (second, right) = (StepPlan.zero, 0)
        flags.append(flag)
    }

    private mutating func delegate() {
        if let shift = ShiftCode.of(step.kernel) {
            flags.append(.shift)
            code = shift
        } else if let product = ProductCode.of(step.kernel) {
            flags.append(.product)
            code = product
        } else {
            flags.append(.quotient)
            code = QuotientCode.of(step.kernel)
        }
    }
}

extension BitsCode {
    static func of(_ kernel: Kernel) -> UInt64? {
        switch kernel {
        case .countSetBits64: whole.mask | set.mask
        case .countSetBits32: low32.mask | set.mask
        case .leadingZeros64: whole.mask
        case .leadingZeros32: leading32.mask
        case .trailingZeros64: trailing64.mask
        case .trailingZeros32: trailing32.mask
        default: nil
        }
    }
}

extension ShiftCode {
    static func of(_ kernel: Kernel) -> UInt64? {
        let whole = is64.mask | shifts.mask | shifts64.mask
        return switch kernel {
        case .shiftLeft64: whole | reverses.mask
        case .shiftRight64: whole
        case .shiftRightSigned64: whole | fillsSign.mask
        case .shiftLeft32: shifts.mask | zero32.mask | reverses.mask
        case .shiftRight32: shifts.mask | zero32.mask
        case .shiftRightSigned32: shifts.mask | sign32.mask | fillsSign.mask
        case .rotateLeft64: is64.mask | reverses.mask
        case .rotateRight64: is64.mask
        case .rotateLeft32: twice32.mask | reverses.mask
        case .rotateRight32: twice32.mask
        default: nil
        }
    }
}

extension ProductCode {
    static func of(_ kernel: Kernel) -> UInt64? {
        switch kernel {
        case .mul64: low64.mask
        case .mul32: low32.mask
        case .mulUpperUnsigned: high.mask
        case .mulUpperSigned: high.mask | leftSigned.mask | rightSigned.mask
        case .mulUpperSignedUnsigned: high.mask | leftSigned.mask
        default: nil
        }
    }
}

extension QuotientCode {
    /// Zero, which no row satisfies, for what is no division.
    static func of(_ kernel: Kernel) -> UInt64 {
        switch kernel {
        case .divideUnsigned64: is64.mask
        case .divideSigned64: is64.mask | signed.mask
        case .divideUnsigned32: unsigned32.mask
        case .divideSigned32: signed32.mask | signed.mask
        case .remainderUnsigned64: is64.mask | remainder.mask
        case .remainderSigned64: is64.mask | signed.mask | remainder.mask
        case .remainderUnsigned32: unsigned32.mask | remainder.mask
        case .remainderSigned32: signed32.mask | signed.mask | remainder.mask
        default: 0
        }
    }
}
