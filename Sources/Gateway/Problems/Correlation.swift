// The id by which a request is found again in the log: the sender's own where it is sane.
import Platform
import Primitives

enum Correlation {
    /// Characters of an id that a sender chose.
    private static let lengths = 1...64

    /// `X-Correlation-Id` where it is 1 to 64 letters, digits, `-`, `_` or `.`; else the trace id
    /// of `traceparent` (W3C Trace Context §3.2); else a new one.
    static func id(of headers: HTTPFields) -> String {
        if let chosen = headers["x-correlation-id"], isSane(chosen) { return chosen }
        if let parent = headers["traceparent"], let trace = traceID(parent) { return trace }
        return made()
    }

    /// Sixteen hexadecimal digits by chance. Not a secret.
    static func made() -> String {
        var generator = SystemRandomNumberGenerator()
        let word: UInt64 = generator.next()
        return OperationID(word: word).hex
    }

    private static func isSane(_ text: String) -> Bool {
        lengths.contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: byte == 0x2D || byte == 0x5F || byte == 0x2E
                }
            }
    }

    private static func traceID(_ parent: String) -> String? {
        let parts = parent.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].utf8.count == 2, let run = RunID(hex: parts[1]),
            !run.isZero
        else { return nil }
        return run.hex
    }
}
