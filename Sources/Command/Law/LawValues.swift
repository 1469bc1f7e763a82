// Reads the values that commands of the law take: identifiers, amounts, digests of files, times.
import Cryptography
import Ledger
import Platform
import Primitives

extension Option {
    static let lasting = Option(
        "for", OptionValue("TIME", .duration(1...366 * Nanoseconds.perDay)),
        "How long it holds from now on.")

    static let until = Option(
        "until", OptionValue("TIME", .number(1...UInt64.max, unit: "nanoseconds since 1970")),
        "When it ends, in place of --for.")

    /// An option that names an account, an agent or an owner.
    static func identifier(_ name: String, _ help: String) -> Option {
        Option(name, OptionValue("ID", .hex(bytes: 32)), help)
    }

    static func credits(_ name: String, _ help: String) -> Option {
        Option(name, OptionValue("CREDITS", .credits), help)
    }

    static func time(_ name: String, _ help: String, standing text: String) -> Option {
        Option(name, OptionValue("TIME", .duration(TaskTimes.range)), help).standing(at: text)
    }

    /// An option that names kinds of action.
    static func kinds(_ name: String, _ help: String) -> Option {
        Option(name, OptionValue("KIND", .choice(Invocation.kindNames + ["all"])), help).repeatable
    }
}

extension Positional {
    static func identifier(_ help: String) -> Positional {
        Positional("ID", .hex(bytes: 32), help)
    }

    static let credits = Positional("CREDITS", .credits, "The amount.")
}

extension Invocation {
    static let kindNames = ActionKind.allCases.map { "\($0)" }

    /// The parser has checked the digits.
    private func read<Kind>(
        _ name: String, _ text: String
    ) throws(CommandFailure) -> Bytes32<Kind> {
        guard let value = Bytes32<Kind>(hex: text) else {
            throw invalid(name, text, expected: "64 lower-case hexadecimal digits")
        }
        return value
    }

    func identifier<Kind>(_ option: Option) throws(CommandFailure) -> Bytes32<Kind>? {
        guard let text = text(option) else { return nil }
        return try read(option.spelling, text)
    }

    func needed<Kind>(_ option: Option) throws(CommandFailure) -> Bytes32<Kind> {
        try read(option.spelling, try required(option))
    }

    func identifier<Kind>(_ positional: Positional) throws(CommandFailure) -> Bytes32<Kind> {
        try read(positional.name, try required(positional))
    }

    /// Ascending, each once.
    func identifiers<Kind>(_ option: Option) throws(CommandFailure) -> [Bytes32<Kind>] {
        var values: [Bytes32<Kind>] = []
        for text in texts(option) {
            let value: Bytes32<Kind> = try read(option.spelling, text)
            if !values.contains(value) { values.append(value) }
        }
        return values.sorted()
    }

    func amount(_ option: Option) -> Amount? { amounts(option).first }

    func amounts(_ option: Option) -> [Amount] {
        texts(option).compactMap(ValueKind.credits).map { Amount(nanoCredits: $0) }
    }

    func amount(_ positional: Positional) throws(CommandFailure) -> Amount {
        let text = try required(positional)
        guard let amount = ValueKind.credits(text) else {
            throw invalid(positional.name, text, expected: "an amount of credits")
        }
        return Amount(nanoCredits: amount)
    }

    func kinds(_ option: Option) -> [ActionKind] {
        texts(option).flatMap { text in
            ActionKind.allCases.filter { text == "all" || "\($0)" == text }
        }
    }

    /// BLAKE3 of the file; zero where none is given.
    func digest(_ option: Option) throws(CommandFailure) -> Digest {
        guard let file = text(option) else { return Digest() }
        return BLAKE3.hash(try LocalFiles.read(file, limit: 64 << 20))
    }

    /// What `--for` or `--until` says.
    func expiry() throws(CommandFailure) -> Instant {
        try exclude(.lasting, .until)
        if let time = number(.until) { return Instant(nanoseconds: time) }
        guard let time = nanoseconds(.lasting) else {
            throw .usage(.missingOption(Option.lasting.spelling, command: arguments.command))
        }
        return SystemClock().now().advanced(byNanoseconds: time)
    }

    /// What `--number` says, or a number that was hardly used before.
    var chosenNumber: UInt64 { number(.number) ?? SystemClock().now().nanoseconds }

    func mandate() throws(CommandFailure) -> MandateID {
        try identifier(.underMandate) ?? MandateID()
    }
}
