// `althing store prune`: drops what is old from the store of a node that is not running.
import JSON
import Node
import Platform
import Primitives

enum PruneVerb {
    private static let before = Option(
        "before", OptionValue("DATE", .text),
        "What was recorded before it goes: 2026-11-01, or 2026-11-01T12:00:00Z."
    ).required
    private static let payloadsOnly = Option(
        "payloads-only", nil, "Drops payloads and keeps the records.")

    static let verb = Verb("prune", "Drops old payloads and records, not what proves others", prune)
        .discussed(
            "First the payloads and then the records of batches closed before DATE go, as far as "
                + "they lie in sealed segments and in certified checkpoints. Operations, headers "
                + "and totals of batches, blocks and checkpoints stay: the state follows from the "
                + "journal as before, and receipts verify, those of what stays and those handed "
                + "out. The node answers 410 for what is gone. An archived segment that loses "
                + "something comes back here, until it is archived again. The node must not be "
                + "running."
        )
        .example("althing store prune --before 2026-08-01 --data ./althing-data")
        .taking(before, payloadsOnly, Option.data.required, .json)

    private static func prune(_ call: Invocation) throws(CommandFailure) {
        let directory = try DataDirectory.existing(call)
        let text = try call.required(before)
        guard let date = CalendarTime.instant(text) else {
            throw call.invalid(before.spelling, text, expected: "a date such as 2026-11-01")
        }
        let opening = try directory.wholeOpening()
        let lock = try directory.lock()
        defer { lock.release() }
        let report: PruneReport
        do {
            report = try StorePrune.run(
                opening, before: date,
                scope: call.has(payloadsOnly) ? .payloads : .records, clock: SystemClock())
        } catch {
            throw StoreWords.failure(error, directory: directory)
        }
        let freed = (report.bytesBefore - min(report.bytesAfter, report.bytesBefore))
            + (report.payloads.bytesBefore
                - min(report.payloads.bytesAfter, report.payloads.bytesBefore))
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("through", .string(String(report.through))),
                    JSONMember("batches", .string(String(report.batches))),
                    JSONMember("records", .string(String(report.records))),
                    JSONMember("chunks", .string(String(report.payloads.chunks))),
                    JSONMember("bytesFreed", .string(String(freed))),
                ]))
        }
        var facts = Facts()
        facts.add("pruned through batch", Quantity.count(report.through))
        facts.add("batches pruned now", Quantity.count(report.batches))
        facts.add("records pruned now", Quantity.count(report.records))
        facts.add("payload chunks dropped", Quantity.count(report.payloads.chunks))
        facts.add("bytes freed", Quantity.bytes(freed))
        call.console.print(facts.text)
    }
}

/// Dates as people write them.
enum CalendarTime {
    /// The instant of `YYYY-MM-DD`, at midnight, or `YYYY-MM-DDThh:mm:ssZ`, in UTC; nil for
    /// anything else, and for years before 1970 or after 2500.
    static func instant(_ text: String) -> Instant? {
        let parts = text.split(separator: "T", omittingEmptySubsequences: false)
        guard let day = parts.first.flatMap({ numbers($0, "-", [4, 2, 2]) }),
            let days = days(year: day[0], month: day[1], day: day[2])
        else { return nil }
        var seconds = days * 86_400
        if parts.count == 2 {
            guard parts[1].hasSuffix("Z"), let time = numbers(parts[1].dropLast(), ":", [2, 2, 2]),
                time[0] < 24, time[1] < 60, time[2] < 60
            else { return nil }
            seconds += time[0] * 3_600 + time[1] * 60 + time[2]
        } else if parts.count != 1 {
            return nil
        }
        return Instant(nanoseconds: seconds * Nanoseconds.perSecond)
    }

    private static func numbers(
        _ text: Substring, _ separator: Character, _ widths: [Int]
    ) -> [UInt64]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == widths else { return nil }
        let values = parts.compactMap { ValueKind.number(String($0)) }
        return values.count == widths.count ? values : nil
    }

    private static func days(year: UInt64, month: UInt64, day: UInt64) -> UInt64? {
        guard (1970...2500).contains(year), (1...12).contains(month) else { return nil }
        func isLeap(_ year: UInt64) -> Bool {
            year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        }
        let lengths: [UInt64] = [
            31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31,
        ]
        guard (1...lengths[Int(month) - 1]).contains(day) else { return nil }
        let before = (1970..<year).reduce(UInt64(0)) { $0 + (isLeap($1) ? 366 : 365) }
        return before + lengths.prefix(Int(month) - 1).reduce(0, +) + day - 1
    }
}
