// Where the slowest requests of `bench lanes` waited, out of the node's own metrics.
import Platform
import Primitives

enum LaneStages {
    /// The longest of each part of a turn, and of each stage of both lanes, since the node was
    /// started: in milliseconds.
    static func read(_ address: String) throws -> [Metric] {
        let response = try HTTPClient(address).request("GET", "/metrics")
        let text = String(decoding: response.body, as: UTF8.self)
        return text.split(separator: "\n").compactMap(metric)
    }

    private static func metric(_ line: Substring) -> Metric? {
        let parts = line.split(separator: " ")
        guard parts.count == 2, let seconds = Double(parts[1]),
            let (family, labels) = split(parts[0])
        else { return nil }
        let prefix: String
        switch family {
        case "althing_lane_longest_seconds": prefix = "longest"
        case "althing_turn_longest_seconds": prefix = "longest_turn"
        default: return nil
        }
        let name = ([prefix] + labels).joined(separator: "_")
        return Metric(name, unit: "ms", samples: [seconds * 1_000])
    }

    /// `family{a="x",b="y"}` as the family and x, y.
    private static func split(_ sample: Substring) -> (family: Substring, labels: [String])? {
        guard let brace = sample.firstIndex(of: "{") else { return nil }
        let quoted = sample[brace...].split(separator: "\"", omittingEmptySubsequences: false)
        let values = stride(from: 1, to: quoted.count, by: 2).map { String(quoted[$0]) }
        return (sample[..<brace], values)
    }
}
