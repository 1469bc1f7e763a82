// The second half of the demonstration: one receipt, verified offline, then with one byte spoiled.
import JSON
import Platform
import Primitives
import Records

struct DemoReceipt {
    let client: NodeClient
    let console: Console
    /// Where the files go.
    let folder: String
    /// The genesis the demonstration trusts: that of its own directory.
    let trusted: Digest

    /// What was shown.
    struct Outcome {
        var record: String
        var bytes: Int
        /// The receipt's file.
        var file: String
        /// The part that the spoiled receipt failed at.
        var spoiledPart: String
    }

    /// - Throws: where the sound receipt is refused or the spoiled one is not.
    func show() throws(CommandFailure) -> Outcome {
        let (record, payload) = try modelCall()
        let receipt = try fetch(record)
        let file = folder + "/receipt.json"
        try LocalFiles.write(receipt, to: file)
        try LocalFiles.write(payload, to: folder + "/span.payload")
        console.print("\nThe receipt of record \(record), \(receipt.count) bytes, is in \(file).")
        console.print("Checked offline, against the genesis in the data directory:\n")
        let sound = ReceiptReport(text: receipt, trust: .genesis(trusted), payload: payload)
        console.print(sound.text(for: console, isChainTrusted: true))
        guard sound.refusal == nil else { throw .refused("the receipt does not verify") }
        return Outcome(
            record: record, bytes: receipt.count, file: file,
            spoiledPart: try showSpoiled(receipt, payload))
    }

    /// The name of the part that failed.
    private func showSpoiled(
        _ receipt: [UInt8], _ payload: [UInt8]
    ) throws(CommandFailure) -> String {
        guard let (spoiled, offset) = Self.spoil(receipt) else {
            throw .failed("the receipt has no duration to spoil")
        }
        let file = folder + "/spoiled.json"
        try LocalFiles.write(spoiled, to: file)
        let (old, new) = (receipt[offset], spoiled[offset])
        console.print(
            "\nThe same receipt in \(file), with one byte spoiled: at byte \(offset), in the "
                + "record's duration, \(Self.quoted(old)) became \(Self.quoted(new)).\n")
        let report = ReceiptReport(text: spoiled, trust: .genesis(trusted), payload: payload)
        console.print(report.text(for: console, isChainTrusted: true))
        guard let refusal = report.refusal else { throw .failed("a spoiled receipt verified") }
        console.print("\nRefused, and the part that failed is named: \(refusal.part.rawValue).")
        return refusal.part.rawValue
    }

    /// A record of a model call with its payload, which is kept where it was sent to.
    private func modelCall() throws(CommandFailure) -> (id: String, payload: [UInt8]) {
        let items = try client.items("/v1/records", limit: 200)
        let calls = items.filter { $0.text("kind") == "modelCall" }
        for item in calls + items {
            let id = item.text("id")
            if let payload = try? client.bytes("/v1/records/\(id)/payload") { return (id, payload) }
        }
        throw .failed("the node has no records of its own")
    }

    private func fetch(_ record: String) throws(CommandFailure) -> [UInt8] {
        var attempt = 0
        while true {
            do {
                return try client.bytes("/v1/records/\(record)/receipt")
            } catch {
                guard case .problem(let problem) = error, problem.slug == "not-checkpointed",
                    attempt < 100
                else { throw error }
            }
            attempt += 1
            Pause.milliseconds(100)
        }
    }

    /// The receipt with the first digit of the record's duration changed, and where.
    static func spoil(_ receipt: [UInt8]) -> (bytes: [UInt8], offset: Int)? {
        guard let document = try? JSONDocument(receipt),
            let duration = document.root["record"]?["duration"], duration.range.count > 2
        else { return nil }
        let offset = duration.range.lowerBound + 1
        var bytes = receipt
        bytes[offset] = bytes[offset] == UInt8(ascii: "9") ? UInt8(ascii: "8") : bytes[offset] + 1
        return (bytes, offset)
    }

    private static func quoted(_ byte: UInt8) -> String { "\"\(Character(Unicode.Scalar(byte)))\"" }
}
