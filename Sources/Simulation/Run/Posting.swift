// How messages get from one machine to another, and what saboteurs make of them on the way.
import Primitives

extension World {
    /// Sends bytes to every machine that holds the key of `seat`.
    mutating func post(_ bytes: [UInt8], from machine: Int, to seat: Int) {
        guard seat < holders.count, seat != shells[machine].seat else { return }
        for holder in holders[seat] {
            guard speaks[machine][holder] else { continue }
            guard !isHealed, case .saboteur(let sabotage) = role(of: shells[machine].seat) else {
                carry(bytes, from: machine, to: holder)
                continue
            }
            tamper(bytes, from: machine, to: holder, sabotage)
        }
    }

    /// Puts bytes on the link.
    private mutating func carry(_ bytes: [UInt8], from machine: Int, to holder: Int) {
        let (first, second) = network.carry(
            bytes.count, from: machine, to: holder, at: now, counts: &faults)
        let input = MachineInput.message(bytes, from: shells[machine].seat)
        if let first { heap.push(.input(input, to: holder, life: nil), at: first) }
        if let second { heap.push(.input(input, to: holder, life: nil), at: second) }
    }

    /// A saboteur's old message arrives again.
    mutating func deliver(_ bytes: [UInt8], from machine: Int, to holder: Int) {
        guard !isHealed else { return }
        carry(bytes, from: machine, to: holder)
    }

    private mutating func tamper(
        _ bytes: [UInt8], from machine: Int, to holder: Int, _ sabotage: Sabotage
    ) {
        let target = shells[holder].seat
        if sabotage.ignored >> UInt64(target & 63) & 1 == 1
            || sabotageChance.isLucky(permille: sabotage.withholds)
        {
            faults[.withheld] += 1
            return
        }
        if sabotageChance.isLucky(permille: sabotage.repeats) {
            if overheard.count < 64 {
                overheard.append(bytes)
            } else {
                overheard[sabotageChance.below(64)] = bytes
            }
            if let old = sabotageChance.choose(overheard) {
                faults[.repeated] += 1
                let at = after(sabotageChance.below(2 * Nanoseconds.perSecond))
                heap.push(.echo(old, from: machine, to: holder), at: at)
            }
        }
        if sabotageChance.isLucky(permille: sabotage.forges),
            let forged = play.forge(bytes, as: shells[machine].seat, by: &sabotageChance)
        {
            faults[.forged] += 1
            carry(forged, from: machine, to: holder)
        } else if sabotageChance.isLucky(permille: sabotage.spoils) {
            faults[.spoiled] += 1
            carry(spoiled(bytes), from: machine, to: holder)
        } else {
            carry(bytes, from: machine, to: holder)
        }
    }

    /// A few bits turned, a piece cut off or put on, or nothing but chance.
    private mutating func spoiled(_ bytes: [UInt8]) -> [UInt8] {
        guard !bytes.isEmpty else { return [0] }
        var copy = bytes
        switch sabotageChance.below(5) {
        case 0: copy.removeLast(1 + sabotageChance.below(copy.count))
        case 1: copy += sabotageChance.bytes(1 + sabotageChance.below(40))
        case 2: copy = sabotageChance.bytes(1 + sabotageChance.below(400))
        default:
            for _ in 0...sabotageChance.below(3) {
                copy[sabotageChance.below(copy.count)] ^= UInt8(1 << sabotageChance.below(8))
            }
        }
        return copy
    }

    /// Each seat speaks with one machine of every seat that is run twice, some with both.
    mutating func divideTwins() {
        for seat in holders.indices where holders[seat].count > 1 {
            faults[.twins] += 1
            for other in shells.indices where shells[other].seat != seat {
                let side = chance.below(5)
                for (index, holder) in holders[seat].enumerated() {
                    let isOpen = side == 4 || side % 2 == index
                    speaks[holder][other] = isOpen
                    speaks[other][holder] = isOpen
                }
            }
        }
    }
}
