// The canonical encoding of transitions (docs/spec/agents.md §3).
import Primitives

extension TransitionHeader {
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 512)
        write(to: &writer)
        return writer.bytes
    }

    func write(to writer: inout ByteWriter) {
        writer.write(chain)
        writer.write(agent)
        writer.write(program)
        writer.write(sequence)
        writer.write(attempt)
        writer.write(time)
        writer.write(oldRoot)
        writer.write(newRoot)
        writer.write(end.rawValue)
        writer.write(effort.turns)
        writer.write(effort.steps)
        writer.write(effort.gas)
        writer.write(exchange)
        writer.write(UInt8(dependencies.count))
        for dependency in dependencies {
            dependency.height.write(to: &writer)
            writer.write(dependency.root)
        }
        AgentHeight.write(clock, to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        chain = try reader.read()
        agent = try reader.read()
        program = try reader.read()
        sequence = try reader.read()
        attempt = try reader.read()
        time = try reader.readInstant()
        oldRoot = try reader.read()
        newRoot = try reader.read()
        let start = reader.offset
        guard let end = TransitionEnd(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self.end = end
        effort = Effort(
            turns: try reader.read(), steps: try reader.read(), gas: try reader.read())
        exchange = try reader.read()
        for _ in 0..<(try reader.readCount(limit: AgentLimits.dependencies)) {
            dependencies.append(
                Dependency(height: try AgentHeight(from: &reader), root: try reader.read()))
        }
        clock = try AgentHeight.readList(&reader)
    }
}

extension AgentHeight {
    public func write(to writer: inout ByteWriter) {
        writer.write(agent)
        writer.write(sequence)
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        agent = try reader.read()
        sequence = try reader.read()
    }

    /// A clock: at most `AgentLimits.clockEntries`.
    public static func write(_ clock: [AgentHeight], to writer: inout ByteWriter) {
        writer.write(UInt8(clock.count))
        for height in clock { height.write(to: &writer) }
    }

    public static func readList(
        _ reader: inout ByteReader
    ) throws(DecodingFailure) -> [AgentHeight] {
        var clock: [AgentHeight] = []
        for _ in 0..<(try reader.readCount(limit: AgentLimits.clockEntries)) {
            clock.append(try AgentHeight(from: &reader))
        }
        return clock
    }
}

extension SignedHeader {
    public func write(to writer: inout ByteWriter) {
        header.write(to: &writer)
        writer.write(signature)
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        header = try TransitionHeader(from: &reader)
        signature = try reader.read()
    }
}

extension Exchange {
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 256)
        write(to: &writer)
        return writer.bytes
    }

    func write(to writer: inout ByteWriter) {
        writer.write(UInt8(answer == nil ? 0 : 1))
        if let answer {
            writer.write(answer.status.rawValue)
            writer.writeWords(answer.words)
        }
        writer.write(UInt8(messages.count))
        for message in messages {
            writer.write(UInt8(message.caller == nil ? 0 : 1))
            if let caller = message.caller { writer.write(caller) }
            writer.writeWords(message.words)
        }
        writer.writeWords(output)
        writer.writeWords(requests)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        self.init()
        if try reader.readBit() {
            let start = reader.offset
            guard let status = HostAnswer.Status(rawValue: try reader.read()) else {
                throw DecodingFailure(.outOfRange, at: start)
            }
            // The output of another agent, which may have more words than a message.
            answer = HostAnswer(status, try reader.readWords(limit: AgentLimits.wordsPerList))
        }
        for _ in 0..<(try reader.readCount(limit: AgentLimits.messages)) {
            let caller: AgentID? = try reader.readBit() ? try reader.read() : nil
            messages.append(
                Message(from: caller, try reader.readWords(limit: AgentLimits.wordsPerFrame)))
        }
        output = try reader.readWords(limit: AgentLimits.wordsPerList)
        requests = try reader.readWords(limit: AgentLimits.wordsPerList)
    }
}

extension Multiproof {
    public func write(to writer: inout ByteWriter) {
        writer.write(UInt16(leaves.count))
        for leaf in leaves {
            writer.write(leaf.index)
            writer.append(leaf.bytes)
        }
        writer.write(UInt16(siblings.count))
        for sibling in siblings { writer.write(sibling) }
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        (leaves, siblings) = ([], [])
        for _ in 0..<(try reader.readCount(UInt16.self, limit: AgentLimits.leaves)) {
            leaves.append(
                Leaf(
                    index: try reader.read(),
                    bytes: try reader.read(count: ImageTree.leafBytes)))
        }
        siblings = try reader.readList(
            count: try reader.readCount(UInt16.self, limit: AgentLimits.siblings))
    }
}

extension Evidence {
    func write(to writer: inout ByteWriter) {
        writer.write(kind.rawValue)
        switch self {
        case .reexecution(let proof): proof.write(to: &writer)
        case .proof(let bytes): writer.writeCounted(bytes)
        }
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        switch Kind(rawValue: try reader.read()) {
        case .reexecution: self = .reexecution(try Multiproof(from: &reader))
        case .proof: self = .proof(try reader.readCounted(limit: AgentLimits.proofBytes))
        case nil: throw DecodingFailure(.outOfRange, at: start)
        }
    }
}

extension Transition {
    public var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 4096)
        write(to: &writer)
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        try self.init(from: &reader)
        try reader.finish()
    }

    public func write(to writer: inout ByteWriter) {
        signed.write(to: &writer)
        exchange.write(to: &writer)
        evidence.write(to: &writer)
    }

    public init(from reader: inout ByteReader) throws(DecodingFailure) {
        let first = reader.offset
        signed = try SignedHeader(from: &reader)
        exchange = try Exchange(from: &reader)
        evidence = try Evidence(from: &reader)
        guard reader.offset - first <= AgentLimits.transitionBytes else {
            throw DecodingFailure(.overLimit, at: first)
        }
    }
}

extension ByteWriter {
    /// A 16-bit count and the words.
    public mutating func writeWords(_ words: [UInt64]) {
        write(UInt16(words.count))
        for word in words { write(word) }
    }
}

extension ByteReader {
    mutating func readCount<Width: FixedWidthInteger & UnsignedInteger>(
        _: Width.Type = UInt8.self, limit: Int
    ) throws(DecodingFailure) -> Int {
        let start = offset
        let count = Int(try read(Width.self))
        guard count <= limit else { throw DecodingFailure(.overLimit, at: start) }
        return count
    }

    mutating func readBit() throws(DecodingFailure) -> Bool {
        let start = offset
        let value = try read(UInt8.self)
        guard value <= 1 else { throw DecodingFailure(.outOfRange, at: start) }
        return value == 1
    }

    /// Counted words, at most `limit`.
    public mutating func readWords(limit: Int) throws(DecodingFailure) -> [UInt64] {
        let count = try readCount(UInt16.self, limit: limit)
        guard remaining >= 8 * count else { throw DecodingFailure(.truncated, at: offset) }
        var words: [UInt64] = []
        words.reserveCapacity(count)
        for _ in 0..<count { words.append(try read()) }
        return words
    }
}
