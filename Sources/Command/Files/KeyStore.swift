// Key files on disk: made, opened, and read for what they state.
import Cryptography
import Primitives

/// A key file at a path.
struct KeyStore {
    let path: String

    /// Bytes of a key file, at most: its form is 138 bytes.
    private static let mostBytes = 4_096

    /// Makes a key and writes it to a file that must not exist yet.
    func create(
        passphrase: [UInt8], strength: KeyFile.Strength
    ) throws(CommandFailure) -> SigningKey {
        let key = SigningKey.generate()
        do {
            let sealed = try KeyFile.seal(
                seed: key.seed, passphrase: passphrase, strength: strength)
            try LocalFiles.create(secret: sealed, at: path)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw .failed("not enough memory to seal the key")
        }
        return key
    }

    func open(passphrase: [UInt8]) throws(CommandFailure) -> SigningKey {
        let bytes = try LocalFiles.read(path, limit: Self.mostBytes)
        do {
            return try KeyFile.open(bytes, passphrase: passphrase)
        } catch { throw failure(error) }
    }

    /// The public key the file names; nobody vouches for it before the file is opened.
    func statedPublicKey() throws(CommandFailure) -> PublicKey {
        let bytes = try LocalFiles.read(path, limit: Self.mostBytes)
        do {
            return try KeyFile.statedPublicKey(of: bytes)
        } catch { throw failure(error) }
    }

    private func failure(_ failure: KeyFileFailure) -> CommandFailure {
        let what =
            switch failure {
            case .malformed: "not a key file, or a damaged one"
            case .costOverLimit: "asks for more work than this build allows"
            case .refused: "the passphrase is wrong or the file was changed"
            case .outOfMemory: "not enough memory to open it"
            }
        if case .refused = failure { return .refused("\(path): \(what)") }
        return .file(FileFault(operation: "read", path: path, cause: .content(what)))
    }
}
