// `althing store compact`: compresses the sealed segments of a node that is not running.
import JSON
import Node
import Primitives
import Storage

enum CompactVerb {
    static let verb = Verb("compact", "Compresses sealed segments column by column", compact)
        .discussed(
            "Every sealed segment that is here and gets smaller by a twentieth is written again: "
                + "the columns of its batches lie together and are compressed. It is read back "
                + "and compared before it takes the place of the old one. Everything reads "
                + "through it: receipts, check, rebuild, prune and archive. A running node does "
                + "the same by itself (node.compactionBytesPerSecond); this is for a stopped one."
        )
        .example("althing store compact --data ./althing-data")
        .taking(Option.data.required, .json)

    private static func compact(_ call: Invocation) throws(CommandFailure) {
        let directory = try DataDirectory.existing(call)
        let lock = try directory.lock()
        defer { lock.release() }
        let report: CompactReport
        do {
            report = try StoreCompact.run(directory.opening()) { report in
                guard !call.has(.json) else { return }
                call.console.note("\(Quantity.count(report.segments)) segments compressed")
            }
        } catch {
            throw StoreWords.failure(.storage(error), directory: directory)
        }
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("segments", .string(String(report.segments))),
                    JSONMember("bytesBefore", .string(String(report.bytesBefore))),
                    JSONMember("bytesAfter", .string(String(report.bytesAfter))),
                ]))
        }
        var facts = Facts()
        facts.add("segments compressed now", Quantity.count(report.segments))
        facts.add("bytes before", Quantity.bytes(report.bytesBefore))
        facts.add("bytes after", Quantity.bytes(report.bytesAfter))
        call.console.print(facts.text)
    }
}
