// Hashing with separated domains to 64 bytes, for scalars and points without bias.
import Primitives

/// Two `HashDomain`s side by side: 64 bytes of output.
public struct WideDomain: Sendable {
    private let low: HashDomain
    private let high: HashDomain

    /// - Parameter context: fixed text, unique to one use; the halves add " low" and " high".
    public init(_ context: String) {
        low = HashDomain(context + " low")
        high = HashDomain(context + " high")
    }

    /// 64 bytes: the hash in the low domain, then that in the high one.
    public func hash(_ bytes: [UInt8]) -> [UInt8] { low.hash(bytes).bytes + high.hash(bytes).bytes }

    public func scalar(_ bytes: [UInt8]) -> Scalar { Scalar(wide: hash(bytes)) }

    public func point(_ bytes: [UInt8]) -> Point { Point(hashed: hash(bytes)) }
}
