// Where the operations of a run stand: for each batch that holds some of them, one list in the
// index.
import Primitives
import Records

/// Where a recorded operation stands.
struct RecordPlace: Hashable, Sendable {
    var operation: OperationID
    /// Number of the batch, from 1.
    var batch: UInt64
    var row: UInt16
    var digest: Digest
    var caller: OperationID

    var id: RecordID { RecordID(batch: batch, row: Int(row)) }
}

/// The operations of one run in one batch, in the order of their rows.
struct RunRows: Sendable {
    /// The number of the batch, which is in the key and not in the value.
    let batch: UInt64
    private(set) var places: [RecordPlace] = []

    init(batch: UInt64) { self.batch = batch }

    /// Makes room for so many more.
    mutating func reserve(_ count: Int) { places.reserveCapacity(places.count + count) }

    mutating func add(
        _ operation: OperationID, caller: OperationID, row: Int, digest: Digest
    ) {
        places.append(
            RecordPlace(
                operation: operation, batch: batch, row: UInt16(row), digest: digest,
                caller: caller))
    }

    /// For each place operation ‖ row ‖ digest ‖ caller.
    var encoded: [UInt8] {
        var writer = ByteWriter(capacity: 50 * places.count)
        for place in places {
            writer.write(place.operation)
            writer.write(place.row)
            writer.write(place.digest)
            writer.write(place.caller)
        }
        return writer.bytes
    }

    init(batch: UInt64, decoding bytes: [UInt8]) throws(DecodingFailure) {
        self.batch = batch
        var reader = ByteReader(bytes)
        while reader.remaining > 0 {
            let operation: OperationID = try reader.read()
            let row: UInt16 = try reader.read()
            let digest: Digest = try reader.read()
            add(operation, caller: try reader.read(), row: Int(row), digest: digest)
        }
    }
}
