// `althing node`: runs a node until it is asked to stop.
import Cryptography
import Platform
import Primitives

enum NodeCommand {
    private static let listen = Option(
        "listen", OptionValue("HOST:PORT", .address), "Where to listen; port 0 takes a free one."
    ).standing(at: "127.0.0.1:4318")
    private static let development = Option(
        "dev", nil, "Development mode: no tokens, keys that protect nothing, this machine only.")
    private static let developmentPublic = Option(
        "dev-public", nil, "Lets other machines connect in the development mode.")
    private static let name = Option(
        "name", OptionValue("CHAIN", .text), "Name of the chain, where this start makes one."
    ).standing(at: "althing")
    private static let genesis = Option(
        "genesis", OptionValue("FILE", .file),
        "The genesis of a chain that others began, for the first start.")

    private static let endWithInput = Option(
        "end-with-input", nil,
        "Stops when standard input ends: then a node does not outlive the program that started it.")

    static let verb = Verb("node", "Runs a node: OTLP in, receipts and a dashboard out", run)
        .discussed(
            "The first start makes keys, a genesis and an empty store in the directory. "
                + "The node stops cleanly on SIGTERM and SIGINT.",
            "In production the keys are sealed under a passphrase, and senders need a "
                + "token: see althing token new, and althing owner authorize."
        )
        .example("althing node --dev --data ./althing-data")
        .example("althing node --data /var/lib/althing --passphrase-file /etc/althing/pass")
        .example("althing node --config ./testnet/validator-1/config.json")
        .taking(
            .data, listen, development, developmentPublic, name, genesis, .passphraseFile, .config,
            .set, endWithInput)

    private static func run(_ call: Invocation) throws(CommandFailure) {
        let configuration = try configuration(call)
        let setup = try setup(call, configuration)
        let stop = Gate()
        do {
            try Signals.onTermination { _ in stop.open() }
            if call.has(endWithInput) {
                try OSThread.start("input") {
                    StandardInput.awaitEnd()
                    stop.open()
                }.detach()
            }
        } catch { throw .system(error) }
        let node = try RunningNode(setup, configuration)
        announce(node, call)
        stop.wait()
        call.console.note("stopping")
        node.stop()
    }

    private static func configuration(_ call: Invocation) throws(CommandFailure) -> Configuration {
        var layers = try call.configuration()
        do {
            if let text = call.text(listen) { try layers.apply(flag: "listen", text) }
            if let text = call.text(name) { try layers.apply(flag: "chainName", text) }
            if let text = call.text(.data) { try layers.apply(flag: "data", text) }
            if call.has(development) { try layers.apply(flag: "mode", "development") }
            if let text = call.text(.passphraseFile) {
                try layers.apply(flag: "passphraseFile", text)
            }
        } catch { throw .configuration(error) }
        let configuration = layers.values
        if configuration.isDevelopment, !call.has(developmentPublic),
            ListenAddress(configuration.listen)?.isLoopback != true
        {
            throw call.invalid(
                listen.spelling, configuration.listen,
                expected: "an address of this machine in the development mode, such as "
                    + "127.0.0.1:4318; --dev-public lets others connect")
        }
        return configuration
    }

    private static func setup(
        _ call: Invocation, _ configuration: Configuration
    ) throws(CommandFailure) -> NodeSetup {
        guard !configuration.data.isEmpty else {
            throw .usage(.missingOption(Option.data.spelling, command: call.arguments.command))
        }
        let directory = DataDirectory(path: configuration.data)
        var chain = ChainPlan(name: configuration.chainName)
        chain.settings = configuration.chain
        chain.genesisFile = call.text(genesis)
        return try NodeSetup(
            directory, mode: configuration.isDevelopment ? .development : .production,
            chain: chain
        ) { isNew throws(CommandFailure) in
            if configuration.isDevelopment { return Passphrase.development }
            let file = configuration.passphraseFile
            let given = file.isEmpty ? nil : file
            return isNew
                ? try Passphrase.choose(file: given)
                : try Passphrase.read(file: given, prompt: "Passphrase of \(directory.path): ")
        }
    }

    private static func announce(_ node: RunningNode, _ call: Invocation) {
        let setup = node.setup
        if setup.mode == .development { call.console.note(Banner.development) }
        var facts = Facts()
        facts.add("chain", "\(setup.genesis.name) \(setup.genesis.digest.hex)")
        facts.add("validator", DIDKey.encode(setup.keys.validator.publicKey))
        facts.add("submitter", DIDKey.encode(setup.keys.submitter.publicKey))
        if let owner = setup.developmentOwner {
            facts.add("owner", OwnerID(firstKey: owner.publicKey).hex)
        }
        facts.add("traces", "OTEL_EXPORTER_OTLP_ENDPOINT=\(node.address)")
        facts.add("dashboard", node.address + "/")
        if let address = node.peerAddress { facts.add("peers", address) }
        call.console.print(facts.text)
    }
}

enum Banner {
    /// Loud, because a node in this mode is open to everybody who can connect.
    static let development = """
        ************************************************************************
        *  DEVELOPMENT MODE: anybody who can connect may record, without a     *
        *  token, and the keys on disk are sealed under a passphrase that      *
        *  everybody knows. Do not keep anything here that must be trusted.    *
        ************************************************************************
        """
}
