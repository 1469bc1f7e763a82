// Quotes and covers as JSON; amounts in nano-credits, times in nanoseconds.
import JSON
import Ledger
import Primitives

extension JSONWriter {
    mutating func write(_ quote: Quote) {
        let terms = quote.terms
        object { object in
            object.member("quote", quote.id.hex)
            object.member("maker", quote.maker.hex)
            object.member("open", quote.isOpen)
            object.member("capability", terms.capability)
            object.member("base", quoted: terms.price.base.nanoCredits)
            object.member("unit", quoted: terms.price.unit.nanoCredits)
            object.member("left", quoted: terms.capacity)
            object.member("until", quoted: terms.until.nanoseconds)
            object.member("deliver", quoted: terms.deliver)
            object.member("referenceBase", quoted: quote.reference.base.nanoCredits)
            object.member("referenceUnit", quoted: quote.reference.unit.nanoCredits)
            object.member("referenceSince", quoted: quote.referenceSince.nanoseconds)
        }
    }

    mutating func write(_ cover: Cover) {
        object { object in
            object.member("cover", cover.id.hex)
            object.member("task", cover.terms.task.hex)
            object.member("worker", cover.terms.worker.hex)
            object.member("underwriter", cover.underwriter.hex)
            object.member("state", "\(cover.state)")
            object.member("amount", quoted: cover.terms.amount.nanoCredits)
            object.member("premium", quoted: cover.terms.premium.nanoCredits)
            object.member("until", quoted: cover.terms.until.nanoseconds)
            object.member("client", orNull: cover.client.isZero ? nil : cover.client.hex)
            object.member("held", quoted: cover.held.nanoCredits)
        }
    }
}
