// Options that several commands share, declared once.

extension Option {
    /// Where a command finds its node when none is named.
    static let standardNode = "http://127.0.0.1:4318"

    static let json = Option("json", nil, "Prints one JSON object instead of text.")

    static let node = Option("node", OptionValue("URL", .url), "Address of the node.")
        .standing(at: standardNode)

    static let data = Option(
        "data", OptionValue("DIR", .directory), "Directory of the node's keys and store.")

    static let passphraseFile = Option(
        "passphrase-file", OptionValue("FILE", .file),
        "File with the passphrase, readable by its owner only; without it the terminal asks.")

    static let ownerKey = Option(
        "owner-key", OptionValue("FILE", .file), "Key file of the owner who signs.")

    static let limit = Option(
        "limit", OptionValue("COUNT", .number(1...100_000, unit: "items")),
        "The most to list, newest first."
    ).standing(at: "50")
}
