// The configuration of a node: one struct per module, built from defaults, a file and flags.
import Gateway
import Node
import Platform
import Records

/// Everything a node can be told.
struct Configuration: Sendable {
    /// Directory of keys and store; "" where an option names it.
    var data = ""
    /// File with the passphrase of the keys; "" where an option names it, or the terminal asks.
    var passphraseFile = ""
    /// Whether the keys protect anything.
    var mode = DataDirectory.Mode.production.rawValue
    /// Where the node listens.
    var listen = "127.0.0.1:4318"
    /// Where other validators connect; "" where the node has no peers.
    var peerListen = ""
    /// The validators, this one among them or not, in the form of `PeerList`.
    var peers = ""
    /// Name of a chain that is made; a chain that exists keeps its own.
    var chainName = "althing"
    /// Settings of a chain that is made; a chain that exists keeps its own.
    var chain = ChainSettings.standard
    var node = NodeSettings()
    var http = HTTPLimits()
    /// Its address, port and limits of HTTP are taken from the members above.
    var gateway = GatewaySettings()

    var isDevelopment: Bool { mode == DataDirectory.Mode.development.rawValue }

    /// Paths in a file are meant as seen from the file's folder.
    mutating func resolvePaths(from folder: String) {
        for path in [\Configuration.data, \.passphraseFile] {
            let text = self[keyPath: path]
            if !text.isEmpty, !text.hasPrefix("/") { self[keyPath: path] = folder + "/" + text }
        }
    }
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
