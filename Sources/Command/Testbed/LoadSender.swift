// Sends what a chain of the testbed makes, again and elsewhere where a validator does not answer.
import JSON
import Platform
import Primitives

/// One connection to one validator at a time. One thread.
final class LoadSender {
    private let addresses: [String]
    private var at: Int
    private var client: HTTPClient?
    /// Attempts that were not answered with success.
    private(set) var retries: UInt64 = 0

    private static let octets = [(name: "content-type", value: "application/octet-stream")]
    private static let timeout = 12 * Nanoseconds.perSecond

    /// - Parameter first: the validator to begin with, by its place in `addresses`.
    init(_ addresses: [String], first: Int) {
        self.addresses = addresses
        at = first
    }

    /// The validator spoken to, by its place.
    var place: Int { at }

    /// Sends until it is acknowledged; false where `giveUp` said so before.
    ///
    /// - Throws: a refusal.
    func send(
        _ path: String, _ body: [UInt8], giveUp: () -> Bool
    ) throws(CommandFailure) -> Bool {
        while !giveUp() {
            do {
                let client = try self.client ?? HTTPClient(addresses[at])
                self.client = client
                let response = try client.request(
                    "POST", path, headers: Self.octets, body: body,
                    timeoutNanoseconds: Self.timeout)
                if response.status == 200 { return true }
                let problem = NodeProblem(response)
                if isKnown(response.body) { return true }
                guard problem.code == .unreachable || problem.code == .failed else {
                    throw CommandFailure.problem(problem)
                }
            } catch let failure as CommandFailure {
                throw failure
            } catch {
                // The connection is gone: the next one may answer.
            }
            moveOn()
        }
        return false
    }

    private func moveOn() {
        retries += 1
        client = nil
        at = (at + 1) % addresses.count
        Pause.milliseconds(20)
    }

    /// Whether the refusal says that what was sent before has been carried out since.
    private func isKnown(_ body: [UInt8]) -> Bool {
        guard retries > 0, let problem = try? JSONValue(parsing: body) else { return false }
        return ["recording.replayed", "wrongSequence"].contains(problem.text("reason"))
    }
}
