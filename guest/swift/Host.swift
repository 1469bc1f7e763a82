// The host calls of agents with Swift names: docs/spec/agents.md, 2. Compiled together with the agent.
import AlthingHost

/// What an agent can reach: words in, words out, and requests to the ledger. Nothing else.
enum Host {
    /// The next word of the input; rests where there is none.
    static func read() -> UInt64 { althing_read() }

    /// Appends a word to the output.
    static func write(_ word: UInt64) { althing_write(word) }

    /// Ends the turn.
    static func yield() { althing_yield() }

    /// Ends the agent for good; 0 is well.
    static func exit(_ reason: UInt64 = 0) -> Never { althing_exit(reason) }

    /// The agent that runs.
    static var identity: Identifier { Identifier(althing_own_identity()) }

    /// Nanoseconds since 1970 by consensus.
    static var time: UInt64 { althing_time() }

    /// Emits a record whose payload is the words of `list`.
    static func record<let capacity: Int>(_ list: borrowing FixedList<capacity, UInt64>) -> Status {
        var request = Request(.record, count: list.count)
        for index in 0..<list.count { request.give(list[index]) }
        return request.finish()
    }

    /// Pays another agent, if the constitution of this one allows it. Rests until it is done.
    static func transfer(_ microCredits: UInt64, to agent: Identifier) -> Status {
        Status(rawValue: althing_transfer(agent.plain, microCredits)) ?? .refused
    }
}

/// How a request was answered.
enum Status: UInt32 {
    case done = 0
    case refused = 1
    /// Nobody answered in time, and the owner gave the call up.
    case unanswered = 2
}

/// A request to the ledger: the words are given one by one, then those of the answer are taken.
struct Request {
    enum Number: UInt64 {
        case identity = 1
        case time = 2
        case digest = 3
        case record = 4
        case call = 5
        case transfer = 6
        case state = 7
    }

    /// Words of the answer that were not taken yet.
    private(set) var remaining = 0

    /// - Parameter count: words that will be given, at most 4,096.
    init(_ number: Number, count: Int) { althing_begin(number.rawValue, UInt64(count)) }

    /// A call of `agent` with a message of `count` words.
    init(calling agent: Identifier, count: Int) { althing_begin_call(agent.plain, UInt64(count)) }

    /// Asks for `count` leaves, 1 to 64 of 8 words each, of another agent's accepted state.
    init(stateOf agent: Identifier, from first: UInt64, count: UInt64) {
        althing_begin_state(agent.plain, first, count)
    }

    func give(_ word: UInt64) { althing_ask(word) }

    /// Waits for the answer. After a call or a transfer this rests until the ledger has it.
    mutating func wait() -> Status {
        let reply = althing_next_reply()
        remaining = Int(reply.count)
        return Status(rawValue: reply.status) ?? .refused
    }

    /// The next word of the answer, nil behind its end.
    mutating func take() -> UInt64? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        return althing_answer()
    }

    /// Waits for the answer and forgets its words.
    mutating func finish() -> Status {
        let status = wait()
        while take() != nil {}
        return status
    }
}

/// An agent, a digest: 32 bytes.
struct Identifier: Equatable {
    var a: UInt64
    var b: UInt64
    var c: UInt64
    var d: UInt64

    static var zero: Identifier { Identifier(a: 0, b: 0, c: 0, d: 0) }
}

extension Identifier {
    init(_ plain: althing_id) {
        (a, b, c, d) = (plain.words.0, plain.words.1, plain.words.2, plain.words.3)
    }

    var plain: althing_id { althing_id(words: (a, b, c, d)) }
}

/// A message of the input. Read it to its end, or drop the rest with `finish`, before the next.
struct Message {
    /// The agent that sent it and waits for the answer; nil for a message from outside.
    let caller: Identifier?
    /// Words that were not read yet.
    private(set) var remaining: Int

    /// Rests until there is a message.
    static func next() -> Message {
        let message = althing_next_message()
        return Message(
            caller: message.is_call != 0 ? Identifier(message.caller) : nil,
            remaining: Int(message.count))
    }

    /// The next word, nil behind the end.
    mutating func read() -> UInt64? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        return althing_read()
    }

    /// The next 32 bytes, nil where there are not so many.
    mutating func readIdentifier() -> Identifier? {
        guard remaining >= 4, let a = read(), let b = read(), let c = read(), let d = read() else {
            return nil
        }
        return Identifier(a: a, b: b, c: c, d: d)
    }

    /// Reads and forgets the rest.
    mutating func finish() { while read() != nil {} }
}
