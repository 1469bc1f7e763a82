// Tuples that rows put into channels or take out of them; in the end every channel is empty.

/// The channels. The number stands in the top four bits of the first word of every tuple, put there
/// as a constant, so that no tuple of one channel equals one of another.
package enum Channel: UInt8, CaseIterable, Sendable {
    /// The program's instructions, each with the number of its uses so far.
    case program = 1
    /// Registers and memory cells with the clock of their last access.
    case cells = 2
    /// Accesses to memory, from the steps to the table that does them.
    case access = 3
    case shift = 4
    case product = 5
    case quotient = 6
    case bits = 7
    /// Rows of eight bits of a product, to the row that finishes it.
    case partial = 8
    /// Indirect jumps, from the steps to the table that does them.
    case jump = 9
    /// Entries of the jump table, each with the number of its uses so far.
    case jumpTable = 10
    /// Calls to the host.
    case host = 11

    /// The place of the number in the first word.
    package static let place = 60
    /// Elements of each tuple of the channel, 1 to 3.
    package var elementCount: Int {
        switch self {
        case .cells, .access, .jump, .jumpTable: 1
        case .shift, .product, .quotient, .bits, .host: 2
        case .program, .partial: 3
        }
    }
}

/// An element of GF(2^128) as two forms: bit `i` of `low` is the coefficient of x^i, bit `i` of
/// `high` that of x^(64+i).
package struct ElementForm: Sendable {
    package var low: LinearForm
    package var high: LinearForm

    init(_ low: LinearForm, _ high: LinearForm) { (self.low, self.high) = (low, high) }
}

/// When a row flushes. Each of these is zero in rows that are not active: bits by a constraint of
/// their table.
package enum Selector: Sendable {
    /// In every active row.
    case active
    /// In the last row of each group of eight, if it is active.
    case activeGroupEnd
    /// Where a bit of a column is one.
    case bit(column: Int, bit: Int)
}

/// A tuple that each selected row pushes into a channel or pulls out of it.
package struct Flush: Sendable {
    package enum Direction: Sendable {
        case push
        case pull
    }

    package let name: String
    package let channel: Channel
    package let direction: Direction
    package let selector: Selector
    /// As many as the channel's tuples have; refers to no next row.
    package let elements: [ElementForm]

    /// - Parameter elements: the top four bits of the first word are replaced by the channel.
    init(
        _ name: String, _ direction: Direction, _ channel: Channel, if selector: Selector,
        _ elements: [ElementForm]
    ) {
        precondition(elements.count == channel.elementCount, "the channel's number of elements")
        (self.name, self.channel, self.direction) = (name, channel, direction)
        self.selector = selector
        var elements = elements
        let number = UInt64(channel.rawValue) << UInt64(Channel.place)
        elements[0].low =
            elements[0].low & LinearForm.mask(0, Channel.place) ^ .constant(number)
        self.elements = elements
    }
}

/// A tuple in numbers.
package struct Tuple: Hashable, Sendable {
    /// Low word, then high word of each element.
    package var words: [UInt64]

    package init(_ words: [UInt64]) { self.words = words }

    /// A public tuple of a channel, as the forms would give it.
    ///
    /// - Parameter words: the first below 2^60; two for each element.
    init(_ channel: Channel, _ words: [UInt64]) {
        precondition(words.count == 2 * channel.elementCount, "the channel's number of elements")
        precondition(words[0] >> UInt64(Channel.place) == 0, "room for the channel's number")
        var words = words
        words[0] |= UInt64(channel.rawValue) << UInt64(Channel.place)
        self.words = words
    }

    /// The channel, nil for a number that is none.
    package var channel: Channel? { Channel(rawValue: UInt8(words[0] >> UInt64(Channel.place))) }
}
