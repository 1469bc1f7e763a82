// Pruning everything there is: what lies in segments that are still written to stays, and a check
// finds nothing wrong.
import Environment
import Ledger
import Node
import Primitives
import Records
import Storage
import TestSupport
import Testing

@Suite struct PruneAllTests {
    /// Payloads of several chunks, so that manifests in the last segment name chunks of earlier
    /// ones.
    @Test(arguments: [PruneScope.payloads, .records]) func aCheckFindsNothing(
        _ scope: PruneScope
    ) throws {
        let cast = Cast()
        let scratch = try ScratchDirectory()
        var settings = NodeSettings()
        settings.segmentBytes = 256 << 10
        let disk = MemoryDisk()
        let node = try cast.node(at: scratch.path, disk: disk, settings: settings)
        _ = cast.enroll(node)
        var chance = SeededGenerator(seed: 1)
        let shared = chance.bytes(90_000)
        for number in 1...8 as ClosedRange<UInt8> {
            var submission = cast.submission(run: number, 1)
            submission.payload = shared + chance.bytes(20_000)
            node.submit([submission], owner: cast.ownerID) { _ in }
            cast.clock.move(milliseconds: 1_500)
            node.advance()
            node.advance()
        }
        node.close()
        let opening = StoreOpening(
            disk: disk, path: scratch.path,
            storeID: StoreID([UInt8](repeating: 9, count: 16))!, worker: InlineWorker(),
            name: { _ in nil })
        let report = try StorePrune.run(
            opening, before: cast.clock.now(), scope: scope, clock: cast.clock)
        #expect(report.through >= 7)
        #expect(try StoreCheck.run(opening).faults == [])
        _ = try StoreCompact.run(opening)
        #expect(try StoreCheck.run(opening).faults == [])
        try StoreRebuild.run(opening)
        #expect(try StoreCheck.run(opening).faults == [])
    }
}
