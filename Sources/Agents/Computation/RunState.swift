// Where a run for a task stands after a number of steps, as one digest that anybody can argue about
// (docs/spec/tasks.md §4).
import Cryptography
import Primitives

/// Whether a run for a task goes on.
public enum RunPhase: UInt8, CaseIterable, Sendable {
    case running
    /// It exited, or reads on after the last word.
    case ended
    /// A panic, a fault, a call that tasks do not have, or too many words written.
    case failed
}

/// All that the next step depends on, beside program and input.
public struct RunState: Hashable, Sendable {
    public var phase = RunPhase.running
    /// Root of the image; before the step that ended the run where it does not go on.
    public var root: Digest
    /// Words of the input that were read.
    public var read: UInt32 = 0
    /// Words written.
    public var written: UInt32 = 0
    /// Of the words written: zero for none.
    public var output = Digest()

    public init(root: Digest) { self.root = root }

    private static let stateDomain = HashDomain("althing 2026 task state v1")
    private static let inputDomain = HashDomain("althing 2026 task input v1")
    private static let outputDomain = HashDomain("althing 2026 task output v1")

    public var digest: Digest {
        var writer = ByteWriter(capacity: 80)
        write(to: &writer)
        return Self.stateDomain.hash(writer.bytes)
    }

    /// The digest of the words that a run is given.
    public static func input(_ words: [UInt64]) -> Digest {
        var writer = ByteWriter(capacity: 4 + 8 * words.count)
        writer.write(UInt32(clamping: words.count))
        for word in words { writer.write(word) }
        return inputDomain.hash(writer.bytes)
    }

    /// The digest of the words that a run wrote: each is added to that of those before it.
    public static func output(_ words: [UInt64]) -> Digest { words.reduce(Digest(), adding) }

    /// That of the words before and one more.
    static func adding(_ output: Digest, _ word: UInt64) -> Digest {
        var writer = ByteWriter(capacity: 40)
        writer.write(output)
        writer.write(word)
        return outputDomain.hash(writer.bytes)
    }

    /// `u8 phase ‖ root ‖ u32 read ‖ u32 written ‖ output`.
    package func write(to writer: inout ByteWriter) {
        writer.write(phase.rawValue)
        writer.write(root)
        writer.write(read)
        writer.write(written)
        writer.write(output)
    }

    package init(from reader: inout ByteReader) throws(DecodingFailure) {
        let start = reader.offset
        guard let phase = RunPhase(rawValue: try reader.read()) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        self.phase = phase
        root = try reader.read()
        read = try reader.read()
        written = try reader.read()
        output = try reader.read()
    }
}
