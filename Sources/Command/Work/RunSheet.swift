// What is to be done in a job whose work is a run: a page that names the program and its words.
import Agents
import JSON
import Ledger
import Primitives

/// The specification of such a job, in text.
struct RunSheet: Hashable {
    /// BLAKE3 digest of the program's bytes, which the node keeps.
    let program: Digest
    let input: [UInt64]

    private static let title = "althing run 1"

    init(program: Digest, input: [UInt64]) { (self.program, self.input) = (program, input) }

    var text: String {
        let words = input.map { String($0) }.joined(separator: ",")
        return "\(Self.title)\nprogram \(program.hex)\ninput \(words)\n"
    }

    /// Nil where the bytes are no such page.
    init?(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard lines.count == 3, lines[0] == Self.title, lines[1].hasPrefix("program "),
            lines[2].hasPrefix("input"), let program = Digest(hex: lines[1].dropFirst(8))
        else { return nil }
        let words = lines[2].dropFirst(6)
        guard let input = words.isEmpty ? [] : ProgramInput.numbers(words),
            input.count <= AgentLimits.wordsPerList
        else { return nil }
        self.init(program: program, input: input)
    }
}

extension NodeClient {
    /// The bytes of a payload; nil where the node does not keep them.
    func payload(_ digest: Digest) throws(CommandFailure) -> [UInt8]? {
        do {
            return try bytes("/v1/payloads/\(digest.hex)")
        } catch {
            if case .problem(let problem) = error, problem.status == 404 { return nil }
            throw error
        }
    }

    /// The program and the words that the specification of a run names; nil where the node does not
    /// keep them.
    func run(
        of specification: Digest
    ) throws(CommandFailure) -> (program: AgentProgram, input: [UInt64])? {
        guard let sheet = try payload(specification).flatMap({ RunSheet($0) }),
            let bytes = try payload(sheet.program),
            let program = try? AgentProgram(decoding: bytes)
        else { return nil }
        return (program, sheet.input)
    }
}
