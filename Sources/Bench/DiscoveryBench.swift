// `bench discovery`: how long it takes to find ten of a million services by words, and how many of
// the ten nearest are found.
import Discovery
import Platform
import Primitives

enum DiscoveryBench {
    private static let services = 1_000_000
    private static let timed = 2_000
    /// Queries that are also answered by looking at every service.
    private static let judged = 200
    private static let most = 10

    static func run(_ context: BenchContext) throws -> [Metric] {
        let clock = SystemClock()
        var words = ServiceWords(seed: 1)
        var catalogue = Catalogue()
        catalogue.reserve(services)
        let begun = clock.monotonicNanoseconds()
        for number in 0..<services {
            if number % 100_000 == 0 { context.progress("\(number) of \(services) services") }
            guard catalogue.put(words.service(number)) else {
                throw BenchFailure.failed("no room for service \(number)")
            }
        }
        let built = Double(clock.monotonicNanoseconds() - begun) / 1e9
        var (middles, lates, recalls): ([Double], [Double], [Double]) = ([], [], [])
        var (filtered, narrow): ([Double], [Double]) = ([], [])
        for round in 1...context.rounds {
            context.progress("round \(round) of \(context.rounds)")
            let times = measure(&catalogue, &words, clock, ListingFilter())
            middles.append(times[times.count / 2])
            lates.append(late(times))
            filtered.append(late(measure(&catalogue, &words, clock, one)))
            narrow.append(late(measure(&catalogue, &words, clock, four)))
            recalls.append(recall(&catalogue, &words))
        }
        return [
            Metric("query_p50_ms", unit: "ms", samples: middles),
            Metric("query_p99_ms", unit: "ms", samples: lates),
            Metric("filtered_query_p99_ms", unit: "ms", samples: filtered),
            Metric("narrow_query_p99_ms", unit: "ms", samples: narrow),
            Metric("recall_at_10", unit: "", samples: recalls),
            Metric("build_seconds", unit: "s", samples: [built]),
            Metric(
                "resident_bytes", unit: "bytes",
                samples: [Double(Processes.memory.residentBytes)]),
        ]
    }

    /// A quarter of the services pass.
    private static var one: ListingFilter {
        var filter = ListingFilter()
        filter.mostPrice = 250
        return filter
    }

    /// One in 150 passes.
    private static var four: ListingFilter {
        var filter = one
        filter.mostLoad = 200_000
        filter.leastReputation = 800_000
        filter.region = "EU"
        return filter
    }

    private static func late(_ times: [Double]) -> Double { times[times.count * 99 / 100] }

    /// Milliseconds of each query, ascending; the making of the query's row is in them.
    private static func measure(
        _ catalogue: inout Catalogue, _ words: inout ServiceWords, _ clock: SystemClock,
        _ filter: ListingFilter
    ) -> [Double] {
        var times: [Double] = []
        for _ in 0..<timed {
            let query = words.query()
            let begun = clock.monotonicNanoseconds()
            _ = catalogue.find(query, filter, most: most)
            times.append(Double(clock.monotonicNanoseconds() - begun) / 1e6)
        }
        return times.sorted()
    }

    /// The share of the ten nearest that is found; as near as the tenth is as good.
    private static func recall(
        _ catalogue: inout Catalogue, _ words: inout ServiceWords
    ) -> Double {
        var (found, wanted) = (0, 0)
        for _ in 0..<judged {
            let query = words.query()
            let exact = catalogue.findExactly(query, most: most)
            let least = exact.last?.similarity ?? 0
            found += catalogue.find(query, most: most).filter { $0.similarity >= least }.count
            wanted += exact.count
        }
        return Double(found) / Double(max(wanted, 1))
    }
}

/// Descriptions that share words as those of real services do: some words are common, most rare,
/// and every service has a name of its own.
private struct ServiceWords {
    private var chance: SeededGenerator
    private static let verbs = list(
        """
        summarizes translates transcribes classifies extracts searches books schedules audits
        forecasts deploys monitors encrypts scrapes edits drafts reviews tests compiles simulates
        routes sells prices matches ranks answers tutors diagnoses plans converts draws composes
        """)
    private static let things = list(
        """
        documents contracts invoices emails images videos podcasts tickets flights hotels reports
        repositories databases spreadsheets websites tweets articles papers prescriptions genomes
        portfolios tokens wallets shipments warehouses recipes lectures meetings calls maps sensors
        robots games songs logos charts datasets embeddings models clusters containers logs alerts
        """)
    private static let ways = list(
        """
        legal medical financial academic industrial nordic german french japanese spanish realtime
        offline encrypted audited cheap fast bulk hourly daily certified multilingual private public
        federated marine solar urban rural municipal military historic experimental
        """)
    private static let syllables = list(
        "ka no ti ra su mo le vi do pe zu ha xi ro be ny qua fjo ska tre wi lo gu mi sa el or un")

    init(seed: UInt64) { chance = SeededGenerator(seed: seed) }

    private static func list(_ text: String) -> [String] {
        text.split { $0 == " " || $0 == "\n" }.map(String.init)
    }

    /// Earlier words more often: the place is the square of a number from 0 to 1.
    private mutating func pick(_ words: [String]) -> String {
        let share = Double.random(in: 0..<1, using: &chance)
        return words[Int(share * share * Double(words.count))]
    }

    private mutating func name() -> String {
        (0..<4).map { _ in
            Self.syllables[Int.random(in: 0..<Self.syllables.count, using: &chance)]
        }.joined()
    }

    mutating func service(_ number: Int) -> Listing {
        let text = "\(name()) \(pick(Self.verbs)) \(pick(Self.ways)) \(pick(Self.things)) and "
            + "\(pick(Self.verbs)) \(pick(Self.things)) for \(pick(Self.ways)) \(name())"
        var writer = ByteWriter()
        for _ in 0..<3 { writer.write(UInt64(0)) }
        writer.write(UInt64(number))
        var service = Listing(
            id: ListingID(writer.bytes) ?? ListingID(), text: text,
            price: UInt128(UInt64.random(in: 1...1_000, using: &chance)), capacity: 10,
            load: UInt64.random(in: 0...10, using: &chance))
        service.region = number % 2 == 0 ? "eu" : "us"
        service.reputation = number % 5 == 0 ? nil : UInt32(number % 1_000) * 1_000
        return service
    }

    mutating func query() -> String {
        "\(pick(Self.verbs)) \(pick(Self.ways)) \(pick(Self.things)) \(pick(Self.ways))"
    }
}
