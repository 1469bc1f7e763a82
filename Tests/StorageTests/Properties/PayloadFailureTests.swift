// Payloads on a failing disk: what was acknowledged is there, what failed can be given again.
import Environment
import Primitives
import Storage
import TestSupport
import Testing

@Suite struct PayloadFailureTests {
    /// Payloads that share content, so that a failure between them could leave a place that lies.
    private func payload(_ number: Int) -> [UInt8] {
        var chance = SeededGenerator(seed: UInt64(number % 3))
        let start = chance.bytes(3000 + number % 4 * 2500)
        return start + [UInt8](repeating: UInt8(number), count: number % 5 * 300)
    }

    private func open(_ disk: MemoryDisk, _ index: Index) throws(StorageFailure) -> PayloadStore {
        let settings = JournalSettings(storeID: storeA, purpose: .payloads, segmentBytes: 32 << 10)
        let journal = try Journal(disk: disk, directory: "store/payloads", settings: settings)
        return try PayloadStore(journal: journal, index: index)
    }

    @Test(arguments: [MemoryDisk.Fault.fail(28), .partial(5)]) func failuresCanBeRepeated(
        fault: MemoryDisk.Fault
    ) throws {
        for operation in stride(from: 12, to: 60, by: 3) {
            let store = try TemporaryStore()
            let (disk, index) = (MemoryDisk(seed: UInt64(operation)), try store.index())
            let payloads = try open(disk, index)
            disk.faults[operation] = fault
            var kept: [(Digest, [UInt8])] = []
            for number in 0..<24 {
                let batch = WriteBatch()
                let bytes = payload(number)
                for _ in 0..<3 where kept.count == number {
                    guard let digest = try? payloads.stage(bytes),
                        (try? payloads.commit(into: batch)) != nil
                    else { continue }
                    try index.commit(batch)
                    kept.append((digest, bytes))
                }
            }
            #expect(kept.count == 24, "operation \(operation)")
            for (digest, bytes) in kept {
                #expect(try payloads.payload(digest) == bytes, "operation \(operation)")
            }
            #expect(try payloads.check().damaged.isEmpty, "operation \(operation)")
        }
    }

    @Test(arguments: propertySeeds.prefix(8)) func acknowledgedPayloadsSurviveACrash(
        seed: UInt64
    ) throws {
        let store = try TemporaryStore()
        let (disk, index) = (MemoryDisk(seed: seed), try store.index())
        var kept: [(Digest, [UInt8])] = []
        var chance = SeededGenerator(seed: seed)
        for round in 0..<6 {
            disk.faults[disk.operationCount + 20 + Int(chance.next() % 40)] = .crash
            do {
                let payloads = try open(disk, index)
                for number in 0..<24 {
                    let bytes = payload(round * 24 + number)
                    let digest = try payloads.stage(bytes)
                    let batch = WriteBatch()
                    try payloads.commit(into: batch)
                    kept.append((digest, bytes))
                    // A batch that is not committed must be the last.
                    if chance.next() % 8 == 0 { break }
                    try index.commit(batch)
                }
            } catch {
                guard case .disk = error else { throw error }
            }
            disk.restart()
            let payloads = try open(disk, index)
            for (digest, bytes) in kept {
                #expect(try payloads.payload(digest) == bytes, "seed \(seed), round \(round)")
            }
            payloads.close()
        }
    }
}
