// Configuration files and assignments that are refused, each for its fault and with its place.
import Testing

@testable import Command

@Suite struct ConfigurationTests {
    private static let batch = "a number of records from 1 to 65536"

    static let files: [(text: String, fault: ConfigurationFault)] = [
        ("", .notJSON(file: "f", offset: 0, reason: "truncated")),
        ("{", .notJSON(file: "f", offset: 1, reason: "truncated")),
        (
            #"{"listen": "a:1", "listen": "b:1"}"#,
            .notJSON(file: "f", offset: 18, reason: "duplicateKey")
        ),
        ("[]", .notAnObject(place: "f")),
        (#"{"node": 1}"#, .notAnObject(place: "node")),
        (#"{"nod": {}}"#, .unknownSetting(place: "nod", suggestion: nil)),
        (
            #"{"node": {"batchRecord": 1}}"#,
            .unknownSetting(place: "node.batchRecord", suggestion: "node.batchRecords")
        ),
        (#"{"node.batchRecords": {}}"#, .wrongValue(place: "node.batchRecords", expected: batch)),
        (
            #"{"node": {"batchRecords": 0}}"#,
            .wrongValue(place: "node.batchRecords", expected: batch)
        ),
        (
            #"{"node": {"batchRecords": 65537}}"#,
            .wrongValue(place: "node.batchRecords", expected: batch)
        ),
        (
            #"{"node": {"batchRecords": -1}}"#,
            .wrongValue(place: "node.batchRecords", expected: batch)
        ),
        (
            #"{"node": {"batchRecords": 1.0}}"#,
            .wrongValue(place: "node.batchRecords", expected: batch)
        ),
        (
            #"{"node": {"batchRecords": "7"}}"#,
            .wrongValue(place: "node.batchRecords", expected: batch)
        ),
        (
            #"{"node": {"batchRecords": 18446744073709551616}}"#,
            .wrongValue(place: "node.batchRecords", expected: batch)
        ),
        (#"{"listen": 5}"#, .wrongValue(place: "listen", expected: "text that is not empty")),
        (#"{"listen": ""}"#, .wrongValue(place: "listen", expected: "text that is not empty")),
        (
            #"{"gateway": {"logLevel": "loud"}}"#,
            .wrongValue(place: "gateway.logLevel", expected: "one of error, warning, info")
        ),
    ]

    @Test(arguments: files.indices)
    func fileIsRefused(index: Int) {
        let (text, fault) = Self.files[index]
        #expect(throws: fault) {
            var configuration = LayeredConfiguration()
            try configuration.apply(file: "f", text: Array(text.utf8))
        }
    }

    @Test(arguments: [
        ("node.batchRecords", ConfigurationFault.notAnAssignment("node.batchRecords")),
        ("node.batchRecords=", .wrongValue(place: "node.batchRecords", expected: batch)),
        ("node.batchRecords=1e3", .wrongValue(place: "node.batchRecords", expected: batch)),
        ("node.batchRecords= 7", .wrongValue(place: "node.batchRecords", expected: batch)),
        ("=7", .unknownSetting(place: "", suggestion: nil)),
        ("node=7", .unknownSetting(place: "node", suggestion: "mode")),
    ])
    func assignmentIsRefused(text: String, fault: ConfigurationFault) {
        #expect(throws: fault) {
            var configuration = LayeredConfiguration()
            try configuration.apply(assignment: text)
        }
    }

    @Test func aWrongFileIsAUsageFaultAndAnAbsentOneIsNot() throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("c.json", #"{"nod": {}}"#)
        let wrong = althing("config", "show", "--config", file)
        #expect(wrong.code == .usage)
        #expect(wrong.error == "althing: there is no setting nod\n")
        let absent = althing("config", "show", "--config", directory.file("none"))
        #expect(absent.code == .failed)
        #expect(absent.error.contains("none: No such file or directory"))
    }
}
