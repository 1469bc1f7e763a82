// Where the slowest requests of `bench lanes` waited, out of the node's own metrics.
import Platform
import Primitives

enum LaneStages {
    /// The longest and the mean of each part of a turn, and the longest of each stage of both
    /// lanes, since the node was started: in milliseconds.
    static func read(_ address: String) throws -> [Metric] {
        let response = try HTTPClient(address).request("GET", "/metrics")
        let text = String(decoding: response.body, as: UTF8.self)
        let lines = text.split(separator: "\n")
        let name = "althing_turns_total "
        let turns = lines.first { $0.hasPrefix(name) }.flatMap { Double($0.dropFirst(name.count)) }
        return lines.compactMap { metric($0, turns: max(1, turns ?? 0)) }
    }

    private static func metric(_ line: Substring, turns: Double) -> Metric? {
        let parts = line.split(separator: " ")
        guard parts.count == 2, let seconds = Double(parts[1]),
            let (family, labels) = split(parts[0])
        else { return nil }
        let prefix: String
        var divisor = 1.0
        switch family {
        case "althing_turn_seconds_total": (prefix, divisor) = ("mean_turn", turns)
        case "althing_lane_longest_seconds": prefix = "longest"
        case "althing_turn_longest_seconds": prefix = "longest_turn"
        default: return nil
        }
        let name = ([prefix] + labels).joined(separator: "_")
        return Metric(name, unit: "ms", samples: [seconds * 1_000 / divisor])
    }

    /// `family{a="x",b="y"}` as the family and x, y.
    private static func split(_ sample: Substring) -> (family: Substring, labels: [String])? {
        guard let brace = sample.firstIndex(of: "{") else { return nil }
        let quoted = sample[brace...].split(separator: "\"", omittingEmptySubsequences: false)
        let values = stride(from: 1, to: quoted.count, by: 2).map { String(quoted[$0]) }
        return (sample[..<brace], values)
    }
}
