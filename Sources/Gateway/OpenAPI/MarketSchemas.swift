// The schemas of documents about licences.

extension Schemas {
    static let licence = Schema.object([
        member("licence", .hex(32)), member("offer", .hex(32)), member("serial", .number),
        member("seller", .hex(32)), member("holder", .hex(32)), member("content", .hex(32)),
        member("terms", .orNull(.hex(32))), member("from", .number),
        member("until", .orNull(.number)), member("transferable", .boolean),
    ])

    static let licenceOffer = Schema.object([
        member("offer", .hex(32)), member("seller", .hex(32)), member("listed", .boolean),
        member("name", .text), member("content", .hex(32)), member("terms", .orNull(.hex(32))),
        member("price", .number), member("days", .integer(0...36_600)), member("most", .number),
        member("transferable", .boolean), member("serials", .number),
    ])
}
