// A genesis as a person or a script reads it.
import Cryptography
import JSON
import Records

struct GenesisReport {
    let genesis: Genesis

    var text: String {
        let settings = genesis.settings
        var facts = Facts()
        facts.add("chain", genesis.digest.hex)
        facts.add("name", genesis.name)
        facts.add("created", Quantity.time(genesis.created))
        facts.add("validators", "\(genesis.committee.validators.count)")
        facts.add("quorum", "\(genesis.committee.quorum)")
        facts.add("checkpoints every", Quantity.duration(settings.interval))
        facts.add("  while idle", Quantity.duration(settings.idleInterval))
        facts.add("epoch", Quantity.duration(settings.epoch))
        facts.add("leaders a round", "\(settings.leaders)")
        facts.add("known leaders for", settings.knownRounds.map { "\($0) rounds" } ?? "ever")
        facts.add("depth", "\(settings.depth) rounds")
        let kinds = [(AcceptedEvidence.reexecution, "reexecution"), (.proof, "proof")]
        let accepted = kinds.filter { settings.evidence.contains($0.0) }.map(\.1)
        facts.add("agents' evidence", accepted.joined(separator: ", "))
        let keys = genesis.committee.validators.enumerated().map { seat, key in
            "  \(seat)  \(DIDKey.encode(key))"
        }
        return facts.text + "\n" + keys.joined(separator: "\n")
    }

    var json: JSONValue {
        var writer = JSONWriter()
        writer.object { object in
            object.member("chain", genesis.digest.hex)
            object.writeMembers(of: genesis)
        }
        return (try? JSONValue(parsing: writer.bytes)) ?? .null
    }
}
