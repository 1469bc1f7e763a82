// Keeps the catalogue of services near the ledger: a little of all entries about them at a time.
import Discovery
import Ledger
import Node
import Platform
import Primitives

/// The desk of services on the views' thread, and what asks the node for it.
final class ServiceThread: Sendable {
    private let loop: EventLoop
    private let desk: Confined<ServiceDesk>
    private let node: NodeThread

    /// Entries in one question to the node, and nanoseconds between two.
    private static let pageEntries = 1_000
    private static let pause = 500 * Nanoseconds.perMillisecond
    /// A question that brought a whole page is followed sooner.
    private static let shortPause = 20 * Nanoseconds.perMillisecond

    /// Where a round stands: tasks first, so that offers get their reputation.
    private struct Place: Sendable {
        var kind = LawKind.task
        var after: [UInt8]?
    }

    init(on views: ViewThread, node: NodeThread) {
        loop = views.loop
        desk = Confined(ServiceDesk(), to: views.loop)
        self.node = node
    }

    func start() { loop.post { [self] in ask(Place()) } }

    /// Finds services, on the thread of the views.
    func find(_ wish: ServiceWish, _ answer: @escaping @Sendable (FoundServices) -> Void) {
        loop.post { [self] in answer(desk.value.find(wish, at: SystemClock().now())) }
    }

    private func ask(_ place: Place) {
        node.ask { [self] node in
            let page = try? node.node.laws(
                place.kind, after: place.after, limit: Self.pageEntries,
                looking: Self.pageEntries
            ) { _ in true }
            loop.post { [self] in
                guard let page else { return goOn(from: place, after: Self.pause) }
                take(page, at: place)
            }
        }
    }

    private func take(_ page: Page<LawEntry>, at place: Place) {
        var offers: [Offer] = []
        for entry in page.items {
            switch entry {
            case .task(let task): desk.value.take(task)
            case .offer(let offer): offers.append(offer)
            case .quote(let quote): desk.value.take(quote, at: SystemClock().now())
            case .team(let team): desk.value.take(team)
            default: break
            }
        }
        let digests = desk.value.unknownCards(of: offers)
        guard !digests.isEmpty else { return settle(offers, page.next, at: place) }
        node.ask { [self, offers] node in
            let cards = digests.map { digest in
                (digest, (try? node.node.payload(digest)).flatMap(\.self))
            }
            loop.post { [self] in
                for (digest, card) in cards { desk.value.take(card: card, of: digest) }
                settle(offers, page.next, at: place)
            }
        }
    }

    private func settle(_ offers: [Offer], _ next: [UInt8]?, at place: Place) {
        for offer in offers { desk.value.take(offer) }
        var place = place
        place.after = next
        if next == nil {
            switch place.kind {
            case .task:
                desk.value.endRound()
                place.kind = .offer
            case .offer:
                desk.value.forgetMissingCards()
                place.kind = .quote
            case .quote: place.kind = .team
            default:
                desk.value.endTeams()
                place.kind = .task
            }
        }
        let isRoundOver = next == nil && place.kind == .task
        goOn(from: place, after: isRoundOver ? Self.pause : Self.shortPause)
    }

    private func goOn(from place: Place, after nanoseconds: UInt64) {
        loop.schedule(afterNanoseconds: nanoseconds) { [self] in ask(place) }
    }
}
