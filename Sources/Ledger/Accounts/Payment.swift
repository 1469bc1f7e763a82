// What is paid for something, and to whom.
import Primitives

/// The price of something and who gets it: said in a command, so that the law sees it.
public struct Payment: Hashable, Sendable {
    public var payee: AccountID
    public var price: Amount
    /// Under which it is paid; zero for none.
    public var mandate: MandateID

    public init(to payee: AccountID, price: Amount, mandate: MandateID = MandateID()) {
        (self.payee, self.price, self.mandate) = (payee, price, mandate)
    }
}

extension Payment {
    func write(to writer: inout ByteWriter) {
        writer.write(payee)
        writer.write(price)
        writer.write(mandate)
    }

    init(from reader: inout ByteReader) throws(DecodingFailure) {
        payee = try reader.read()
        price = try reader.readAmount()
        mandate = try reader.read()
    }
}
