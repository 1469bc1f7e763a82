// Lists of a node on the command line: as many items as asked for, as a table or one JSON object.
import JSON

extension Invocation {
    /// The newest items of a list, as many as `--limit` says.
    func items(
        _ path: String, query: [(String, String)] = []
    ) throws(CommandFailure) -> [JSONValue] {
        try client().items(path, query: query, limit: number(.limit) ?? 50)
    }

    func printItems(_ items: [JSONValue]) {
        console.print(.object([JSONMember("items", .array(items))]))
    }
}

/// The first digits of a long id, enough to tell it from its neighbours in a table.
func short(_ id: String) -> String { String(id.prefix(12)) }
