// Every kernel of this processor against the portable one, lane by lane.
import CBLAKE3
import Primitives
import TestSupport
import Testing

/// A vector kernel by name.
struct VectorKernel: CustomTestStringConvertible, Sendable {
    typealias Run = @Sendable (UnsafePointer<cblake3_batch>, UnsafeMutablePointer<UInt8>) -> Void

    var kind: cblake3_kernel
    var run: Run

    var testDescription: String { String(cString: cblake3_kernel_name(kind)) }
    var isAvailable: Bool { cblake3_kernel_available(kind) }

    static let all: [VectorKernel] = [
        .init(kind: cblake3_kernel_sse41) { cblake3_many_sse41($0, $1) },
        .init(kind: cblake3_kernel_avx2) { cblake3_many_avx2($0, $1) },
        .init(kind: cblake3_kernel_avx512) { cblake3_many_avx512($0, $1) },
        .init(kind: cblake3_kernel_selected()) { cblake3_many($0, $1) },
    ]
}

/// The arguments of one call, drawn from a seed.
struct DrawnBatch {
    var key = cblake3_key()
    var input: [UInt8]
    var count: Int
    var blocks: Int
    var lastBytes: UInt8
    var counter: UInt64
    var increment: Bool
    var flags: (UInt8, UInt8, UInt8)

    init(count: Int, blocks: Int, from generator: inout SeededGenerator) {
        self.count = count
        self.blocks = blocks
        input = generator.bytes(count * blocks * 64 + 1)
        lastBytes = .random(in: 1...64, using: &generator)
        // Near 2^32 the carry into the high word differs from lane to lane.
        counter = Bool.random(using: &generator)
            ? generator.next() : (1 << 32) - UInt64.random(in: 0...20, using: &generator)
        increment = Bool.random(using: &generator)
        flags = (
            .random(in: 0...255, using: &generator), .random(in: 0...255, using: &generator),
            .random(in: 0...255, using: &generator)
        )
        let words = generator.bytes(32)
        withUnsafeMutableBytes(of: &key) { $0.copyBytes(from: words) }
    }

    /// The chaining values by `run`; the input starts at an odd address where `offset` is 1.
    func values(offset: Int, by run: VectorKernel.Run) -> [UInt8] {
        var output = [UInt8](repeating: 0xEE, count: count * 32 + 32)
        input.withUnsafeBufferPointer { input in
            withUnsafePointer(to: key) { key in
                var batch = cblake3_batch(
                    input: input.baseAddress! + offset, count: count, blocks: blocks,
                    last_bytes: lastBytes, key: key, counter: counter, increment: increment,
                    flags: flags.0, flags_start: flags.1, flags_end: flags.2)
                run(&batch, &output)
            }
        }
        return output
    }
}

@Suite struct KernelTests {
    @Test(arguments: VectorKernel.all, propertySeeds)
    func equalsThePortableOne(kernel: VectorKernel, seed: UInt64) throws {
        guard kernel.isAvailable else {
            print("skipped: this processor has no \(kernel.testDescription)")
            return
        }
        var generator = SeededGenerator(seed: seed)
        for count in 0...35 {
            let blocks = Int.random(in: 1...3, using: &generator)
            let batch = DrawnBatch(count: count, blocks: blocks, from: &generator)
            let offset = Int.random(in: 0...1, using: &generator)
            let expected = batch.values(offset: offset) { cblake3_many_portable($0, $1) }
            let actual = batch.values(offset: offset, by: kernel.run)
            #expect(actual == expected, "seed \(seed), count \(count), blocks \(blocks)")
        }
    }

    @Test(arguments: VectorKernel.all) func equalsThePortableOneOnWholeChunks(
        kernel: VectorKernel
    ) {
        guard kernel.isAvailable else { return }
        var generator = SeededGenerator(seed: 16)
        let batch = DrawnBatch(count: 31, blocks: 16, from: &generator)
        let expected = batch.values(offset: 0) { cblake3_many_portable($0, $1) }
        #expect(batch.values(offset: 0, by: kernel.run) == expected)
    }

    @Test(arguments: VectorKernel.all) func replacesChildrenByParents(kernel: VectorKernel) {
        guard kernel.isAvailable else { return }
        var generator = SeededGenerator(seed: 64)
        for count in 1...40 {
            let batch = DrawnBatch(count: count, blocks: 1, from: &generator)
            let expected = batch.values(offset: 0) { cblake3_many_portable($0, $1) }
            var place = batch.input
            place.withUnsafeMutableBufferPointer { bytes in
                withUnsafePointer(to: batch.key) { key in
                    var call = cblake3_batch(
                        input: bytes.baseAddress!, count: count, blocks: 1,
                        last_bytes: batch.lastBytes, key: key, counter: batch.counter,
                        increment: batch.increment, flags: batch.flags.0,
                        flags_start: batch.flags.1, flags_end: batch.flags.2)
                    kernel.run(&call, bytes.baseAddress!)
                }
            }
            #expect(place.prefix(count * 32) == expected.prefix(count * 32), "count \(count)")
        }
    }

    @Test func theSelectedKernelIsTheWidestAvailable() {
        let kinds = [
            cblake3_kernel_avx512, cblake3_kernel_avx2, cblake3_kernel_sse41,
            cblake3_kernel_portable,
        ]
        let widest = kinds.first { cblake3_kernel_available($0) }
        #expect(widest == cblake3_kernel_selected())
    }
}
