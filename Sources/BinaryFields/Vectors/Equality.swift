// The equality polynomial: eq(z, x) is the product of 1 + z_i + x_i, which picks the point x = z.

public enum Equality {
    /// eq(z, x) at two points of the same dimension.
    @inlinable public static func value(
        _ z: some Collection<GF128>, _ x: some Collection<GF128>
    ) -> GF128 {
        precondition(z.count == x.count, "two points of one space")
        return zip(z, x).reduce(.one) { $0 * (.one + $1.0 + $1.1) }
    }

    /// `2^z.count` elements: entry i is eq(z, bits of i), bit 0 belonging to the first coordinate.
    public static func table(_ z: some Collection<GF128>) -> [GF128] {
        [GF128](unsafeUninitializedCapacity: 1 << z.count) { table, count in
            fill(table.baseAddress!, z, scale: .one)
            count = 1 << z.count
        }
    }

    /// Writes `scale` times the table of `z` to `2^z.count` elements.
    public static func fill(
        _ table: UnsafeMutablePointer<GF128>, _ z: some Collection<GF128>, scale: GF128
    ) {
        table.initialize(to: scale)
        var count = 1
        for coordinate in z {
            FieldLoops.extend(table, by: coordinate, count: count)
            count *= 2
        }
    }

    /// The value at `point` of the multilinear polynomial with these values on the cube; there are
    /// `2^point.count` of them, coordinate 0 being bit 0 of the index.
    public static func evaluate(_ values: [GF128], at point: some Collection<GF128>) -> GF128 {
        precondition(values.count == 1 << point.count, "one value for each corner")
        return values.withUnsafeBufferPointer { values in
            table(point).withUnsafeBufferPointer {
                FieldLoops.dot(values.baseAddress!, $0.baseAddress!, count: values.count)
            }
        }
    }
}
