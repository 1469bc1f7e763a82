// The door of the simulator: one seed and one shape give one run, the same on every machine.
//
// A run is whole validators in virtual time on one thread: their programs, their journals on
// simulated disks, and the bytes of every message encoded and decoded again. What goes wrong is
// drawn from the seed. Oracles look at everything that honest machines claim, as they claim it;
// when the faults have ended, everything submitted must finish within a stated virtual time.
import Cryptography
import Primitives

public enum Simulation {
    /// One seed in so many signs with Ed25519; in the others a hash with the secret key stands for
    /// a signature, which takes a fifth of the time of a run away.
    public static let realSigning: UInt64 = 8

    /// Runs one seed.
    ///
    /// - Parameter write: takes the trace as text, line by line; nil where nobody reads it.
    public static func run(
        seed: UInt64, shape: SimulationShape, write: ((String) -> Void)? = nil
    ) -> SimulationReport {
        let mode: SimulatedCryptography.Mode = seed % realSigning == 0 ? .real : .symbolic
        return SimulatedCryptography.$current.withValue(SimulatedCryptography(mode)) {
            play(seed: seed, shape: shape, write: write)
        }
    }

    private static func play(
        seed: UInt64, shape: SimulationShape, write: ((String) -> Void)?
    ) -> SimulationReport {
        switch shape.program {
        case .graph:
            var world = World(
                GraphScenario(seats: shape.seats, seed: seed), shape: shape, seed: seed,
                write: write)
            return world.run()
        case .replica:
            var world = World(
                ReplicaScenario(shape: shape, seed: seed), shape: shape, seed: seed, write: write)
            return world.run()
        }
    }
}
