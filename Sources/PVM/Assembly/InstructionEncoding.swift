// The bytes of an instruction, each immediate in as few as it needs.

extension Instruction {
    /// Bytes that a sign-extended immediate needs: 0 to 4, nil where four do not hold it.
    package static func width(of immediate: UInt64) -> Int? {
        let value = Int64(bitPattern: immediate)
        if value == 0 { return 0 }
        return (1...4).first { width in
            let free = Int64(64 - 8 * width)
            return (value << free) >> free == value
        }
    }

    /// The instruction's bytes; registers and immediates must be in their ranges.
    ///
    /// - Parameter distance: bytes for the distance to the target, at least what it needs.
    package func encoded(distance width: Int) -> [UInt8] {
        let pair = a | b << 4
        let sized = UInt8(Self.width(of: x) ?? 4)
        let way = Self.low(UInt64(bitPattern: Int64(target - pc)), width)
        switch specification.form {
        case .bare: return head([])
        case .immediate: return head([]) + Self.short(x)
        case .registerWide: return head([a]) + Self.low(x, 8)
        case .twoImmediates: return head([sized]) + Self.short(x) + Self.short(y)
        case .offset: return head([]) + way
        case .registerImmediate: return head([a]) + Self.short(x)
        case .registerTwoImmediates:
            return head([a | sized << 4]) + Self.short(x) + Self.short(y)
        case .registerImmediateOffset: return head([a | sized << 4]) + Self.short(x) + way
        case .twoRegisters: return head([d | a << 4])
        case .twoRegistersImmediate: return head([pair]) + Self.short(x)
        case .twoRegistersOffset: return head([pair]) + way
        case .twoRegistersTwoImmediates:
            return head([pair, sized]) + Self.short(x) + Self.short(y)
        case .threeRegisters: return head([pair, d])
        }
    }

    private func head(_ bytes: [UInt8]) -> [UInt8] { [specification.number] + bytes }

    private static func short(_ value: UInt64) -> [UInt8] { low(value, width(of: value) ?? 4) }

    private static func low(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
}
