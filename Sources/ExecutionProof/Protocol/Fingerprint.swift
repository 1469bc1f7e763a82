// Tuples as single elements: equal products of these mean equal multisets of tuples.
import BinaryFields

/// gamma + e_0 + beta e_1 + beta^2 e_2 for a tuple with the elements e_k.
package struct Fingerprint: Hashable, Sendable {
    package let gamma: GF128
    package let beta: GF128

    package init(gamma: GF128, beta: GF128) {
        self.gamma = gamma
        self.beta = beta
    }

    package func value(_ tuple: Tuple) -> GF128 {
        var (sum, power) = (gamma, GF128.one)
        for start in stride(from: 0, to: tuple.words.count, by: 2) {
            sum += power * GF128(low: tuple.words[start], high: tuple.words[start + 1])
            power *= beta
        }
        return sum
    }

    /// The product over public tuples.
    package func product(_ tuples: [Tuple]) -> GF128 {
        tuples.reduce(.one) { $0 * value($1) }
    }

    /// `factor` beta^k x^i for i < 128: the weights of the bits of element k.
    package func weights(element: Int, times factor: GF128) -> [GF128] {
        var power = (0..<element).reduce(factor) { product, _ in product * beta }
        return (0..<128).map { _ in
            defer { power = power.timesX() }
            return power
        }
    }
}
