// An operation that was carried out about something, as the index keeps it.
import Ledger
import Primitives

/// What the index says of an operation under each thing that it is about.
struct Deed {
    var operation: Digest
    /// Of the commit that carried it out.
    var time: Instant

    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.write(operation)
        writer.write(time)
        return writer.bytes
    }

    init(operation: Digest, time: Instant) { (self.operation, self.time) = (operation, time) }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        operation = try reader.read()
        time = try reader.readInstant()
        try reader.finish()
    }
}

/// An operation of the law that was carried out, with its place.
public struct DeedView: Sendable {
    public var operation: SignedOperation
    /// Of the commit that carried it out.
    public var time: Instant
    /// Of the checkpoint that holds it.
    public var height: UInt64
}
