// The body of an export request: its format, its content coding, and the bytes that come out.
import Compression
import Platform
import Telemetry

/// What the header says of the body.
struct ExportBody {
    enum Coding: Hashable {
        case identity, gzip, deflate
    }

    var format: TelemetryFormat
    var coding: Coding

    /// Refuses content types and codings that OTLP/HTTP does not have.
    init(_ headers: HTTPFields) throws(Problem) {
        guard let format = Self.format(of: headers) else {
            throw Problem(
                .unsupportedMediaType, "Send application/x-protobuf or application/json.")
        }
        self.format = format
        let encodings = headers.values(of: "content-encoding")
        switch encodings.count == 1 ? encodings[0].lowercased() : encodings.isEmpty ? "" : "?" {
        case "", "identity": coding = .identity
        case "gzip", "x-gzip": coding = .gzip
        case "deflate": coding = .deflate
        default:
            throw Problem(.unsupportedEncoding, "Send gzip, deflate or no content encoding.")
        }
    }

    /// The format that the content type names; nil for others.
    static func format(of headers: HTTPFields) -> TelemetryFormat? {
        let type = headers["content-type"] ?? ""
        let name = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " && $0 != "\t" }
        switch name {
        case TelemetryFormat.protobuf.mediaType: return .protobuf
        case TelemetryFormat.json.mediaType: return .json
        default: return nil
        }
    }

    /// The bytes of the message, at most `limit` where they were compressed.
    func decoded(_ body: [UInt8], limit: Int) throws(Problem) -> [UInt8] {
        do throws(CompressionFailure) {
            switch coding {
            case .identity: return body
            case .gzip: return try Gzip.decompress(body, limit: limit)
            case .deflate: return try Zlib.decompress(body, limit: limit)
            }
        } catch {
            switch error {
            case .overLimit:
                throw Problem(.bodyTooLarge, "The body is over \(limit) bytes once decompressed.")
            case .outOfMemory:
                throw Problem(.unavailable, "There is no memory left.", retryAfterSeconds: 1)
            case .truncated, .corrupt, .trailingBytes:
                throw Problem(.malformedBody, "The compressed body is \(error).")
            }
        }
    }
}
