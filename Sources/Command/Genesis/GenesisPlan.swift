// What `althing genesis new` is asked for, and the files it writes.
import Cryptography
import JSON
import Peers
import Platform
import Primitives
import Records

/// A chain that is to begin.
struct GenesisPlan {
    let out: String
    let chain: ChainPlan
    let seats: Seats
    let mode: DataDirectory.Mode
    /// Seals the keys that are made.
    let passphrase: [UInt8]

    /// Who the validators are.
    enum Seats {
        /// Made here; where each listens.
        case made([SeatPlace])
        /// Made by their operators.
        case given([PeerEntry])
    }

    init(
        out: String, chain: ChainPlan, seats: Seats, mode: DataDirectory.Mode,
        passphrase: [UInt8]
    ) {
        self.out = out
        self.chain = chain
        self.seats = seats
        self.mode = mode
        self.passphrase = passphrase
    }

    init(_ call: Invocation) throws(CommandFailure) {
        let out = try call.required(GenesisVerbs.out)
        guard !LocalFiles.exists(out) else {
            throw .file(FileFault(operation: "create", path: out, cause: .exists))
        }
        var chain = ChainPlan(name: call.text(GenesisVerbs.name, or: "althing"))
        chain.settings.interval =
            call.nanoseconds(GenesisVerbs.checkpoint) ?? 250 * Nanoseconds.perMillisecond
        chain.settings.idleInterval =
            call.nanoseconds(GenesisVerbs.idle) ?? chain.settings.idleInterval
        chain.settings.epoch = call.nanoseconds(GenesisVerbs.epoch) ?? chain.settings.epoch
        chain.settings.knownRounds = call.number(GenesisVerbs.coin)
        switch call.text(GenesisVerbs.evidence) {
        case "proof": chain.settings.evidence = .proof
        case "both": chain.settings.evidence = .all
        default: break
        }
        let seats = try Self.seats(call)
        let isDevelopment = call.has(GenesisVerbs.development)
        var passphrase = Passphrase.development
        if !isDevelopment, case .made = seats {
            passphrase = try Passphrase.choose(file: call.text(.passphraseFile))
        }
        self.init(
            out: out, chain: chain, seats: seats,
            mode: isDevelopment ? .development : .production, passphrase: passphrase)
    }

    private static func seats(_ call: Invocation) throws(CommandFailure) -> Seats {
        if let file = call.text(GenesisVerbs.keys) {
            return .given(try KeyLines.read(file))
        }
        let given = try call.text(GenesisVerbs.addresses).map { text throws(CommandFailure) in
            try addresses(text, call)
        }
        guard let count = call.number(GenesisVerbs.validators).map({ Int($0) }) ?? given?.count
        else {
            throw .usage(
                .missingOption(
                    GenesisVerbs.validators.spelling, command: call.arguments.command))
        }
        if let given {
            guard given.count == count else {
                throw call.invalid(
                    GenesisVerbs.addresses.spelling, "\(given.count) addresses",
                    expected: "\(count) addresses, one for each validator")
            }
            return .made(given.map { SeatPlace(reachedAt: $0) })
        }
        let base = call.number(GenesisVerbs.basePort) ?? 4_318
        guard base + 2 * UInt64(count) <= 65_536 else {
            throw call.invalid(
                GenesisVerbs.basePort.spelling, "\(base)",
                expected: "low enough for \(2 * count) ports from it on")
        }
        let host = call.text(GenesisVerbs.host, or: "127.0.0.1")
        return .made((0..<count).map { SeatPlace(host: host, basePort: Int(base), seat: $0) })
    }

    private static func addresses(
        _ text: String, _ call: Invocation
    ) throws(CommandFailure) -> [ListenAddress] {
        var addresses: [ListenAddress] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            guard let address = ListenAddress(String(part)), address.port > 0 else {
                throw call.invalid(
                    GenesisVerbs.addresses.spelling, String(part),
                    expected: "addresses HOST:PORT, joined by commas")
            }
            addresses.append(address)
        }
        return addresses
    }
}

/// Where one validator listens, and where the others reach it.
struct SeatPlace: Hashable, Sendable {
    var listen: ListenAddress
    var peerListen: ListenAddress
    var reached: ListenAddress

    /// Reached where it listens.
    init(listen: ListenAddress, peerListen: ListenAddress) {
        self.listen = listen
        self.peerListen = peerListen
        reached = peerListen
    }

    /// On a machine with others, ports in a row.
    init(host: String, basePort: Int, seat: Int) {
        listen = ListenAddress(host: host, port: UInt16(basePort + 2 * seat))
        peerListen = ListenAddress(host: host, port: UInt16(basePort + 2 * seat + 1))
        reached = peerListen
    }

    /// On a machine of its own: clients on that machine only, peers from anywhere.
    init(reachedAt address: ListenAddress) {
        listen = ListenAddress(host: "127.0.0.1", port: 4_318)
        peerListen = ListenAddress(host: "0.0.0.0", port: address.port)
        reached = address
    }
}

/// A file of validators, one a line: a key and `HOST:PORT`.
enum KeyLines {
    static func read(_ path: String) throws(CommandFailure) -> [PeerEntry] {
        let bytes = try LocalFiles.read(path, limit: 1 << 16)
        var entries: [PeerEntry] = []
        for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ", omittingEmptySubsequences: true)
            if words.isEmpty || words[0].hasPrefix("#") { continue }
            guard words.count == 2, let key = PeerList.key(String(words[0])),
                let address = ListenAddress(String(words[1])), address.port > 0
            else { throw fault(path, "\"\(printable(String(line)))\" is not KEY HOST:PORT") }
            entries.append(PeerEntry(key: key, host: address.host, port: address.port))
        }
        guard Committee(entries.map(\.key)) != nil else {
            throw fault(path, "a chain has 1 to 128 validators, all with different keys")
        }
        return entries
    }

    private static func fault(_ path: String, _ what: String) -> CommandFailure {
        .file(FileFault(operation: "read", path: path, cause: .content(what)))
    }
}
