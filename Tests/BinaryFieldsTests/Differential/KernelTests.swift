// Every kernel of this processor equals the portable one, on every lane and at every length.
import BinaryFields
import CBinaryFields
import Primitives
import TestSupport
import Testing

@Suite struct KernelTests {
    static let kernels = (1...4).map { cbf_kernel(UInt32($0)) }.filter(cbf_kernel_available)
    static let counts = [1, 2, 3, 4, 5, 7, 8, 9, 16, 31]

    /// What one kernel makes of three vectors of 2 * count elements and one multiplier.
    static func outputs(
        _ kernel: cbf_kernel, _ a: [cbf_element], _ b: [cbf_element], _ c: [cbf_element],
        count: Int
    ) -> [[GF128]] {
        let table = cbf_kernel_table(kernel).pointee
        let multiplier = b[0]
        var results: [[cbf_element]] = [[table.multiply(a[0], multiplier)]]
        var out = a
        table.products(&out, a, b, count)
        results.append(out)
        table.scale(&out, a, multiplier, 2 * count)
        results.append(out)
        table.scale_add(&out, b, multiplier, count)
        results.append(out)
        table.blend(&out, a, b, multiplier, count)
        results.append(out)
        table.fold(&out, a, multiplier, count)
        table.fold(&out, out, multiplier, count / 2)
        results.append(out)
        results.append([table.dot(a, b, 2 * count)])
        var sums = [b[0], a[0]]
        table.pair_sums(&sums, a, b, count)
        results.append(sums)
        a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
                c.withUnsafeBufferPointer { c in
                    var three = [a.baseAddress, b.baseAddress, c.baseAddress]
                    table.triple_sums(&sums, c.baseAddress, &three, count)
                    three[2] = nil
                    table.triple_sums(&sums, c.baseAddress, &three, count)
                }
            }
        }
        results.append(sums)
        return results.map { $0.map { GF128(low: $0.low, high: $0.high) } }
    }

    @Test(arguments: kernels, counts) func loopsAgree(kernel: cbf_kernel, count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let edges = GF128.edges.map { cbf_element(low: $0.low, high: $0.high) }
        var inputs: [[cbf_element]] = []
        for shift in 0..<6 {
            inputs.append((0..<2 * count).map { index in
                shift < 3
                    ? cbf_element(low: generator.next(), high: generator.next())
                    : edges[(index * shift + shift) % edges.count]
            })
        }
        for (a, b, c) in [(0, 1, 2), (3, 4, 5), (0, 4, 2), (5, 3, 1)] {
            let expected = Self.outputs(
                cbf_kernel_portable, inputs[a], inputs[b], inputs[c], count: count)
            let found = Self.outputs(kernel, inputs[a], inputs[b], inputs[c], count: count)
            #expect(found == expected, "kernel \(String(cString: cbf_kernel_name(kernel)))")
        }
    }

    @Test(arguments: kernels, [0, 1, 2, 3]) func transformsAgree(kernel: cbf_kernel, columns: Int) {
        var generator = SeededGenerator(seed: UInt64(columns))
        let data = (0..<32 << columns).map { _ in
            cbf_element(low: generator.next(), high: generator.next())
        }
        let points = SubspacePolynomials.at(96, count: 5)
        func run(_ kernel: cbf_kernel) -> [[GF128]] {
            let table = cbf_kernel_table(kernel).pointee
            return [table.forward, table.inverse, table.transposed].map { loop in
                var out = data
                var twiddles = points.map { cbf_element(low: $0.low, high: $0.high) }
                let rows = SubspacePolynomials.values.map {
                    cbf_element(low: $0.low, high: $0.high)
                }
                rows.withUnsafeBufferPointer {
                    var basis = cbf_basis(
                        rows: $0.baseAddress, stride: SubspacePolynomials.dimensions)
                    loop?(&out, 5, UInt32(columns), &twiddles, &basis)
                }
                return out.map { GF128(low: $0.low, high: $0.high) }
            }
        }
        #expect(run(kernel) == run(cbf_kernel_portable))
    }

    @Test(arguments: kernels, [1, 2, 4, 8, 16]) func equalityTablesAgree(
        kernel: cbf_kernel, count: Int
    ) {
        var generator = SeededGenerator(seed: UInt64(count))
        let start = (0..<2 * count).map { _ in
            cbf_element(low: generator.next(), high: generator.next())
        }
        func run(_ kernel: cbf_kernel) -> [UInt64] {
            var table = start
            cbf_kernel_table(kernel).pointee.extend(&table, start[1], count)
            return table.flatMap { [$0.low, $0.high] }
        }
        #expect(run(kernel) == run(cbf_kernel_portable))
    }
}
