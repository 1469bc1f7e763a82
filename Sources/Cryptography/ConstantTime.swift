// Comparison of secrets in a time that does not tell where they differ.
import CSodium

public enum ConstantTime {
    /// True where the bytes are the same. The time depends on the count alone, which is no secret.
    public static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count && sodium_memcmp(left, right, left.count) == 0
    }
}
