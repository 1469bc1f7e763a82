// Compressed bodies: never more than the limit, and the same again after another round.
import Compression

extension DecoderCheck {
    static let compression = [
        DecoderCheck("compression", mostBytes: 2048) { bytes throws(BrokenRule) in
            let (choice, rest) = bytes.choice
            let limit = choice & 4 == 0 ? 64 : 256 << 10
            guard let codec = Codec(rawValue: choice & 3),
                let plain = try? codec.decompress(rest, limit)
            else { return false }
            try require(plain.count <= limit, "no output over the limit")
            let again = try must("compressed bytes come back") { () throws(CompressionFailure) in
                try codec.decompress(try codec.compress(plain), plain.count)
            }
            try require(again == plain, "compressed bytes come back the same")
            return true
        }
    ]
}

private enum Codec: UInt8 {
    case gzip, zlib, zstd

    func decompress(_ bytes: [UInt8], _ limit: Int) throws(CompressionFailure) -> [UInt8] {
        switch self {
        case .gzip: try Gzip.decompress(bytes, limit: limit)
        case .zlib: try Zlib.decompress(bytes, limit: limit)
        case .zstd: try Zstd.decompress(bytes, limit: limit)
        }
    }

    func compress(_ bytes: [UInt8]) throws(CompressionFailure) -> [UInt8] {
        switch self {
        case .gzip: try Gzip.compress(bytes)
        case .zlib: try Zlib.compress(bytes)
        case .zstd: try Zstd.compress(bytes, level: 1)
        }
    }
}
