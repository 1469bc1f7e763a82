// The hash domains and signature tags of everything that is signed or hashed here
// (docs/spec/record.md).
import Cryptography

/// One BLAKE3 key derivation context for each kind of thing, so that no digest can pass for
/// another's.
public enum Domains {
    public static let record = HashDomain("althing 2026 record v1")
    public static let parents = HashDomain("althing 2026 parents v1")
    public static let batch = HashDomain("althing 2026 batch v1")
    public static let item = HashDomain("althing 2026 item v1")
    public static let checkpoint = HashDomain("althing 2026 checkpoint v1")
    public static let committee = HashDomain("althing 2026 committee v1")
    public static let genesis = HashDomain("althing 2026 genesis v1")
    /// Of operations, which the ledger says more of (docs/spec/ledger.md §2).
    public static let operation = HashDomain("althing 2026 operation v1")
    /// Of the place and the value of an entry of the state (docs/spec/ledger.md §3).
    public static let stateKey = HashDomain("althing 2026 state key v1")
    public static let stateValue = HashDomain("althing 2026 state value v1")
}

/// The ASCII words before the digest in every signed message.
public enum SignatureTag {
    public static let batch = Array("althing batch v1".utf8)
    public static let checkpoint = Array("althing checkpoint v1".utf8)
    public static let operation = Array("althing operation v1".utf8)
}
