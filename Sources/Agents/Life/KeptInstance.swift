// What of an instance outlives its process: the accepted state and the transitions that wait.
import Primitives

extension Instance {
    private static let keptVersion: UInt16 = 2
    /// With one transition at most, and without what was given up.
    private static let lastVersion: UInt16 = 1

    /// To be safe before transitions are sent: after a restart the same are sent again. The
    /// inbox and the run are not in it: outside messages are asked again, calls stand in the
    /// ledger.
    public var kept: [UInt8] {
        var writer = ByteWriter(capacity: image.bytes.count + 1024)
        writer.write(Self.keptVersion)
        writer.write(identity.agent)
        writer.write(sequence)
        writer.write(attempt)
        writer.write(end?.rawValue ?? 0)
        writer.write(UInt8(isServing ? 1 : 0))
        AgentHeight.write(clock, to: &writer)
        writer.writeCounted(image.bytes)
        writer.write(UInt8(made.count))
        for each in made {
            each.draft.header.write(to: &writer)
            each.draft.exchange.write(to: &writer)
            each.draft.evidence.write(to: &writer)
            writer.writeCounted(each.image.bytes)
            writer.write(UInt8(each.isServing ? 1 : 0))
        }
        writer.write(signedThrough)
        return writer.bytes
    }

    /// An instance as it was kept. Tell it its place in the ledger next, and where an answer waits
    /// there, that.
    ///
    /// - Throws: where the bytes are not those of an instance of this agent and program. Images
    ///   are not checked otherwise: the root is, with the place in the ledger.
    public init(
        restoring bytes: [UInt8], _ identity: InstanceIdentity, of program: AgentProgram,
        at now: Instant
    ) throws(DecodingFailure) {
        self.init(identity, of: program, at: now)
        var reader = ByteReader(bytes)
        let version: UInt16 = try reader.read()
        guard version == Self.keptVersion || version == Self.lastVersion else {
            throw DecodingFailure(.unknownVersion, at: 0)
        }
        guard try reader.read(AgentID.self) == identity.agent else {
            throw DecodingFailure(.outOfRange, at: 2)
        }
        sequence = try reader.read()
        attempt = try reader.read()
        let start = reader.offset
        let number: UInt8 = try reader.read()
        end = TransitionEnd(rawValue: number)
        guard number == 0 || end != nil else { throw DecodingFailure(.outOfRange, at: start) }
        isServing = try reader.readBit()
        clock = try AgentHeight.readList(&reader)
        image = try Self.readImage(&reader, of: program)
        tree = ImageTree(of: image, leafCount: program.leafCount)
        let most = version == Self.lastVersion ? 1 : TransitionSeries.mostMembers
        for _ in 0..<(try reader.readCount(limit: most)) {
            held.append(try readSubmission(&reader))
        }
        submission = held.popLast()
        if version == Self.keptVersion { signedThrough = try reader.read() }
        try reader.finish()
    }

    private static func readImage(
        _ reader: inout ByteReader, of program: AgentProgram
    ) throws(DecodingFailure) -> Image {
        let start = reader.offset
        let bytes = try reader.readCounted(limit: AgentLimits.imageBytes)
        guard bytes.count == Image.cellBytes + program.standard.windowBytes else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        return Image(bytes: bytes)
    }

    private func readSubmission(
        _ reader: inout ByteReader
    ) throws(DecodingFailure) -> Submission {
        let header = try TransitionHeader(from: &reader)
        let exchange = try Exchange(from: &reader)
        let evidence = try Evidence(from: &reader)
        let image = try Self.readImage(&reader, of: program)
        return Submission(
            draft: TransitionDraft(header: header, exchange: exchange, evidence: evidence),
            image: image, tree: ImageTree(of: image, leafCount: program.leafCount),
            isServing: try reader.readBit(), records: exchange.records)
    }
}
