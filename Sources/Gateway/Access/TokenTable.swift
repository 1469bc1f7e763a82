// Bearer tokens and the owners they name; only digests of tokens are kept.
import Cryptography
import JSON
import Primitives

/// Why a token file is refused.
public enum TokenFailure: Error, Hashable, Sendable {
    case json(JSONFailure)
    /// The entry that is not as `TokenTable` describes; -1 for the file as a whole.
    case shape(entry: Int)
}

/// The tokens of a node. Its file is
/// `{"tokens": [{"name": TEXT, "digest": HEX64, "owner": HEX64}, ...]}`, nothing else in it.
public struct TokenTable: Sendable {
    /// One token, without its secret.
    public struct Entry: Hashable, Sendable {
        /// What a person calls it.
        public var name: String
        /// `TokenTable.digest` of the token.
        public var digest: Digest
        public var owner: OwnerID

        public init(name: String, digest: Digest, owner: OwnerID) {
            self.name = name
            self.digest = digest
            self.owner = owner
        }
    }

    /// Bytes of a token file, at most.
    public static let fileBytes = 4 << 20
    /// Bytes of a token, at most.
    public static let tokenBytes = 512

    /// In the order of the file.
    public var entries: [Entry]

    public init(_ entries: [Entry] = []) { self.entries = entries }

    /// Reads a token file.
    public init(parsing bytes: [UInt8]) throws(TokenFailure) {
        let root: JSONNode
        do throws(JSONFailure) {
            root = try JSONDocument(bytes, limits: JSONLimits(depth: 8, bytes: Self.fileBytes)).root
        } catch {
            throw .json(error)
        }
        guard root.count == 1, let list = root["tokens"], list.kind == .array else {
            throw .shape(entry: -1)
        }
        entries = []
        for (index, node) in list.elements.enumerated() {
            guard node.count == 3, let name = node["name"]?.string,
                let digest = Digest(hex: node["digest"]?.string ?? ""),
                let owner = OwnerID(hex: node["owner"]?.string ?? "")
            else { throw .shape(entry: index) }
            entries.append(Entry(name: name, digest: digest, owner: owner))
        }
    }

    /// The file's text, ending in a line break.
    public var encoded: [UInt8] {
        var writer = JSONWriter(.pretty)
        writer.object {
            $0.key("tokens")
            $0.array { array in
                for entry in entries {
                    array.object {
                        $0.member("name", entry.name)
                        $0.member("digest", entry.digest.hex)
                        $0.member("owner", entry.owner.hex)
                    }
                }
            }
        }
        return writer.bytes + [0x0A]
    }

    /// Plain BLAKE3 of the token's UTF-8: tokens are random, so that a slow hash would add nothing.
    public static func digest(of token: String) -> Digest { BLAKE3.hash(Array(token.utf8)) }

    /// The owner a token names. Every entry is compared, whichever matches, each in constant time.
    public func owner(of token: String) -> OwnerID? {
        guard token.utf8.count <= Self.tokenBytes else { return nil }
        let digest = Self.digest(of: token).bytes
        var owner: OwnerID?
        for entry in entries where ConstantTime.equal(entry.digest.bytes, digest) {
            owner = entry.owner
        }
        return owner
    }
}
