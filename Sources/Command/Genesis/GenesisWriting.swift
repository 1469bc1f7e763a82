// The files of a chain that begins: the genesis, and a directory for each validator made here.
import Cryptography
import JSON
import Peers
import Primitives
import Records

/// What was written.
struct MadeGenesis {
    let genesis: Genesis
    let peers: PeerList
    /// The genesis file.
    let file: String
    /// The configuration file of each validator that was made here.
    let configurations: [String]

    var text: String {
        let start =
            configurations.isEmpty
            ? "Each operator starts its validator with:\n"
                + "  althing node --data DIR --genesis \(file) --set peerListen=HOST:PORT "
                + "--set peers=\(peers.text)"
            : "Start each of them with:\n"
                + configurations.map { "  althing node --config \($0)" }.joined(separator: "\n")
        return GenesisReport(genesis: genesis).text + "\n\n\(start)"
    }

    var json: JSONValue {
        .object([
            JSONMember("chain", .string(genesis.digest.hex)), JSONMember("genesis", .string(file)),
            JSONMember("peers", .string(peers.text)),
            JSONMember("configurations", .array(configurations.map { .string($0) })),
        ])
    }
}

extension GenesisPlan {
    /// Makes keys where they are to be made, and writes everything.
    func write() throws(CommandFailure) -> MadeGenesis {
        try LocalFiles.makeDirectory(out)
        switch seats {
        case .given(let entries):
            let genesis = try genesis(of: entries.map(\.key))
            try LocalFiles.write(genesis.encoded, to: genesisPath)
            return MadeGenesis(
                genesis: genesis, peers: PeerList(entries), file: genesisPath, configurations: [])
        case .made(let places): return try write(places)
        }
    }

    private var genesisPath: String { out + "/genesis" }

    func directory(_ seat: Int) -> DataDirectory {
        DataDirectory(path: "\(out)/validator-\(seat + 1)")
    }

    private func genesis(of keys: [PublicKey]) throws(CommandFailure) -> Genesis {
        guard let committee = Committee(keys) else {
            throw .failed("the keys make no committee")
        }
        return try chain.genesis(committee)
    }

    private func write(_ places: [SeatPlace]) throws(CommandFailure) -> MadeGenesis {
        var keys: [PublicKey] = []
        for seat in places.indices {
            keys.append(
                try NodeSetup.makeKeys(directory(seat), mode, passphrase).validator.publicKey)
        }
        let genesis = try genesis(of: keys)
        let entries = zip(keys, places).map {
            PeerEntry(key: $0, host: $1.reached.host, port: $1.reached.port)
        }
        for seat in places.indices {
            let text = configuration(places[seat], PeerList(entries))
            try LocalFiles.write(genesis.encoded, to: directory(seat).genesisPath)
            try LocalFiles.write(text, to: directory(seat).path + "/config.json")
        }
        try LocalFiles.write(genesis.encoded, to: genesisPath)
        return MadeGenesis(
            genesis: genesis, peers: PeerList(entries), file: genesisPath,
            configurations: places.indices.map { directory($0).path + "/config.json" })
    }

    private func configuration(_ place: SeatPlace, _ peers: PeerList) -> [UInt8] {
        var writer = JSONWriter(.pretty)
        writer.object { object in
            object.member("data", ".")
            object.member("mode", mode.rawValue)
            object.member("listen", place.listen.authority)
            object.member("peerListen", place.peerListen.authority)
            object.member("peers", peers.text)
        }
        return writer.bytes + [0x0A]
    }
}
