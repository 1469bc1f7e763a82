// What a first start makes its chain from: a genesis that is given, or a name and settings.
import Cryptography
import Platform
import Primitives
import Records

/// The chain of a data directory that has none yet.
struct ChainPlan: Sendable {
    /// Of a chain that is made.
    var name: String
    /// Of a chain that is made.
    var settings = ChainSettings.standard
    /// A genesis that others made; then nothing is made here.
    var genesisFile: String?

    init(name: String) { self.name = name }

    /// The genesis to start from, where `validator` is alone if the chain is made here.
    func genesis(validator: PublicKey) throws(CommandFailure) -> Genesis {
        if let genesisFile { return try DataDirectory.genesis(at: genesisFile) }
        guard let committee = Committee([validator]) else {
            throw .failed("one key makes a committee")
        }
        return try genesis(committee)
    }

    /// A genesis of a chain that these validators begin.
    func genesis(_ committee: Committee) throws(CommandFailure) -> Genesis {
        let genesis = Genesis(
            name: name, created: SystemClock().now(), committee: committee, settings: settings)
        guard let genesis else { throw .refused("\"\(printable(name))\" cannot name a chain") }
        return genesis
    }
}
