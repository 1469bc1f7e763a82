// Validators of a chain of their own, each a process on this machine with its own keys and disk.
import Cryptography
import JSON
import Platform
import Primitives
import Records

/// Runs from `init` until `stop`. One thread.
final class Cluster {
    /// One validator.
    final class Seat {
        /// `http://HOST:PORT`
        let address: String
        let directory: String
        fileprivate(set) var process: ChildProcess?

        fileprivate init(address: String, directory: String) {
            self.address = address
            self.directory = directory
        }
    }

    let genesis: Genesis
    let seats: [Seat]
    private let settings: [String]

    /// Time in which a validator must answer after its start, nanoseconds.
    private static let patience = 30 * Nanoseconds.perSecond

    /// Makes keys, genesis and directories below `folder`, and starts every validator.
    ///
    /// - Parameter settings: `NAME=VALUE` for each of them.
    init(
        count: Int, in folder: String, chain: ChainPlan, settings: [String] = []
    ) throws(CommandFailure) {
        let ports = try FreePorts.take(2 * count)
        let places = (0..<count).map { seat in
            SeatPlace(
                listen: ListenAddress(host: "127.0.0.1", port: ports[2 * seat]),
                peerListen: ListenAddress(host: "127.0.0.1", port: ports[2 * seat + 1]))
        }
        let plan = GenesisPlan(
            out: folder, chain: chain, seats: .made(places), mode: .development,
            passphrase: Passphrase.development)
        genesis = try plan.write().genesis
        self.settings = settings
        seats = places.enumerated().map { seat, place in
            Seat(
                address: "http://" + place.listen.authority,
                directory: plan.directory(seat).path)
        }
        do throws(CommandFailure) {
            for seat in seats.indices { try start(seat) }
            for seat in seats.indices { try waitUntilServing(seat) }
        } catch {
            stop()
            throw error
        }
    }

    /// Starts a validator that does not run.
    func start(_ seat: Int) throws(CommandFailure) {
        let directory = seats[seat].directory
        var words = [
            Executable.path, "node", "--config", directory + "/config.json", "--end-with-input",
        ]
        for setting in ["gateway.logLevel=warning"] + settings { words += ["--set", setting] }
        seats[seat].process = try ChildProcess(words, log: directory + "/log")
    }

    /// `kill -9`
    func kill(_ seat: Int) {
        seats[seat].process?.kill()
        seats[seat].process = nil
    }

    /// Waits until the validator answers.
    func waitUntilServing(_ seat: Int) throws(CommandFailure) {
        let clock = SystemClock()
        let deadline = clock.monotonicNanoseconds() &+ Self.patience
        while clock.monotonicNanoseconds() < deadline {
            if let client = try? NodeClient(seats[seat].address),
                (try? client.get("/readyz")) != nil
            { return }
            guard seats[seat].process?.isRunning == true else { break }
            Pause.milliseconds(5)
        }
        throw .failed(
            "validator \(seat + 1) does not serve; see \(seats[seat].directory)/log")
    }

    /// Waits until as many validators have linked up as the chain has.
    func waitUntilLinked() throws(CommandFailure) {
        let clock = SystemClock()
        let deadline = clock.monotonicNanoseconds() &+ Self.patience
        for seat in seats {
            let client = try NodeClient(seat.address)
            while Int(try client.get("/v1/status").number("consensus", "connected"))
                < seats.count - 1
            {
                guard clock.monotonicNanoseconds() < deadline else {
                    throw .failed("the validators do not find each other")
                }
                Pause.milliseconds(10)
            }
        }
    }

    /// Processor time of the validators that run, so far.
    var cpuNanoseconds: UInt64 {
        seats.compactMap(\.process).reduce(0) {
            $0 &+ Processes.cpuNanoseconds(of: $1.identifier)
        }
    }

    /// Stops every validator cleanly.
    func stop() {
        for seat in seats {
            seat.process?.stop(within: 10 * Nanoseconds.perSecond)
            seat.process = nil
        }
    }
}

/// Ports of this machine that nobody listens on.
enum FreePorts {
    /// Different ports; somebody else may take one before it is used.
    static func take(_ count: Int) throws(CommandFailure) -> [UInt16] {
        do {
            // Held together, so that none comes twice.
            let listeners = try (0..<count).map { _ in
                try StreamListener(address: "127.0.0.1", port: 0)
            }
            return listeners.map(\.port)
        } catch let failure as PlatformFailure {
            throw .system(failure)
        } catch {
            throw .failed("\(error)")
        }
    }
}
