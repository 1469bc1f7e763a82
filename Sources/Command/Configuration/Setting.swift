// One setting: its name in files and flags, its unit, its range, and where its value lives.
import Gateway
import JSON

/// The value of a setting.
enum SettingValue: Hashable, Sendable {
    case text(String)
    case number(UInt64)

    var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        }
    }

    /// Numbers over 2^53 would lose digits in JavaScript, and none of the settings is that large.
    var json: JSONValue {
        switch self {
        case .text(let text): .string(text)
        case .number(let number): .integer(number)
        }
    }
}

/// A setting of a node.
struct Setting: Sendable {
    /// The path in the configuration file, parts joined by dots; the unit comes last in it.
    let name: String
    /// "" where it has none.
    let unit: String
    let summary: String
    /// Nil for text.
    let range: ClosedRange<UInt64>?
    /// What a text may be; empty where it may be anything but empty.
    let choices: [String]
    let read: @Sendable (Configuration) -> SettingValue
    private let assign: @Sendable (inout Configuration, SettingValue) -> Void

    /// A setting that is text: one of `choices`, where there are any.
    init(
        _ name: String, _ path: WritableKeyPath<Configuration, String> & Sendable,
        choices: [String] = [], _ summary: String
    ) {
        self.name = name
        self.summary = summary
        self.choices = choices
        unit = ""
        range = nil
        read = { .text($0[keyPath: path]) }
        assign = { if case .text(let text) = $1 { $0[keyPath: path] = text } }
    }

    /// A setting that is a number of `unit` in `range`.
    init<Number: FixedWidthInteger & Sendable>(
        _ name: String, _ path: WritableKeyPath<Configuration, Number> & Sendable,
        _ range: ClosedRange<UInt64>, _ unit: String, _ summary: String
    ) {
        self.name = name
        self.summary = summary
        self.unit = unit
        self.range = range
        choices = []
        read = { .number(UInt64(clamping: $0[keyPath: path])) }
        assign = {
            if case .number(let number) = $1 { $0[keyPath: path] = Number(clamping: number) }
        }
    }

    /// A setting that is the level of a log.
    init(
        _ name: String, _ path: WritableKeyPath<Configuration, LogLevel> & Sendable,
        _ summary: String
    ) {
        self.name = name
        self.summary = summary
        unit = ""
        range = nil
        choices = LogLevel.allCases.map(\.name)
        read = { .text($0[keyPath: path].name) }
        assign = { configuration, value in
            let level = LogLevel.allCases.first { $0.name == value.text }
            if let level { configuration[keyPath: path] = level }
        }
    }

    /// Whether an empty text stands for none.
    private var mayBeEmpty: Bool { read(Configuration()).text.isEmpty }

    /// What a value must be, in words.
    var expectation: String {
        if !choices.isEmpty { return "one of " + choices.joined(separator: ", ") }
        guard let range else { return mayBeEmpty ? "text" : "text that is not empty" }
        return "a number of \(unit) from \(range.lowerBound) to \(range.upperBound)"
    }

    /// Sets the value; `place` names it in a fault.
    func set(
        _ value: SettingValue, in configuration: inout Configuration, place: String
    ) throws(ConfigurationFault) {
        switch (value, range) {
        case (.text(let text), nil) where choices.contains(text): break
        case (.text(let text), nil) where choices.isEmpty && (!text.isEmpty || mayBeEmpty): break
        case (.number(let number), let range?) where range.contains(number): break
        default: throw .wrongValue(place: place, expected: expectation)
        }
        assign(&configuration, value)
    }
}
