// The configuration of a node: one struct per module, built from defaults, a file and flags.
import Gateway
import Node
import Platform

/// Everything a node can be told, apart from where its data is.
struct Configuration: Sendable {
    /// Where the node listens.
    var listen = "127.0.0.1:4318"
    /// Name of a chain that is made; a chain that exists keeps its own.
    var chainName = "althing"
    var node = NodeSettings()
    var http = HTTPLimits()
    /// Its address, port and limits of HTTP are taken from the members above.
    var gateway = GatewaySettings()
}

/// Where a setting's value came from.
enum SettingSource: String, Sendable {
    case standard = "default"
    case file
    case flag
}

/// What is wrong with a configuration; `place` is the path of a setting or the name of a flag.
enum ConfigurationFault: Error, Hashable, Sendable {
    case notJSON(file: String, offset: Int, reason: String)
    case notAnObject(place: String)
    case unknownSetting(place: String, suggestion: String?)
    case wrongValue(place: String, expected: String)
    /// Not of the form NAME=VALUE.
    case notAnAssignment(String)
}

extension ConfigurationFault {
    var sentence: String {
        switch self {
        case .notJSON(let file, let offset, let reason):
            "\(file) is not JSON: \(reason) at byte \(offset)"
        case .notAnObject(let place): "\(place) must be a JSON object"
        case .unknownSetting(let place, let suggestion):
            "there is no setting \(place)" + (suggestion.map { "; did you mean \($0)?" } ?? "")
        case .wrongValue(let place, let expected): "\(place) must be \(expected)"
        case .notAnAssignment(let text): "\"\(text)\" is not of the form NAME=VALUE"
        }
    }
}
