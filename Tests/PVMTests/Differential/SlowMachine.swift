// A second machine, written from the Gray Paper alone: it decodes each step from the bytes, keeps
// memory in a dictionary and computes in 128 bits. Slow, and made to be compared with the fast one.
import PVM

struct SlowMachine {
    let code: [UInt8]
    let mask: [Bool]
    let table: [UInt64]
    var registers: [UInt64]
    /// Whether a page may be written; absent pages do not exist.
    var pages: [UInt64: Bool] = [:]
    var memory: [UInt64: UInt8] = [:]
    var pc = 0
    var gas: UInt64
    var isPaid = false
    var steps = 0

    /// A halt, panic or fault inside a step.
    struct Interruption: Error {
        var exit: Exit
    }

    init(_ blob: ProgramBlob, registers: [UInt64], pc: Int, gas: UInt64) {
        (code, mask, table) = (blob.code, blob.starts, blob.jumpTable)
        (self.registers, self.pc, self.gas) = (registers, pc, gas)
    }

    // Bytes and blocks

    static let known: Set<UInt8> = {
        let ranges: [ClosedRange<UInt8>] = [
            0...1, 10...10, 20...20, 30...33, 40...40, 50...62, 70...73, 80...90, 100...111,
            120...161, 170...175, 180...180, 190...230,
        ]
        return Set(ranges.flatMap { Array($0) })
    }()
    static let terminators: Set<UInt8> = Set(
        [0, 1, 40, 50, 180] + Array(80...90) + Array(170...175))

    func byte(_ index: Int) -> UInt64 { index < code.count ? UInt64(code[index]) : 0 }

    func opcode(_ index: Int) -> UInt8 {
        guard index < code.count, mask[index], Self.known.contains(code[index]) else { return 0 }
        return code[index]
    }

    func skip(_ index: Int) -> Int {
        for distance in 0..<24 {
            let next = index + 1 + distance
            if next >= mask.count || mask[next] { return distance }
        }
        return 24
    }

    func isBlock(_ target: Int) -> Bool {
        guard target >= 0, target < code.count, mask[target], Self.known.contains(code[target])
        else { return false }
        if target == 0 { return true }
        return (max(0, target - 25)..<target).contains {
            mask[$0] && Self.terminators.contains(code[$0]) && $0 + 1 + skip($0) == target
        }
    }

    func blockCost(_ start: Int) -> UInt64 {
        var (index, cost): (Int, UInt64) = (start, 1)
        while !Self.terminators.contains(opcode(index)) {
            index += 1 + skip(index)
            cost += 1
        }
        return cost
    }

    func number(_ start: Int, _ count: Int) -> UInt64 {
        (0..<max(0, count)).reduce(0) { $0 + byte(start + $1) << UInt64(8 * $1) }
    }

    func immediate(_ start: Int, _ count: Int) -> UInt64 {
        let width = max(0, min(4, count))
        let value = Int128(number(start, width))
        let limit = Int128(1) << Int128(8 * width)
        return wrap(width > 0 && 2 * value >= limit ? value - limit : value)
    }

    // Numbers

    func wrap(_ value: Int128) -> UInt64 { UInt64(truncatingIfNeeded: value) }
    func signed(_ value: UInt64, _ bits: Int128 = 64) -> Int128 {
        let low = Int128(value) & ((1 << bits) - 1)
        return low >= 1 << (bits - 1) ? low - (1 << bits) : low
    }
    /// 32 bits of a result, sign-extended.
    func word(_ value: Int128) -> UInt64 { wrap(signed(wrap(value), 32)) }
    func low(_ value: UInt64) -> UInt64 { value % (1 << 32) }

    func quotient(_ left: Int128, _ right: Int128) -> Int128 { right == 0 ? -1 : left / right }
    func rest(_ left: Int128, _ right: Int128) -> Int128 { right == 0 ? left : left % right }

    func rotatedRight(_ value: UInt64, _ count: UInt64, _ bits: UInt64) -> UInt64 {
        (0..<bits).reduce(0) { $0 | (value >> (($1 + count) % bits) & 1) << $1 }
    }

    // Memory

    func check(_ address: UInt64, _ count: UInt64, writing: Bool) throws(Interruption) {
        for index in 0..<count {
            let place = UInt64(truncatingIfNeeded: UInt128(address) + UInt128(index)) % (1 << 32)
            let page = place / 4096
            if place >= 1 << 16, let isWritable = pages[page], isWritable || !writing { continue }
            let fault = Exit.pageFault(address: UInt32(page * 4096))
            throw Interruption(exit: place < 1 << 16 ? .panic : fault)
        }
    }

    func load(_ address: UInt64, _ count: UInt64) throws(Interruption) -> UInt64 {
        try check(address, count, writing: false)
        return (0..<count).reduce(0) {
            $0 + UInt64(memory[(address &+ $1) % (1 << 32)] ?? 0) << (8 * $1)
        }
    }

    mutating func store(
        _ value: UInt64, _ address: UInt64, _ count: UInt64
    ) throws(Interruption) {
        try check(address, count, writing: true)
        for index in 0..<count {
            memory[(address &+ index) % (1 << 32)] = UInt8(value >> (8 * index) & 0xFF)
        }
    }

    // Steps

    /// Runs until something happens, but for `sbrk`, which this machine has not.
    mutating func run() -> Exit {
        do throws(Interruption) {
            while true {
                if !isPaid {
                    let cost = blockCost(pc)
                    guard gas >= cost else { return .outOfGas }
                    gas -= cost
                    isPaid = true
                }
                let number = opcode(pc)
                let next = try step(number)
                steps += 1
                pc = next
                if Self.terminators.contains(number) { isPaid = false }
            }
        } catch {
            return error.exit
        }
    }

    func branch(_ isTaken: Bool, _ target: Int, _ next: Int) throws(Interruption) -> Int {
        guard isTaken else { return next }
        guard isBlock(target) else { throw Interruption(exit: .panic) }
        return target
    }

    func indirect(_ address: UInt64) throws(Interruption) -> Int {
        let place = low(address)
        if place == (1 << 32) - (1 << 16) { throw Interruption(exit: .halt) }
        guard place != 0, place % 2 == 0, place / 2 <= table.count,
            let target = Int(exactly: table[Int(place / 2) - 1]), isBlock(target)
        else { throw Interruption(exit: .panic) }
        return target
    }
}
