// How the commands of the law and the market are written and read (docs/spec/ledger.md §2).
import Primitives

extension LawCommand {
    /// The numbers of the commands: sixteen for each chapter.
    private enum Tag: UInt8 {
        case transfer = 64
    }

    func write(to writer: inout ByteWriter) {
        switch self {
        case .transfer(let transfer):
            writer.write(Tag.transfer.rawValue)
            transfer.write(to: &writer)
        }
    }

    /// - Parameters:
    ///   - number: the command's number, read before.
    ///   - start: where it stood.
    init(
        number: UInt8, at start: Int, from reader: inout ByteReader
    ) throws(DecodingFailure) {
        guard let tag = Tag(rawValue: number) else {
            throw DecodingFailure(.outOfRange, at: start)
        }
        switch tag {
        case .transfer: self = .transfer(try Transfer(from: &reader))
        }
    }
}

extension Transfer {
    func write(to writer: inout ByteWriter) {
        writer.write(from)
        writer.write(to)
        writer.write(amount)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        from = try reader.read()
        to = try reader.read()
        amount = try reader.readAmount()
    }
}
