// The archive: sealed segments go to a directory that stands for another store, and come back.
import Environment
import Foundation
import Node
import Platform
import Primitives
import Records
import Storage
import Synchronization
import TestSupport
import Testing

/// Files under their keys in a directory; told to fail or to spoil what it gives back.
private struct DirectoryDepot: SegmentDepot, Sendable {
    var path: String
    var isDown = false
    var cutsTo: Int?

    private func place(_ key: String) -> String {
        path + "/" + key.split(separator: "/").joined(separator: "_")
    }

    func put(_ file: String, as key: String) throws(DepotFailure) {
        guard !isDown else { throw DepotFailure("down") }
        try? FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        try? FileManager.default.removeItem(atPath: place(key))
        do { try FileManager.default.copyItem(atPath: file, toPath: place(key)) } catch {
            throw DepotFailure("\(error)")
        }
    }

    func get(_ key: String, into file: String) throws(DepotFailure) {
        guard !isDown, var data = FileManager.default.contents(atPath: place(key)) else {
            throw DepotFailure("not there")
        }
        if let cutsTo { data = data.prefix(cutsTo) }
        guard FileManager.default.createFile(atPath: file, contents: data) else {
            throw DepotFailure("not written")
        }
    }
}

/// What a node asked for.
private final class Asked: Sendable {
    let segments = Mutex<[ArchivedSegment]>([])
}

@Suite struct ArchiveTests {
    private final class Story {
        let cast = Cast()
        let scratch: ScratchDirectory
        var settings = NodeSettings()
        private(set) var receipts: [Receipt] = []
        let depot: DirectoryDepot
        let asked = Asked()

        init() throws {
            scratch = try ScratchDirectory()
            depot = DirectoryDepot(path: scratch.path + "-depot")
            settings.segmentBytes = 16 << 10
            let node = try node()
            _ = cast.enroll(node)
            for number in 1...12 as ClosedRange<UInt8> {
                var submission = cast.submission(run: number, 1)
                var chance = SeededGenerator(seed: UInt64(number))
                submission.payload = chance.bytes(3_000)
                node.submit([submission], owner: cast.ownerID) { _ in }
                cast.clock.move(milliseconds: 1_500)
                node.advance()
                node.advance()
            }
            receipts = try (1...12).map { try receipt($0, of: node) }
            node.close()
        }

        deinit { try? FileManager.default.removeItem(atPath: depot.path) }

        var opening: StoreOpening {
            var opening = StoreOpening(
                disk: OSDisk(), path: scratch.path,
                storeID: StoreID([UInt8](repeating: 9, count: 16))!, worker: InlineWorker(),
                name: { _ in nil })
            opening.fetch = { [asked] segment in asked.segments.withLock { $0.append(segment) } }
            return opening
        }

        func node() throws -> Node {
            try Node(
                genesis: cast.genesis, keys: cast.keys, settings: settings, opening: opening,
                clock: cast.clock)
        }

        func receipt(_ number: UInt64, of node: Node) throws -> Receipt {
            guard case .receipt(let receipt) = try node.receipt(RecordID(batch: number, row: 0))
            else { throw NodeFailure.unavailable }
            return receipt
        }

        func archive() throws -> ArchiveReport {
            try StoreArchive.run(opening, to: depot, prefix: "a/b")
        }

        var segments: [String] {
            ["journal", "payloads"].flatMap { part in
                let names = try? OSDisk().list(scratch.path + "/" + part)
                return (names ?? []).filter { $0.hasSuffix(".segment") }
            }
        }
    }

    @Test func segmentsGoAndAreReadOnDemand() throws {
        let story = try Story()
        let before = story.segments.count
        let report = try story.archive()
        #expect(report.segments >= 2 && report.bytes > 0)
        #expect(story.segments.count == before - Int(report.segments))
        #expect(try story.archive() == ArchiveReport())
        let node = try story.node()
        // A start needs none of them; a read asks, and succeeds once the copy is there.
        var fetched = 0
        for (index, receipt) in story.receipts.enumerated() {
            let number = UInt64(index + 1)
            for _ in 0..<3 {
                do {
                    #expect(try story.receipt(number, of: node) == receipt)
                    let payload = try #require(try node.payload(receipt.record.payloadDigest))
                    try receipt.verify(trusted: story.cast.genesis.digest, payload: payload)
                    break
                } catch NodeFailure.storage(.archived(let segment)) {
                    #expect(story.asked.segments.withLock { $0.last } == segment)
                    try segment.fetch(from: story.depot, on: OSDisk())
                    fetched += 1
                }
            }
        }
        #expect(fetched >= 2)
        node.close()
        let check = try StoreCheck.run(story.opening)
        #expect(check.faults.isEmpty && check.archivedSegments == report.segments)
        let back = try StoreArchive.restore(story.opening, from: story.depot)
        #expect(back == report)
        #expect(story.segments.count == before)
        #expect(try StoreCheck.run(story.opening).faults == [])
    }

