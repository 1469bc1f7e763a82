// `althing config`: what a node would run with, and where each value comes from.
import JSON

extension Option {
    static let config = Option(
        "config", OptionValue("FILE", .file), "JSON file with settings; unknown ones are refused.")

    static let set = Option(
        "set", OptionValue("NAME=VALUE", .text), "Sets one setting, over the file.").repeatable
}

extension Invocation {
    /// The configuration that the options of this command ask for.
    func configuration() throws(CommandFailure) -> LayeredConfiguration {
        var configuration = LayeredConfiguration()
        if let file = text(.config) {
            let text = try LocalFiles.read(file, limit: 1 << 20)
            do {
                try configuration.apply(file: file, text: text)
            } catch { throw .configuration(error) }
        }
        do {
            for text in texts(.set) { try configuration.apply(assignment: text) }
        } catch { throw .configuration(error) }
        return configuration
    }
}

enum ConfigCommand {
    static let verb = Verb(
        "config", "Shows the settings of a node",
        verbs: [
            Verb("show", "Prints every setting with its unit and where its value comes from", show)
                .discussed(
                    "Settings come from their defaults, then the file, then --set. The "
                        + "file is a JSON object; the dots of a name are objects inside it: "
                        + "{\"node\": {\"batchAgeNanoseconds\": 5000000}}. Environment "
                        + "variables are not read."
                )
                .example("althing config show")
                .example("althing config show --set node.batchRecords=512 --json")
                .taking(.config, .set, .json)
        ])

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let configuration = try call.configuration()
        call.has(.json) ? call.console.print(json(configuration)) : print(configuration, call)
    }

    private static func print(_ configuration: LayeredConfiguration, _ call: Invocation) {
        var table = Table(
            .text("SETTING"), .number("VALUE"), .text("UNIT"), .number("DEFAULT"), .text("FROM"),
            .text("MEANING"))
        for (setting, source) in zip(Settings.all, configuration.sources) {
            table.add(
                setting.name, setting.read(configuration.values).text, setting.unit,
                setting.read(Configuration()).text, source.rawValue, setting.summary)
        }
        call.console.print(table.text(for: call.console))
    }

    private static func json(_ configuration: LayeredConfiguration) -> JSONValue {
        let settings = zip(Settings.all, configuration.sources).map { setting, source in
            JSONValue.object([
                JSONMember("name", .string(setting.name)),
                JSONMember("value", setting.read(configuration.values).json),
                JSONMember("unit", .string(setting.unit)),
                JSONMember("default", setting.read(Configuration()).json),
                JSONMember("from", .string(source.rawValue)),
                JSONMember("meaning", .string(setting.summary)),
            ])
        }
        return .object([JSONMember("settings", .array(settings))])
    }
}
