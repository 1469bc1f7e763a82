// Licences and their offers as JSON; amounts in nano-credits, times in nanoseconds.
import JSON
import Ledger
import Primitives

extension JSONWriter {
    mutating func write(_ licence: Licence) {
        object { object in
            object.member("licence", licence.id.hex)
            object.member("offer", licence.offer.hex)
            object.member("serial", quoted: licence.serial)
            object.member("seller", licence.seller.hex)
            object.member("holder", licence.holder.hex)
            object.member("content", licence.content.hex)
            object.member("terms", orNull: licence.wording.isZero ? nil : licence.wording.hex)
            object.member("from", quoted: licence.from.nanoseconds)
            let until = licence.until.nanoseconds
            object.member("until", quotedOrNull: licence.isForEver ? nil : until)
            object.member("transferable", licence.isTransferable)
        }
    }

    mutating func write(_ offer: LicenceOffer) {
        let terms = offer.terms
        object { object in
            object.member("offer", offer.id.hex)
            object.member("seller", offer.seller.hex)
            object.member("listed", offer.isListed)
            object.member("name", terms.name)
            object.member("content", terms.content.hex)
            object.member("terms", orNull: terms.wording.isZero ? nil : terms.wording.hex)
            object.member("price", quoted: terms.price.nanoCredits)
            object.member("days", terms.days)
            object.member("most", quoted: terms.most)
            object.member("transferable", terms.isTransferable)
            object.member("serials", quoted: offer.serials)
        }
    }
}