    /// What cannot be stored and read back stays here.
    @Test func nothingIsLostWhereTheDepotFails() throws {
        let story = try Story()
        var depot = story.depot
        depot.isDown = true
        let before = story.segments
        #expect(throws: ArchiveFailure.depot(DepotFailure("down"))) {
            try StoreArchive.run(story.opening, to: depot, prefix: "")
        }
        depot.isDown = false
        depot.cutsTo = 5_000
        #expect(throws: ArchiveFailure.self) {
            try StoreArchive.run(story.opening, to: depot, prefix: "")
        }
        #expect(story.segments == before)
        #expect(try StoreCheck.run(story.opening).faults == [])
    }

    @Test func aTruncatedObjectIsNotTaken() throws {
        let story = try Story()
        let report = try story.archive()
        var depot = story.depot
        depot.cutsTo = 4_096
        do throws(ArchiveFailure) {
            _ = try StoreArchive.restore(story.opening, from: depot)
            Issue.record("it was taken")
        } catch {
            guard case .differs = error else {
                Issue.record("\(error)")
                return
            }
        }
        let back = try StoreArchive.restore(story.opening, from: story.depot)
        #expect(back.segments == report.segments)
        #expect(try StoreCheck.run(story.opening).faults == [])
    }

    /// Check, rebuild and prune bring what they read; what was compressed goes there so.
    @Test(arguments: [false, true]) func workThatReadsEverything(isCompressed: Bool) throws {
        let story = try Story()
        if isCompressed { #expect(try StoreCompact.run(story.opening).segments >= 1) }
        let report = try story.archive()
        var opening = story.opening
        let depot = story.depot
        opening.bring = { segment throws(StorageFailure) in
            do throws(ArchiveFailure) {
                try segment.fetch(from: depot, on: OSDisk())
            } catch { throw error.asStorageFailure(of: segment) }
        }
        let check = try StoreCheck.run(opening)
        #expect(check.faults == [] && check.archivedSegments == 0 && check.records == 12)
        try StoreRebuild.run(opening)
        let cut = try #require(story.receipts.dropFirst(8).first).batch.header.closed
        let pruned = try StorePrune.run(
            opening, before: cut, scope: .records, clock: story.cast.clock)
        #expect(pruned.batches >= 4 && pruned.through == 8)
        #expect(try StoreCheck.run(opening).faults == [])
        // What was pruned is here again, and goes once more.
        #expect(try story.archive().segments >= 1 && report.segments >= 2)
        #expect(try StoreCheck.run(opening).faults == [])
        let back = try StoreArchive.restore(story.opening, from: story.depot)
        #expect(back.segments == report.segments)
        let node = try story.node()
        for number in 9...12 as ClosedRange<UInt64> {
            #expect(try story.receipt(number, of: node) == story.receipts[Int(number) - 1])
        }
        node.close()
    }

    /// A depot that does not answer is named, not the store.
    @Test func workThatReadsEverythingNeedsTheDepot() throws {
        let story = try Story()
        _ = try story.archive()
        var opening = story.opening
        opening.bring = { segment throws(StorageFailure) in
            throw ArchiveFailure.depot(DepotFailure("down")).asStorageFailure(of: segment)
        }
        do {
            _ = try StoreCheck.run(opening)
            Issue.record("it was checked")
        } catch {
            guard case .notBrought(_, "down") = error else { throw error }
        }
    }

    /// The node goes on recording while segments lie elsewhere.
    @Test func itGoesOnAfterwards() throws {
        let story = try Story()
        _ = try story.archive()
        let node = try story.node()
        var answers = 0
        node.submit(
            [story.cast.submission(run: 40, 1)], owner: story.cast.ownerID
        ) { if case .recorded = $0 { answers += 1 } }
        story.cast.clock.move(milliseconds: 30)
        node.advance()
        #expect(answers == 1)
        #expect(try node.status().records == 13)
        node.close()
        let again = try story.node()
        #expect(try again.status().records == 13)
        again.close()
    }
}
