// How offers of licences, licences and the commands about them are written and read.
import Primitives

extension LicenceTerms {
    func write(to writer: inout ByteWriter) {
        writer.write(name)
        writer.write(content)
        writer.write(wording)
        writer.write(price)
        writer.write(days)
        writer.write(most)
        writer.write(UInt8(isTransferable ? 1 : 0))
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        name = try reader.readText(limit: Limits.nameBytes)
        content = try reader.read()
        wording = try reader.read()
        price = try reader.readAmount()
        days = try reader.read()
        most = try reader.read()
        isTransferable = try reader.readFlag()
    }
}

extension LicenceOffer: StateEntry {
    var stateKey: StateKey { .law(.licenceOffer(id)) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(seller)
        terms.write(to: &writer)
        writer.write(UInt8(isListed ? 1 : 0))
        writer.write(serials)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        seller = try reader.read()
        terms = try LicenceTerms(from: &reader)
        isListed = try reader.readFlag()
        serials = try reader.read()
    }
}

extension Licence: StateEntry {
    var stateKey: StateKey { .law(.licence(id)) }

    func write(to writer: inout ByteWriter) {
        writer.write(id)
        writer.write(offer)
        writer.write(serial)
        writer.write(seller)
        writer.write(holder)
        writer.write(content)
        writer.write(wording)
        writer.write(from)
        writer.write(until)
        writer.write(UInt8(isTransferable ? 1 : 0))
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        id = try reader.read()
        offer = try reader.read()
        serial = try reader.read()
        seller = try reader.read()
        holder = try reader.read()
        content = try reader.read()
        wording = try reader.read()
        from = try reader.readInstant()
        until = try reader.readInstant()
        isTransferable = try reader.readFlag()
    }
}

extension LicencePurchase {
    func write(to writer: inout ByteWriter) {
        writer.write(buyer)
        writer.write(offer)
        writer.write(serial)
        payment.write(to: &writer)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        buyer = try reader.read()
        offer = try reader.read()
        serial = try reader.read()
        payment = try Payment(from: &reader)
    }
}

extension LicenceCommand {
    func write(to writer: inout ByteWriter) {
        switch self {
        case .offer(let account, let number, let terms):
            writer.write(account)
            writer.write(number)
            terms.write(to: &writer)
        case .withdraw(let account, let offer):
            writer.write(account)
            writer.write(offer)
        case .buy(let purchase): purchase.write(to: &writer)
        case .renew(let account, let id, let payment):
            writer.write(account)
            writer.write(id)
            payment.write(to: &writer)
        case .transfer(let account, let id, let receiver):
            writer.write(account)
            writer.write(id)
            writer.write(receiver)
        }
    }
}
