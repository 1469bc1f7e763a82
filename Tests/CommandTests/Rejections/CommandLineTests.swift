// Command lines that are wrong, each with the fault it is refused for; the status is 2.
import Testing

@testable import Command

@Suite struct CommandLineTests {
    private static let receipt = "althing receipt verify"

    static let table: [(line: String, fault: UsageFault)] = [
        ("kye", .unknownCommand("kye", under: "althing", suggestion: "key")),
        ("key nwe", .unknownCommand("nwe", under: "althing key", suggestion: "new")),
        ("key", .missingCommand(under: "althing key")),
        ("--verbose", .unknownOption("--verbose", command: "althing", suggestion: nil)),
        (
            "receipt verify --jsno f",
            .unknownOption("--jsno", command: receipt, suggestion: "--json")
        ),
        ("receipt verify -x f", .unknownOption("-x", command: receipt, suggestion: nil)),
        ("receipt verify", .missingArgument("FILE", command: receipt)),
        ("receipt verify a b", .excessArgument("b", command: receipt)),
        ("receipt verify f --payload", .missingValue(option: "--payload", command: receipt)),
        ("receipt verify f --payload --json", .missingValue(option: "--payload", command: receipt)),
        ("receipt verify f --json=yes", .unexpectedValue(option: "--json", command: receipt)),
        ("receipt verify f --json --json", .repeatedOption("--json", command: receipt)),
        (
            "receipt verify f --chain AB",
            .invalidValue(
                of: "--chain", found: "AB", expected: "64 lower-case hexadecimal digits",
                command: receipt)
        ),
        (
            "run list --limit 0",
            .invalidValue(
                of: "--limit", found: "0", expected: "a number of items from 1 to 100000",
                command: "althing run list")
        ),
        (
            "run list --limit -1",
            .invalidValue(
                of: "--limit", found: "-1", expected: "a number of items from 1 to 100000",
                command: "althing run list")
        ),
        (
            "run list --limit 99999999999999999999999",
            .invalidValue(
                of: "--limit", found: "99999999999999999999999",
                expected: "a number of items from 1 to 100000", command: "althing run list")
        ),
        (
            "bench prove --steps 65537",
            .invalidValue(
                of: "--steps", found: "65537", expected: "a number of steps from 1 to 65536",
                command: "althing bench")
        ),
        (
            "bench prove --mix odd",
            .invalidValue(
                of: "--mix", found: "odd", expected: "one of typical, mul, memory",
                command: "althing bench")
        ),
        (
            "status --node https://x",
            .invalidValue(
                of: "--node", found: "https://x", expected: "an address http://HOST[:PORT]",
                command: "althing status")
        ),
        (
            "node --data d --listen 4318",
            .invalidValue(
                of: "--listen", found: "4318", expected: "an address HOST:PORT",
                command: "althing node")
        ),
        ("store check", .missingOption("--data", command: "althing store check")),
        (
            "completions tcsh",
            .invalidValue(
                of: "SHELL", found: "tcsh", expected: "one of bash, zsh, fish",
                command: "althing completions")
        ),
        ("receipt verify f --payload=", .invalidValue(
            of: "--payload", found: "", expected: "not empty", command: receipt)),
    ]

    @Test(arguments: table.indices)
    func lineIsRefused(index: Int) throws {
        let (line, fault) = Self.table[index]
        let failure = #expect(throws: CommandFailure.self) {
            _ = try Parser(root: Verbs.root).parse(words(of: line))
        }
        guard case .usage(let found) = failure else {
            Issue.record("not a usage fault: \(String(describing: failure))")
            return
        }
        #expect(found == fault, "\(line)")
    }

    @Test(arguments: table.indices)
    func statusIsTwoAndTheFaultIsExplained(index: Int) {
        let (line, fault) = Self.table[index]
        let ending = althing(words(of: line))
        #expect(ending.code == .usage)
        #expect(ending.out.isEmpty)
        #expect(ending.error.hasPrefix("althing: \(fault.sentence)\n"))
        for advice in fault.advice { #expect(ending.error.contains(advice)) }
    }

    @Test func contradictingOptionsAreRefused() throws {
        let hex = String(repeating: "0", count: 64)
        let ending = althing("receipt", "verify", "f", "--chain", hex, "--genesis", "g")
        #expect(ending.code == .usage)
        #expect(ending.error.contains("--chain and --genesis cannot be given together"))
    }

    @Test func stepsAreForOneBenchmark() {
        let ending = althing("bench", "records", "--steps", "5")
        #expect(ending.code == .usage)
        #expect(
            ending.error.contains("NAME is \"records\", but must be prove where --steps or --mix"))
    }

    @Test func developmentModeStaysOnThisMachine() throws {
        let directory = try TemporaryDirectory()
        let ending = althing(
            "node", "--dev", "--data", directory.file("d"), "--listen", "0.0.0.0:0")
        #expect(ending.code == .usage)
        #expect(ending.error.contains("--dev-public"))
        #expect(!LocalFiles.exists(directory.file("d")))
    }

    @Test(arguments: [
        ("127.0.0.1:0", "127.0.0.1", true), ("[::1]:80", "::1", true),
        ("localhost:1", "localhost", true), ("0.0.0.0:4318", "0.0.0.0", false),
        ("[::]:4318", "::", false), ("example.org:65535", "example.org", false),
    ])
    func addressesAreRead(text: String, host: String, isLoopback: Bool) throws {
        let address = try #require(ListenAddress(text))
        #expect(address.host == host)
        #expect(address.isLoopback == isLoopback)
        #expect(address.authority == text)
    }

    @Test(arguments: ["", ":1", "host", "host:", "host:65536", "host:-1", "::1:80", "h:1:2"])
    func addressesAreRefused(text: String) { #expect(ListenAddress(text) == nil) }
}
