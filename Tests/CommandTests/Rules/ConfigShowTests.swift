// `config show`: a snapshot, and proof that no setting of a module is left out.
import JSON
import Platform
import TestSupport
import Testing

@testable import Command

@Suite struct ConfigShowTests {
    /// After a wanted change: `althing config show > Tests/Vectors/command/config-show.txt`.
    @Test func textIsTheSnapshot() throws {
        let snapshot = try #require(VectorFiles.read("command/config-show.txt"))
        #expect(althing("config", "show").out == String(decoding: snapshot, as: UTF8.self))
    }

    @Test func jsonHasTheSameSettings() throws {
        let settings = try althing("config", "show", "--json").json.list("settings")
        #expect(settings.map { $0.text("name") } == Settings.all.map(\.name))
        for setting in settings {
            #expect(setting["value"] == setting["default"])
            #expect(setting.text("from") == "default")
            #expect(!setting.text("meaning").isEmpty)
        }
    }

    @Test(arguments: Settings.all.indices)
    func defaultsLieInTheirRanges(index: Int) throws {
        let setting = Settings.all[index]
        var configuration = Configuration()
        let value = setting.read(configuration)
        // Not set: a text that is given must say something.
        if case .text("") = value { return }
        try setting.set(value, in: &configuration, place: setting.name)
        #expect(setting.read(configuration) == value)
        #expect((setting.range == nil) == setting.unit.isEmpty)
    }

    /// Members of settings structs that are set in another way or are no settings.
    private static let exceptions: Set<String> = [
        // Told by `listen`, by the build, or by the place of the program.
        "address", "port", "version", "commit", "dashboardDirectory", "log",
        "directory", "key",
        // Structs of their own, listed by their members.
        "http", "telemetry", "replica", "chain", "hosting",
        // Bounds of the formats and of the ledger, equal on every node.
        "tokensPerSpan", "costPerSpan", "earliest", "displayBytes",
    ]

    @Test func everyMemberOfASettingsStructIsASetting() {
        let configuration = Configuration()
        let names = Set(
            Settings.all.map { $0.name.split(separator: ".").last.map(String.init) ?? "" })
        let structs: [Any] = [
            configuration.node, configuration.node.replica, configuration.http,
            configuration.gateway, configuration.gateway.telemetry, configuration.gateway.hosting,
        ]
        for value in structs {
            for label in Mirror(reflecting: value).children.compactMap(\.label) {
                #expect(names.contains(label) || Self.exceptions.contains(label), "\(label)")
            }
        }
    }

    @Test func sourcesAreNamed() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file(
            "c.json", #"{"node": {"batchRecords": 7, "compressionLevel": 3}, "chainName": "x"}"#)
        let ending = althing(
            "config", "show", "--config", file, "--set", "node.batchRecords=9", "--json")
        var found: [String: (String, String)] = [:]
        for setting in try ending.json.list("settings") where setting.text("from") != "default" {
            let value = setting["value"]?.string ?? String(setting.number("value"))
            found[setting.text("name")] = (value, setting.text("from"))
        }
        #expect(found.count == 3)
        #expect(found["node.batchRecords"] ?? ("", "") == ("9", "flag"))
        #expect(found["node.compressionLevel"] ?? ("", "") == ("3", "file"))
        #expect(found["chainName"] ?? ("", "") == ("x", "file"))
    }
}
