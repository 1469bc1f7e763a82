// The passphrase of a key file: from a file that only its owner can read, or typed at the terminal.
import Platform

enum Passphrase {
    /// Bytes of a passphrase, at most.
    private static let mostBytes = 1_024

    /// The passphrase of the development mode: written here, so it protects nothing.
    static let development = Array("development".utf8)

    /// Reads a passphrase for opening a key.
    static func read(
        file: String?, prompt: String
    ) throws(CommandFailure) -> [UInt8] {
        if let file { return try read(file: file) }
        return try ask(prompt)
    }

    /// Reads a passphrase for sealing a key; typed ones are asked for twice.
    static func choose(file: String?) throws(CommandFailure) -> [UInt8] {
        if let file { return try read(file: file) }
        let passphrase = try ask("New passphrase: ")
        guard try ask("Again: ") == passphrase else {
            throw .refused("the two passphrases differ")
        }
        return passphrase
    }

    /// The bytes of the file without one line break at the end.
    private static func read(file: String) throws(CommandFailure) -> [UInt8] {
        var bytes = try LocalFiles.readSecret(file, limit: mostBytes)
        if bytes.last == 0x0A { bytes.removeLast() }
        if bytes.last == 0x0D { bytes.removeLast() }
        guard !bytes.isEmpty else {
            throw .file(
                FileFault(operation: "read", path: file, cause: .content("no passphrase in it")))
        }
        return bytes
    }

    private static func ask(_ prompt: String) throws(CommandFailure) -> [UInt8] {
        do {
            let bytes = try StandardStreams.readPassphrase(prompt)
            guard !bytes.isEmpty else { throw CommandFailure.refused("the passphrase is empty") }
            return bytes
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw .refused("there is no terminal to ask for a passphrase; use --passphrase-file")
        }
    }
}
