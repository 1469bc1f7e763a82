// The trace of a run: every event in order, as a hash and, on demand, as text.
import Cryptography
import Primitives

/// Equal seeds and equal code give equal traces, byte for byte.
struct Trace {
    private var hasher = BLAKE3Hasher()
    private var buffer = ByteWriter(capacity: 1 << 16)
    private(set) var lines: UInt64 = 0
    private let start: Instant
    private let write: ((String) -> Void)?

    /// - Parameter write: takes the text of each line, nil where nobody reads it.
    init(start: Instant, write: ((String) -> Void)?) {
        self.start = start
        self.write = write
    }

    /// One line: when, where, what, and two numbers that say more.
    mutating func note(
        _ time: Instant, _ kind: Mark, node: Int, _ first: UInt64 = 0, _ second: UInt64 = 0
    ) {
        lines += 1
        buffer.write(time)
        buffer.write(kind.code)
        buffer.write(UInt8(truncatingIfNeeded: node))
        buffer.write(first)
        buffer.write(second)
        if buffer.bytes.count > 60_000 { drain() }
        guard let write else { return }
        let at = time.nanoseconds(since: start) / 1_000
        let micros = String(at % 1_000_000)
        let padded = String(repeating: "0", count: 6 - micros.count) + micros
        let numbers = "\(String(first, radix: 16)) \(String(second, radix: 16))"
        write("\(at / 1_000_000).\(padded) \(node) \(kind) \(numbers)")
    }

    /// The same with words that stand in the text only.
    mutating func note(
        _ time: Instant, _ kind: Mark, node: Int, _ first: UInt64, _ words: String
    ) {
        note(time, kind, node: node, first)
        write?("    " + words)
    }

    private mutating func drain() {
        hasher.update(buffer.bytes)
        buffer = ByteWriter(capacity: 1 << 16)
    }

    /// The hash of all lines so far.
    mutating func digest() -> Digest {
        drain()
        return hasher.finalize()
    }

    /// What a line is about.
    enum Mark: UInt8 {
        case message = 1
        case submission, connected, tick, synced, syncFailed
        case client, crash, start, pause, fault, heal
        case committed, certified, final, refused, executed, epoch, adopted, accused, halted

        var code: UInt8 { rawValue }
    }
}

/// A short name of bytes for traces: their length and a few of their last bytes, which in signed
/// messages depend on everything.
func fingerprint(_ bytes: [UInt8]) -> UInt64 {
    var word = UInt64(bytes.count)
    for byte in bytes.suffix(8) { word = word &* 0x100_0000_01B3 ^ UInt64(byte) }
    for byte in bytes.prefix(72).suffix(8) { word = word &* 0x100_0000_01B3 ^ UInt64(byte) }
    return word
}
