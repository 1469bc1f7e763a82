// Under pressure and with a failing disk: told to come back, nothing half recorded.
import Platform
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite struct PressureTests {
    @Test func overTheLimitOneIsTakenAndTheOtherComesBackLater() throws {
        let rig = try Rig { $0.settings.pendingSpans = 1 }
        let (held, release) = (Gate(), Gate())
        rig.gateway.withNode { _ in
            held.open()
            release.wait()
        }
        held.wait()
        // While the node stands still, the first request is admitted and the second is not.
        let answers = Mutex<[(status: Int, retry: String?)]>([])
        let (refused, done) = (Gate(), Gate())
        let port = rig.gateway.port
        for number in 1...2 as ClosedRange<UInt8> {
            try OSThread.start("exporter") {
                let client = try? HTTPClient("http://127.0.0.1:\(port)")
                let response = try? client?.export(ExportSample(SpanSample(number)))
                let count = answers.withLock { list in
                    list.append((response?.status ?? 0, response?.header("retry-after")))
                    return list.count
                }
                if count == 1 { refused.open() } else { done.open() }
            }.detach()
        }
        refused.wait()
        release.open()
        done.wait()
        #expect(answers.withLock { $0.map(\.status) } == [429, 200])
        #expect(answers.withLock { $0[0].retry } == "1")
        let client = try rig.client()
        #expect(try client.json("/v1/status")["records"]?.string == "1")
        #expect(try client.export(ExportSample(SpanSample(1), SpanSample(2))).status == 200)
        #expect(try client.json("/v1/status")["records"]?.string == "2")
    }

    @Test func aServerAtItsLimitSaysOnceWhenToComeBack() throws {
        let rig = try Rig { $0.settings.http.pendingBytes = 1_000 }
        let answer = try RawExchange.send(
            "POST /v1/traces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 1001\r\n\r\n", port: rig.gateway.port)
        #expect(answer.hasPrefix("HTTP/1.1 503 "), "\(answer)")
        let lines = answer.split(separator: "\r\n").filter { $0.hasPrefix("retry-after:") }
        #expect(lines == ["retry-after: 1"])
    }

    @Test(arguments: [28, 5] as [Int32])
    func aDiskThatFailsIsToldAndTheNodeComesBack(code: Int32) throws {
        let disk = MemoryDisk()
        let rig = try Rig {
            $0.disk = disk
            $0.node.reopenIntervalNanoseconds = 50 * Nanoseconds.perMillisecond
            // Only what the test does may reach the disk.
            $0.node.replica.intervalNanoseconds = 3_600 * Nanoseconds.perSecond
        }
        let client = try rig.client()
        #expect(try client.get("/readyz").status == 200)
        rig.gateway.withNode { _ in
            for number in 0..<4 { disk.faults[disk.operationCount + number] = .fail(code) }
        }
        let failed = try client.export(ExportSample(SpanSample(1)))
        #expect(failed.status == 503)
        #expect(failed.header("retry-after") == "1")
        #expect(try failed.json()["code"] == .integer(14))
        _ = try client.poll("/readyz") { $0.status == 200 }
        let again = try client.export(ExportSample(SpanSample(1)))
        #expect(again.status == 200, "\(again.text)")
        #expect(try client.json("/v1/runs/\(SpanSample.trace(1))")["records"] == .integer(1))
        #expect(try client.get("/metrics").text.contains("althing_storage_failures_total 1\n"))
    }

    @Test func admissionReleasesWhatItReserved() {
        let admission = Admission(spanLimit: 10, byteLimit: 100)
        #expect(admission.reserve(spans: 6, bytes: 50))
        #expect(!admission.reserve(spans: 5, bytes: 10))
        #expect(!admission.reserve(spans: 1, bytes: 51))
        #expect(admission.reserve(spans: 4, bytes: 50))
        #expect(admission.isFull())
        admission.release(spans: 4, bytes: 50)
        admission.release(spans: 6, bytes: 50)
        #expect(admission.pendingSpans == 0 && admission.pendingBytes == 0)
        // Alone, a request passes whatever its size.
        #expect(admission.reserve(spans: 11, bytes: 1_000))
    }
}
