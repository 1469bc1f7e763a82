// Cursors of lists: the node's bytes, with a check so that only what a list gave out comes back in.
import Cryptography
import Primitives

/// Cursors of one list.
struct Cursor {
    /// The pattern of its route: a cursor of another list is refused.
    let list: String

    private static let domain = HashDomain("althing 2026 cursor v1")
    private static let checkBytes = 4
    /// Characters of a cursor, at most.
    private static let characters = 512

    /// The text a client gets; nil at the end of the list.
    func text(_ bytes: [UInt8]?) -> String? {
        bytes.map { Base64.encode($0 + check($0), as: .urlSafe) }
    }

    /// The bytes that were given out as `text`; nil where they were not.
    func bytes(_ text: String) -> [UInt8]? {
        guard text.utf8.count <= Self.characters,
            let whole = Base64.decode(text, as: .urlSafe), whole.count > Self.checkBytes
        else { return nil }
        let bytes = Array(whole.dropLast(Self.checkBytes))
        return check(bytes) == Array(whole.suffix(Self.checkBytes)) ? bytes : nil
    }

    /// Against mistakes, not against malice: the node reads every cursor with care.
    private func check(_ bytes: [UInt8]) -> [UInt8] {
        Array(Self.domain.hash(Array(list.utf8) + [0] + bytes).bytes.prefix(Self.checkBytes))
    }
}

extension Call {
    /// Cursors of the list that is asked for.
    var cursors: Cursor { Cursor(list: context.router.label(match.route)) }

    /// `cursor` as the node gave it; nil for the first page.
    func cursor() throws(Problem) -> [UInt8]? {
        guard let text = self["cursor"] else { return nil }
        guard let bytes = cursors.bytes(text) else {
            throw .parameter("cursor", "not one that this list gave")
        }
        return bytes
    }
}
