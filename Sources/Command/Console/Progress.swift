// A line of progress on the stream of errors, once a second for what takes longer than that.
import Platform
import Primitives

struct Progress {
    private let console: Console
    private let total: Int
    private let clock = SystemClock()
    private var nextAt: UInt64
    private var hasLine = false

    /// - Parameter total: how much there is to do, in the unit of `note`; 0 where it is not known.
    init(console: Console, total: Int) {
        self.console = console
        self.total = total
        nextAt = clock.monotonicNanoseconds() + Nanoseconds.perSecond
    }

    /// Something was done.
    ///
    /// - Parameter words: makes the line from what is done and the total.
    mutating func note(_ done: Int, _ words: (_ done: Int, _ total: Int) -> String) {
        let now = clock.monotonicNanoseconds()
        guard now >= nextAt else { return }
        nextAt = now + Nanoseconds.perSecond
        if console.isErrorTerminal {
            console.writeError("\r\u{1B}[K" + words(done, total))
            hasLine = true
        } else {
            console.note(words(done, total))
        }
    }

    /// Takes the line away where it was written in place.
    mutating func finish() {
        if hasLine { console.writeError("\r\u{1B}[K") }
        hasLine = false
    }
}
