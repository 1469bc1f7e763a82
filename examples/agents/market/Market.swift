// An agent that makes a market between two goods by the constant product: x y never falls by a trade.

/// What stands in the pool.
struct Pool {
    var x: UInt64 = 0
    var y: UInt64 = 0

    /// 997 of 1000 parts of what comes in count: the rest stays in the pool as the fee.
    static let counted: UInt64 = 997
    static let parts: UInt64 = 1000
    /// Units of each good, so that products with the parts fit 64 bits and those of two 128.
    static let most: UInt64 = 1 << 53

    /// What `amount` of one good brings of the other, rounded down: the pool never loses by it.
    ///
    /// - Returns: nil where nothing comes out or the pool would hold more than `most`.
    static func output(_ amount: UInt64, from source: UInt64, to target: UInt64) -> UInt64? {
        guard amount > 0, source > 0, target > 0, amount <= most, source <= most - amount else {
            return nil
        }
        let effective = amount * counted
        let product = effective.multipliedFullWidth(by: target)
        let divisor = source * parts + effective
        // The quotient is below `target`, so that it fits.
        let quotient = divisor.dividingFullWidth(product).quotient
        return quotient > 0 ? quotient : nil
    }

    mutating func add(_ moreX: UInt64, _ moreY: UInt64) -> Bool {
        guard moreX <= Self.most - x, moreY <= Self.most - y else { return false }
        x += moreX
        y += moreY
        return true
    }

    /// Takes `amount` of x (or y), gives y (or x), at least `least` of it.
    mutating func trade(_ amount: UInt64, isX: Bool, least: UInt64) -> UInt64? {
        let (source, target) = isX ? (x, y) : (y, x)
        guard let given = Self.output(amount, from: source, to: target), given >= least else {
            return nil
        }
        if isX {
            x += amount
            y -= given
        } else {
            y += amount
            x -= given
        }
        return given
    }
}

/// A message is a verb and its words; the answer is 1 or 0 for whether it was done, and three words.
enum Verb: UInt64 {
    /// x, y: adds to the pool. Only for whoever sent the first message.
    case add = 1
    /// amount of x, least y: answers the y that is given.
    case giveX = 2
    /// amount of y, least x: answers the x that is given.
    case giveY = 3
    /// Answers nothing but the pool.
    case show = 4
}

@main struct Market {
    static func main() {
        var pool = Pool()
        var first = Message.next()
        let owner = first.caller
        take(&first, owner, &pool)
        while true {
            var message = Message.next()
            take(&message, owner, &pool)
        }
    }

    static func take(_ message: inout Message, _ owner: Identifier?, _ pool: inout Pool) {
        let verb = message.read().flatMap(Verb.init)
        let one = message.read() ?? 0
        let other = message.read() ?? 0
        message.finish()
        var given: UInt64? = nil
        switch verb {
        case .add: given = message.caller == owner && pool.add(one, other) ? 0 : nil
        case .giveX: given = pool.trade(one, isX: true, least: other)
        case .giveY: given = pool.trade(one, isX: false, least: other)
        case .show: given = 0
        case nil: break
        }
        Host.write(given == nil ? 0 : 1)
        Host.write(given ?? 0)
        Host.write(pool.x)
        Host.write(pool.y)
        Host.yield()
    }
}
