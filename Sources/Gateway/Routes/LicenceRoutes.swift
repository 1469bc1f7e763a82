// Routes about licences and the offers that they are bought from.
import JSON
import Ledger
import Node
import Platform
import Primitives

extension RouteTable {
    static let licenceRoutes: [Route] = [
        Route("GET", "/v1/licences", "Licences", .json("LicenceList"), .node(licences))
            .query(.limit, .cursor, holder, content),
        Route("GET", "/v1/licences/{licence}", "A licence: who holds it, to what, until when",
            .json("Licence"), .node(licence)).problems(.noSuchLicence),
        Route("GET", "/v1/licences/{licence}/receipt",
            "The receipt of a licence that holds, checked offline", .json("Receipt"),
            .node(receipt)).problems(.noSuchLicence, .notCheckpointed),
        Route("GET", "/v1/licence-offers", "Offers of licences", .json("LicenceOfferList"),
            .node(offers)).query(.limit, .cursor, seller),
        Route("GET", "/v1/licence-offers/{offer}", "An offer of licences", .json("LicenceOffer"),
            .node(offer)).problems(.noSuchOffer),
    ]

    private static let holder = RouteParameter(
        name: "holder", summary: "Only those that this account holds.", schema: .hex(32))
    private static let content = RouteParameter(
        name: "content", summary: "Only those to the content with this digest.", schema: .hex(32))
    private static let seller = RouteParameter(
        name: "seller", summary: "Only of this account.", schema: .hex(32))

    @Sendable private static func licences(
        _ call: Call, _ desk: NodeDesk
    ) throws(Problem) -> Reply {
        let holder: AccountID? = try call.fixed("holder")
        let content: Digest? = try call.fixed("content")
        return try desk.page(call, .licence) {
            guard case .licence(let licence) = $0, holder ?? licence.holder == licence.holder,
                content ?? licence.content == licence.content
            else { return nil }
            return licence
        } write: { $0.write($1) }
    }

    @Sendable private static func licence(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("licence", as: LicenceID.self) ?? LicenceID()
        guard case .licence(let licence)? = try desk.law(.licence(id)) else {
            throw Problem(.noSuchLicence, "There is no licence \(id).")
        }
        return .ready(.json { $0.write(licence) })
    }

    @Sendable private static func receipt(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("licence", as: LicenceID.self) ?? LicenceID()
        switch try asking({ () throws(NodeFailure) in try desk.node.receipt(licence: id) }) {
        case .unknown: throw Problem(.noSuchLicence, "There is no licence \(id).")
        case .ended: throw Problem(.noSuchLicence, "The licence \(id) has ended.")
        case .notCheckpointed:
            throw Problem(
                .notCheckpointed, "No checkpoint holds the licence yet.", retryAfterSeconds: 1)
        case .receipt(let receipt):
            return .later {
                HTTPResponse(status: 200, type: "application/json", body: receipt.json())
            }
        }
    }

    @Sendable private static func offers(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let seller: AccountID? = try call.fixed("seller")
        return try desk.page(call, .licenceOffer) {
            guard case .licenceOffer(let offer) = $0, seller ?? offer.seller == offer.seller
            else { return nil }
            return offer
        } write: { $0.write($1) }
    }

    @Sendable private static func offer(_ call: Call, _ desk: NodeDesk) throws(Problem) -> Reply {
        let id = try call.fixed("offer", as: LicenceOfferID.self) ?? LicenceOfferID()
        guard case .licenceOffer(let offer)? = try desk.law(.licenceOffer(id)) else {
            throw Problem(.noSuchOffer, "There is no offer of licences \(id).")
        }
        return .ready(.json { $0.write(offer) })
    }
}
