// Defaults, then the file, then flags: the configuration and where each value in it came from.
import JSON

struct LayeredConfiguration: Sendable {
    private(set) var values = Configuration()
    /// One for each of `Settings.all`, in its order.
    private(set) var sources = [SettingSource](
        repeating: .standard, count: Settings.all.count)

    /// Reads the JSON text of a configuration file; every member must be a known setting.
    mutating func apply(file: String, text: [UInt8]) throws(ConfigurationFault) {
        let document: JSONDocument
        do {
            document = try JSONDocument(text, limits: JSONLimits(depth: 8, bytes: 1 << 20))
        } catch {
            throw .notJSON(file: file, offset: error.offset, reason: "\(error.reason)")
        }
        guard document.root.kind == .object else { throw .notAnObject(place: file) }
        try apply(document.root, below: "", depth: 0)
        values.resolvePaths(from: LocalFiles.folder(of: file))
    }

    /// The depth is bounded by the limits of the parser.
    private mutating func apply(
        _ object: JSONNode, below prefix: String, depth: Int
    ) throws(ConfigurationFault) {
        for (key, node) in object.members {
            let name = prefix + (key.string ?? "")
            if Settings.all.contains(where: { $0.name.hasPrefix(name + ".") }) {
                guard node.kind == .object else { throw .notAnObject(place: name) }
                try apply(node, below: name + ".", depth: depth + 1)
            } else {
                let index = try Self.index(of: name)
                let setting = Settings.all[index]
                guard let value = Self.value(node) else {
                    throw .wrongValue(place: name, expected: setting.expectation)
                }
                try set(index, value, from: .file)
            }
        }
    }

    /// Applies one `NAME=VALUE` of the command line.
    mutating func apply(assignment text: String) throws(ConfigurationFault) {
        guard let equals = text.firstIndex(of: "=") else { throw .notAnAssignment(text) }
        try apply(
            flag: String(text[..<equals]), String(text[text.index(after: equals)...]))
    }

    /// Applies a flag that stands for the setting `name`.
    mutating func apply(flag name: String, _ text: String) throws(ConfigurationFault) {
        let index = try Self.index(of: name)
        let setting = Settings.all[index]
        guard setting.range != nil else { return try set(index, .text(text), from: .flag) }
        guard let number = ValueKind.number(text) else {
            throw .wrongValue(place: name, expected: setting.expectation)
        }
        try set(index, .number(number), from: .flag)
    }

    private mutating func set(
        _ index: Int, _ value: SettingValue, from source: SettingSource
    ) throws(ConfigurationFault) {
        let setting = Settings.all[index]
        try setting.set(value, in: &values, place: setting.name)
        sources[index] = source
    }

    private static func index(of name: String) throws(ConfigurationFault) -> Int {
        guard let index = Settings.all.firstIndex(where: { $0.name == name }) else {
            let known = Settings.all.map(\.name)
            throw .unknownSetting(
                place: name, suggestion: Suggestion.nearest(to: name, among: known))
        }
        return index
    }

    private static func value(_ node: JSONNode) -> SettingValue? {
        if let text = node.string { return .text(text) }
        return node.integer(as: UInt64.self).map { .number($0) }
    }
}
