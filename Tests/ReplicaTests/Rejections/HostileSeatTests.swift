// One seat says anything: the others neither stop nor differ, and go on.
import Primitives
import Records
import Synchronization
import TestSupport
import Testing

@testable import Replica

@Suite struct HostileSeatTests {
    /// Spoils some of what seat 3 sends, in one of several ways.
    private final class Liar: Sendable {
        let chance: Mutex<SeededGenerator>
        let percent: UInt64

        init(seed: UInt64, percent: UInt64) {
            chance = Mutex(SeededGenerator(seed: seed))
            self.percent = percent
        }

        func spoil(_ bytes: [UInt8]) -> [UInt8] {
            chance.withLock { chance in
                guard chance.next() % 100 < percent, !bytes.isEmpty else { return bytes }
                var bytes = bytes
                let place = Int(chance.next() % UInt64(bytes.count))
                switch chance.next() % 5 {
                case 0: bytes[place] ^= UInt8(1 << (chance.next() % 8))
                case 1: bytes.removeLast(bytes.count - place)
                case 2: bytes[0] = UInt8(chance.next() % 16)
                case 3:
                    for index in place..<min(place + 8, bytes.count) { bytes[index] = 0xFF }
                default:
                    for index in place..<min(place + 8, bytes.count) { bytes[index] = 0 }
                }
                return bytes
            }
        }
    }

    @Test(arguments: propertySeeds.prefix(5)) func aSeatThatSpoilsItsWords(seed: UInt64) throws {
        var settings = Cluster.quick
        settings.epochNanoseconds = 500 * Nanoseconds.perMillisecond
        if seed % 2 == 0 { settings.commits.knownRounds = 2 }
        var cluster = Cluster(4, settings: settings)
        let liar = Liar(seed: seed, percent: 30)
        cluster.spoil = { from, bytes in from == 3 ? liar.spoil(bytes) : bytes }
        var client = Client(cluster.genesis)
        for body in client.entry() { cluster.submit(body, to: 0) }
        try cluster.run(milliseconds: 200)
        for index in 0..<20 {
            cluster.submit(client.batch(at: cluster.now), to: index % 3)
            try cluster.run(milliseconds: 40)
        }
        try cluster.run(milliseconds: 8_000)
        let order = cluster.nodes[0].executed.map(\.body.digest)
        #expect(order.count == 23, "seed \(seed)")
        for index in 0..<3 {
            let node = cluster.nodes[index]
            #expect(node.halted == nil, "seed \(seed), seat \(index)")
            #expect(node.executed.map(\.body.digest) == order, "seed \(seed), seat \(index)")
            for (ours, first) in zip(node.certified, cluster.nodes[0].certified) {
                #expect(ours.checkpoint.header == first.checkpoint.header, "seed \(seed)")
            }
        }
        let kept = cluster.nodes.prefix(3).flatMap(\.final)
        #expect(Set(kept).count == 23, "seed \(seed)")
    }
}
