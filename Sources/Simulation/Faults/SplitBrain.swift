// The strongest adversary of a run: seats run twice that keep honest seats apart, for tests of what
// happens when more than f seats are faulty.

/// Each half of the honest seats hears one machine of every twin and nothing of the other half,
/// from the start until everything is mended. With more than f twins both halves have quorums.
struct SplitBrain {
    /// Seats that are run twice.
    let twins: [Int]

    func roles(seats: Int) -> [Role] {
        (0..<seats).map { twins.contains($0) ? .twins : .honest }
    }

    /// Which half each machine is in: members are seats and spares, the second machines of twins
    /// have the numbers after them in the order of `twins`.
    func halves(members: Int) -> [Int] {
        var honest = 0
        let first = (0..<members).map { seat in
            if twins.contains(seat) { return 0 }
            honest += 1
            return (honest - 1) % 2
        }
        return first + twins.map { _ in 1 }
    }
}
