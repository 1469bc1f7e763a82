// The JSON text of a receipt, writing side (docs/spec/receipt.md §2).
import JSON
import Primitives

extension RecordKind {
    /// The name in JSON.
    public var name: String { String(describing: self) }
}

extension Outcome {
    /// The name in JSON.
    public var name: String { String(describing: self) }
}

extension Receipt {
    /// The value of `format`.
    static let formatName = "althing-receipt-v1"

    /// The receipt as JSON text.
    public func json(_ layout: JSONLayout = .compact) -> [UInt8] {
        var writer = JSONWriter(layout, capacity: 4096)
        writer.object { object in
            object.writeTrunk(of: self, format: Self.formatName)
            writeOwn(to: &object)
        }
        return writer.bytes
    }

    /// The members that are the record's own.
    func writeOwn(to object: inout JSONWriter) {
        writeRecord(to: &object)
        writeBatch(to: &object)
        object.writeCheckpoint(of: self)
    }

    private func writeRecord(to writer: inout JSONWriter) {
        writer.key("record")
        writer.object { object in
            object.member("digest", recordDigest.hex)
            object.member("agent", record.agent.hex)
            object.member("run", record.run.hex)
            object.member("task", record.task.hex)
            object.member("operation", record.operation.hex)
            object.member("caller", record.caller.hex)
            object.member("kind", record.kind.name)
            object.member("outcome", record.outcome.name)
            object.member("start", quoted: record.start.nanoseconds)
            object.member("duration", quoted: record.duration)
            object.member("tokens", record.tokens)
            object.member("compute", quoted: record.compute)
            object.member("memory", quoted: record.memory)
            object.member("cost", quoted: record.cost.nanoCredits)
            object.member("gas", quoted: record.gas)
            object.key("payload")
            object.object { payload in
                payload.member("size", quoted: record.payloadSize)
                payload.member("digest", record.payloadDigest.hex)
            }
            object.member("parents", hexList: record.parents)
        }
    }

    private func writeBatch(to writer: inout JSONWriter) {
        let header = batch.header
        writer.key("batch")
        writer.object { object in
            object.member("submitter", header.submitter.hex)
            object.member("key", header.key.hex)
            object.member("sequence", quoted: header.sequence)
            object.member("previous", header.previous.hex)
            object.member("count", header.count)
            object.member("root", header.root.hex)
            object.member("columns", header.columns.hex)
            object.member("closed", quoted: header.closed.nanoseconds)
            object.member("signature", batch.signature.hex)
            object.member("index", batch.index)
            object.member("path", hexList: batch.path)
        }
    }
}

extension JSONWriter {
    /// The members that begin every receipt.
    mutating func writeTrunk(of receipt: some CertifiedReceipt, format: String) {
        member("format", format)
        member("chain", receipt.chain.hex)
        key("genesis")
        object { $0.writeMembers(of: receipt.genesis) }
    }

    /// The members that end every receipt: steps, where there are any, checkpoint and certificate.
    mutating func writeCheckpoint(of receipt: some CertifiedReceipt) {
        if !receipt.steps.isEmpty {
            key("steps")
            array { array in
                for step in receipt.steps { array.write(step) }
            }
        }
        let checkpoint = receipt.checkpoint
        key("checkpoint")
        object { object in
            object.writeMembers(of: checkpoint.header)
            guard receipt.item != nil else { return }
            object.member("index", checkpoint.index)
            object.member("path", hexList: checkpoint.path)
        }
        member("certificate", checkpoint.certificate)
    }
}

extension JSONWriter {
    /// An array of lower-case hexadecimal strings.
    public mutating func member(_ name: String, hexList: [some FixedBytes]) {
        key(name)
        array { array in
            for entry in hexList { array.write(entry.hex) }
        }
    }

    /// The four token counts as decimal strings.
    public mutating func member(_ name: String, _ tokens: TokenCounts) {
        key(name)
        object { object in
            object.member("input", quoted: tokens.input)
            object.member("output", quoted: tokens.output)
            object.member("cached", quoted: tokens.cached)
            object.member("reasoning", quoted: tokens.reasoning)
        }
    }
}
