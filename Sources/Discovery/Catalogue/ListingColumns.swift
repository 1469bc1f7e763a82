// What filters ask of every service, in columns short enough to look at all of them.

/// For each row of a catalogue: what of its service a filter compares.
struct ListingColumns: Sendable {
    private struct Row {
        /// Nano-credits; the greatest number stands for itself and all above.
        var price: UInt64
        /// Millionths.
        var load: UInt32
        /// Millionths and one; 0 where nothing is known.
        var reputation: UInt32
        /// The number of its region; 0 for a row without a service.
        var region: UInt32
        /// One bit, that of its form.
        var form: UInt32
    }

    private var rows: [Row] = []
    /// Regions in lower case, by number from 1. Looked up only.
    private var regions: [[UInt8]: UInt32] = [:]

    var count: Int { rows.count }

    mutating func reserve(_ count: Int) { rows.reserveCapacity(count) }

    mutating func append(_ service: Listing) { rows.append(row(service)) }

    mutating func set(_ slot: UInt32, to service: Listing) { rows[Int(slot)] = row(service) }

    mutating func clear(_ slot: UInt32) { rows[Int(slot)].region = 0 }

    private mutating func row(_ service: Listing) -> Row {
        let region = ListingFilter.folded(service.region)
        let number = regions[region] ?? UInt32(regions.count + 1)
        regions[region] = number
        return Row(
            price: UInt64(clamping: service.price), load: service.loadMillionths,
            reputation: service.reputation.map { $0 &+ 1 } ?? 0, region: number,
            form: Self.bit(service.form))
    }

    private static func bit(_ form: ListingForm) -> UInt32 { 1 << UInt32(form.rawValue) }

    /// A filter in terms of the columns. A row that does not pass it does not pass the filter; of
    /// the rows that do, only one at the greatest price may still not.
    struct Sieve {
        fileprivate var mostPrice = UInt64.max
        fileprivate var mostLoad = UInt32.max
        fileprivate var leastReputation: UInt32 = 0
        /// 0 for any.
        fileprivate var region: UInt32 = 0
        fileprivate var forms = UInt32.max
    }

    func sieve(_ filter: ListingFilter) -> Sieve {
        var sieve = Sieve()
        if let price = filter.mostPrice { sieve.mostPrice = UInt64(clamping: price) }
        sieve.mostLoad = filter.mostLoad ?? .max
        if let least = filter.leastReputation {
            sieve.leastReputation = least == .max ? .max : least + 1
        }
        if let region = filter.region {
            sieve.region = regions[ListingFilter.folded(region)] ?? .max
        }
        if let form = filter.form { sieve.forms = Self.bit(form) }
        return sieve
    }

    func passes(_ slot: UInt32, _ sieve: Sieve) -> Bool { Self.passes(rows[Int(slot)], sieve) }

    private static func passes(_ row: Row, _ sieve: Sieve) -> Bool {
        row.region != 0 && row.price <= sieve.mostPrice && row.load <= sieve.mostLoad
            && row.reputation >= sieve.leastReputation && row.form & sieve.forms != 0
            && (sieve.region == 0 || row.region == sieve.region)
    }

    /// All rows that pass, ascending.
    func passing(_ sieve: Sieve) -> [UInt32] {
        [UInt32](unsafeUninitializedCapacity: rows.count) { slots, count in
            rows.withUnsafeBufferPointer { rows in
                for (slot, row) in rows.enumerated() {
                    slots[count] = UInt32(truncatingIfNeeded: slot)
                    count += Self.passes(row, sieve) ? 1 : 0
                }
            }
        }
    }

    /// Of `sample` rows evenly spread over all, those that pass.
    func passing(_ sieve: Sieve, ofSample sample: Int) -> Int {
        (0..<sample).count { Self.passes(rows[$0 * rows.count / sample], sieve) }
    }
}
