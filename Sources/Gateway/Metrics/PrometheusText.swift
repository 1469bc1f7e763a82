// The text format of Prometheus, version 0.0.4.
import Primitives

/// Appends families of samples to one text.
struct PrometheusText {
    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    enum Kind: String {
        case counter, gauge, histogram
    }

    /// Begins a family. `help` holds no line break or backslash.
    mutating func family(_ name: String, _ kind: Kind, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n"
    }

    /// A family of one sample.
    mutating func single(_ name: String, _ kind: Kind, _ help: String, _ value: UInt64) {
        family(name, kind, help)
        sample(name, value)
    }

    mutating func sample(_ name: String, _ value: UInt64, labels: [(String, String)] = []) {
        text += "\(name)\(Self.braced(labels)) \(value)\n"
    }

    /// A duration in seconds.
    mutating func duration(
        _ name: String, nanoseconds: UInt64, labels: [(String, String)] = []
    ) {
        text += "\(name)\(Self.braced(labels)) \(Self.seconds(nanoseconds))\n"
    }

    /// A family of durations in seconds.
    mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
        family(name, .histogram, help)
        let (cumulative, sum) = histogram.snapshot
        for (bound, count) in zip(histogram.bounds, cumulative) {
            sample(name + "_bucket", count, labels: [("le", Self.seconds(bound))])
        }
        let all = cumulative.last ?? 0
        sample(name + "_bucket", all, labels: [("le", "+Inf")])
        text += "\(name)_sum \(Self.seconds(sum))\n"
        sample(name + "_count", all)
    }

    /// Nanoseconds as decimal seconds, without rounding and without needless zeros.
    static func seconds(_ nanoseconds: UInt64) -> String {
        let whole = nanoseconds / Nanoseconds.perSecond
        let rest = nanoseconds % Nanoseconds.perSecond
        if rest == 0 { return String(whole) }
        var digits = String(rest)
        digits = String(repeating: "0", count: 9 - digits.count) + digits
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }

    /// Label values are ours: patterns of routes, statuses, reasons; none needs an escape.
    private static func braced(_ labels: [(String, String)]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0)=\"\($1)\"" }.joined(separator: ",") + "}"
    }
}
