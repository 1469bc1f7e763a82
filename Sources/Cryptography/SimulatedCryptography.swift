// What a simulation need not compute again and again, all of its seats being in one process.
import Primitives
import Synchronization

/// Bound to a task-local value by a simulation, whose seats all run in one thread; a node never has
/// one, and makes and checks every signature itself.
package final class SimulatedCryptography: Sendable {
    package enum Mode: Sendable {
        /// Ed25519. What was made or found good is remembered: checking the same bytes with the
        /// same key again has the same result.
        case real
        /// A hash of the secret seed and the message stands for the signature. Nobody in the
        /// simulation can make it without the key, which is all that protocols ask of signatures.
        /// What is no such hash is checked as Ed25519.
        case symbolic
    }

    private let mode: Mode
    private let known = Mutex<Set<Digest>>([])
    private let seeds = Mutex<[PublicKey: Digest]>([:])
    private let products = Mutex<[Factors: Point]>([:])
    private static let knownDomain = HashDomain("althing 2026 signature memory v1")
    private static let symbolDomain = HashDomain("althing 2026 symbolic signature v1")
    private static let mostKnown = 1 << 18
    private static let mostProducts = 1 << 16

    @TaskLocal package static var current: SimulatedCryptography?

    package init(_ mode: Mode) { self.mode = mode }

    /// The signature that stands for the real one; nil where that is to be made.
    func symbol(of message: [UInt8], seed: [UInt8], key: PublicKey) -> Signature? {
        guard mode == .symbolic, let seed = Digest(seed) else { return nil }
        seeds.withLock { $0[key] = seed }
        return Self.symbol(of: message, seed)
    }

    private static func symbol(of message: [UInt8], _ seed: Digest) -> Signature {
        withUnsafeTemporaryAllocation(byteCount: 32 + message.count, alignment: 8) { bytes in
            seed.store(to: bytes.baseAddress!)
            message.withUnsafeBytes {
                UnsafeMutableRawBufferPointer(rebasing: bytes[32...]).copyMemory(from: $0)
            }
            let digest = symbolDomain.hash(UnsafeRawBufferPointer(bytes))
            return withUnsafeTemporaryAllocation(byteCount: 64, alignment: 8) { twice in
                digest.store(to: twice.baseAddress!)
                digest.store(to: twice.baseAddress! + 32)
                return Signature(loading: UnsafeRawBufferPointer(twice))
            }
        }
    }

    /// Whether it was made or found good in this simulation.
    func isKnown(_ signature: Signature, of message: [UInt8], by key: PublicKey) -> Bool {
        switch mode {
        case .symbolic:
            guard let seed = seeds.withLock({ $0[key] }) else { return false }
            return Self.symbol(of: message, seed) == signature
        case .real:
            let name = Self.name(signature, message, key)
            return known.withLock { $0.contains(name) }
        }
    }

    /// It was made, or checked and found good.
    func remember(_ signature: Signature, of message: [UInt8], by key: PublicKey) {
        guard mode == .real else { return }
        let name = Self.name(signature, message, key)
        known.withLock { known in
            if known.count >= Self.mostKnown { known.removeAll() }
            known.insert(name)
        }
    }

    // MARK: The group of the coin

    private struct Factors: Hashable {
        var scalar: Scalar
        var point: Point?
    }

    /// The product that `multiply` makes of a scalar and a point, nil for the generator: seats
    /// check the same shares.
    func product(_ scalar: Scalar, _ point: Point?, _ multiply: () -> Point) -> Point {
        let factors = Factors(scalar: scalar, point: point)
        if let known = products.withLock({ $0[factors] }) { return known }
        let product = multiply()
        products.withLock { products in
            if products.count >= Self.mostProducts { products.removeAll() }
            products[factors] = product
        }
        return product
    }

    // MARK: Names

    private static func name(
        _ signature: Signature, _ message: [UInt8], _ key: PublicKey
    ) -> Digest {
        var writer = ByteWriter(capacity: message.count + 96)
        writer.write(signature)
        writer.write(key)
        writer.append(message)
        return knownDomain.hash(writer.bytes)
    }
}
