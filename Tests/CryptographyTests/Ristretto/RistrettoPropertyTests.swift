// Laws of scalars and points, and the proofs and sealed scalars that are built on them.
import Cryptography
import Primitives
import TestSupport
import Testing

extension Scalar {
    /// A scalar from a test's generator.
    static func random(using generator: inout SeededGenerator) -> Scalar {
        Scalar(wide: generator.bytes(64))
    }
}

@Suite struct RistrettoPropertyTests {
    @Test(arguments: propertySeeds) func scalarsAreAField(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let a = Scalar.random(using: &generator), b = Scalar.random(using: &generator)
        let c = Scalar.random(using: &generator)
        #expect((a + b) * c == a * c + b * c, "seed \(seed)")
        #expect(a + b == b + a && a * b == b * a, "seed \(seed)")
        #expect(a - b + b == a && a - a == .zero, "seed \(seed)")
        #expect(try #require(a.inverse) * a == .one, "seed \(seed)")
        #expect(Scalar(bytes: a.bytes) == a, "seed \(seed)")
        let (x, y) = (generator.next() >> 32, generator.next() >> 32)
        #expect(Scalar(x) * Scalar(y) == Scalar(x * y), "seed \(seed)")
        #expect(Scalar(x) + Scalar(y) == Scalar(x + y), "seed \(seed)")
    }

    @Test(arguments: propertySeeds) func scalarsActOnPoints(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let a = Scalar.random(using: &generator), b = Scalar.random(using: &generator)
        let point = Point(hashed: generator.bytes(64))
        #expect((a + b) * point == a * point + b * point, "seed \(seed)")
        #expect((a * b) * point == a * (b * point), "seed \(seed)")
        #expect((a - b) * point == a * point - b * point, "seed \(seed)")
        #expect(Point(baseTimes: a) == a * Point.base, "seed \(seed)")
        #expect(Point(bytes: point.bytes) == point, "seed \(seed)")
        #expect(Scalar.one * point == point, "seed \(seed)")
    }

    @Test func secretsAreNotPrinted() {
        let secret = Scalar(0xABCD_EF01)
        var dumped = ""
        dump(secret, to: &dumped)
        for text in ["\(secret)", String(reflecting: secret), dumped] {
            #expect(!text.contains("abcd") && !text.contains("205") && !text.contains("01efcdab"))
        }
    }

    @Test(arguments: propertySeeds) func equalityProofs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let secret = Scalar.random(using: &generator)
        let base = Point(hashed: generator.bytes(64))
        let statement = EqualityStatement(
            key: Point(baseTimes: secret), base: base, image: secret * base,
            context: .random(using: &generator))
        let proof = EqualityProof(of: statement, secret: secret)
        #expect(proof.proves(statement), "seed \(seed)")
        #expect(proof == EqualityProof(of: statement, secret: secret), "seed \(seed)")
        var spoiled: [(String, EqualityStatement)] = []
        for (name, path) in [
            ("key", \EqualityStatement.key), ("base", \.base), ("image", \.image),
        ] {
            var copy = statement
            copy[keyPath: path] = copy[keyPath: path] + .base
            spoiled.append((name, copy))
            copy[keyPath: path] = .identity
            spoiled.append((name + " neutral", copy))
        }
        var copy = statement
        copy.context = Digest.random(using: &generator)
        spoiled.append(("context", copy))
        for (name, statement) in spoiled {
            #expect(!proof.proves(statement), "\(name), seed \(seed)")
            let made = EqualityProof(of: statement, secret: secret)
            #expect(made.proves(statement) == (name == "context"), "\(name), seed \(seed)")
        }
        var writer = ByteWriter()
        proof.encode(to: &writer)
        for bit in [0, 77, 200, 260, 300, 500] {
            var reader = ByteReader(writer.bytes.flipping(bit: bit))
            guard let bad = try? EqualityProof(from: &reader) else { continue }
            #expect(!bad.proves(statement), "bit \(bit), seed \(seed)")
        }
    }

    /// A proof about the neutral element proves nothing: 0 is everybody's secret.
    @Test func aNeutralStatementIsNotProven() {
        let statement = EqualityStatement(
            key: .identity, base: .base, image: .identity, context: Digest())
        #expect(!EqualityProof(of: statement, secret: .zero).proves(statement))
        let proof = KnowledgeProof(of: .identity, secret: .zero, context: Digest())
        #expect(!proof.proves(.identity, context: Digest()))
    }

    @Test(arguments: propertySeeds) func knowledgeProofs(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let secret = Scalar.random(using: &generator)
        let key = Point(baseTimes: secret)
        let context = Digest.random(using: &generator)
        let proof = KnowledgeProof(of: key, secret: secret, context: context)
        #expect(proof.proves(key, context: context), "seed \(seed)")
        #expect(!proof.proves(key + .base, context: context), "seed \(seed)")
        #expect(!proof.proves(key, context: .random(using: &generator)), "seed \(seed)")
        let other = KnowledgeProof(of: key, secret: secret + .one, context: context)
        #expect(!other.proves(key, context: context), "seed \(seed)")
        var writer = ByteWriter()
        proof.encode(to: &writer)
        var reader = ByteReader(writer.bytes)
        #expect(try KnowledgeProof(from: &reader) == proof, "seed \(seed)")
        for half in [0, 32] {
            var bytes = writer.bytes
            bytes.replaceSubrange(half..<half + 32, with: [UInt8](repeating: 0xFF, count: 32))
            var reader = ByteReader(bytes)
            #expect(throws: DecodingFailure(.outOfRange, at: half)) {
                try KnowledgeProof(from: &reader)
            }
        }
    }

    @Test(arguments: propertySeeds) func sealedScalarsOpenForTheReaderOnly(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let sender = Scalar.random(using: &generator), reader = Scalar.random(using: &generator)
        let secret = Scalar.random(using: &generator)
        let context = Digest.random(using: &generator)
        let shared = sender * Point(baseTimes: reader)
        let sealed = SealedScalar(secret, shared: shared, context: context)
        let theirs = reader * Point(baseTimes: sender)
        #expect(sealed.open(shared: theirs, context: context) == secret, "seed \(seed)")
        #expect(sealed.open(shared: theirs + .base, context: context) == nil, "seed \(seed)")
        let other = Digest.random(using: &generator)
        #expect(sealed.open(shared: theirs, context: other) == nil, "seed \(seed)")
        var writer = ByteWriter()
        sealed.encode(to: &writer)
        #expect(writer.bytes.count == SealedScalar.width)
        let bit = Int.random(in: 0..<8 * SealedScalar.width, using: &generator)
        var bytes = ByteReader(writer.bytes.flipping(bit: bit))
        let bad = try SealedScalar(from: &bytes)
        #expect(bad.open(shared: theirs, context: context) == nil, "seed \(seed), bit \(bit)")
        var short = ByteReader(Array(writer.bytes.dropLast()))
        #expect(throws: DecodingFailure(.truncated, at: 0)) { try SealedScalar(from: &short) }
    }
}
