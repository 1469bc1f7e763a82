// Chance from the operating system, for keys and nothing else.
import CSodium

/// Unpredictable bytes; only `generate` of keys and `KeyFile` may ask for them.
enum SystemEntropy {
    static func bytes(_ count: Int) -> [UInt8] {
        Sodium.prepare()
        return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            if let base = buffer.baseAddress { randombytes_buf(base, count) }
            filled = count
        }
    }
}
