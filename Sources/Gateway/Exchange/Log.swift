// Structured log lines: one JSON object a line.
import Environment
import JSON
import Platform
import Primitives

/// The log of a gateway.
struct Log: Sendable {
    let level: LogLevel
    let clock: any Clock
    let write: @Sendable (String) -> Void

    /// Writes a line with `members` where the level asks for it. No tokens, no payloads.
    func note(_ level: LogLevel, _ event: String, _ members: (inout JSONWriter) -> Void) {
        guard level <= self.level else { return }
        var writer = JSONWriter(capacity: 256)
        writer.object {
            $0.member("time", quoted: clock.now().nanoseconds)
            $0.member("level", level.name)
            $0.member("event", event)
            members(&$0)
        }
        write(String(decoding: writer.bytes, as: UTF8.self) + "\n")
    }
}
