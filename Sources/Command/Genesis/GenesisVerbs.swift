// `althing genesis`: begins a chain of several validators, and shows what one began with.
import JSON
import Primitives
import Records

enum GenesisVerbs {
    static let verb = Verb(
        "genesis", "Begins a chain of several validators", verbs: [newVerb, showVerb])

    static let validators = Option(
        "validators",
        OptionValue(
            "COUNT", .number(1...UInt64(Limits.validatorsPerCommittee), unit: "validators")),
        "How many validators to make keys for.")
    static let keys = Option(
        "keys", OptionValue("FILE", .file),
        "Public keys of validators that made their own, one a line, each with its HOST:PORT.")
    static let out = Option(
        "out", OptionValue("DIR", .directory), "A directory that does not exist yet.").required
    static let name = Option("name", OptionValue("CHAIN", .text), "Name of the chain.")
        .standing(at: "althing")
    static let addresses = Option(
        "addresses", OptionValue("HOST:PORT,…", .text),
        "Where each validator is reached by the others, in order.")
    static let host = Option(
        "host", OptionValue("HOST", .text), "Where all of them listen, with ports in a row."
    ).standing(at: "127.0.0.1")
    static let basePort = Option(
        "base-port", OptionValue("PORT", .number(1...65_535, unit: "ports")),
        "The first port: each validator takes one for clients and the next for its peers."
    ).standing(at: "4318")
    static let epoch = Option(
        "epoch", OptionValue("TIME", .duration(ChainSettings.epochRange)),
        "How long an epoch lasts before it begins to close."
    ).standing(at: "1h")
    static let checkpoint = Option(
        "checkpoint", OptionValue("TIME", .duration(ChainSettings.intervalRange)),
        "Between checkpoints while there is something to certify."
    ).standing(at: "250ms")
    static let idle = Option(
        "idle-checkpoint", OptionValue("TIME", .duration(ChainSettings.intervalRange)),
        "Between checkpoints while there is nothing."
    ).standing(at: "60s")
    static let coin = Option(
        "coin", OptionValue("ROUNDS", .number(ChainSettings.knownRoundsRange, unit: "rounds")),
        "So many rounds past the last commit a common coin elects the leaders; without it they "
            + "are always known.")
    static let evidence = Option(
        "evidence", OptionValue("KIND", .choice(["reexecution", "proof", "both"])),
        "What transitions of agents are believed by: running the program again, a proof, or "
            + "either."
    ).standing(at: "reexecution")
    static let development = Option(
        "dev", nil, "Development mode: no tokens, and keys that protect nothing.")

    private static let newVerb = Verb("new", "Makes a genesis, and what its validators need", make)
        .discussed(
            "With --validators it makes the keys too: one directory for each validator, ready "
                + "to be moved to its machine, with a config.json beside its keys.",
            "With --keys every operator has made its own key (althing validator new), and only "
                + "the genesis and the line for the setting peers are written."
        )
        .example("althing genesis new --validators 4 --dev --out ./testnet")
        .example("althing genesis new --keys keys.txt --out ./chain --name main --epoch 1h")
        .taking(
            validators, keys, out, name, addresses, host, basePort, epoch, checkpoint, idle, coin,
            evidence, development, .passphraseFile, .json)

    private static let file = Positional("FILE", .file, "The genesis file.")

    private static let showVerb = Verb("show", "Prints what a chain began with", show)
        .discussed("The digest is the chain's name everywhere: what a receipt is trusted by.")
        .example("althing genesis show ./testnet/genesis")
        .expecting(file)
        .taking(.json)

    private static func make(_ call: Invocation) throws(CommandFailure) {
        try call.exclude(validators, keys)
        try call.exclude(addresses, host)
        try call.exclude(keys, development)
        let plan = try GenesisPlan(call)
        let made = try plan.write()
        call.has(.json) ? call.console.print(made.json) : call.console.print(made.text)
    }

    private static func show(_ call: Invocation) throws(CommandFailure) {
        let genesis = try DataDirectory.genesis(at: try call.required(file))
        let report = GenesisReport(genesis: genesis)
        call.has(.json) ? call.console.print(report.json) : call.console.print(report.text)
    }
}
