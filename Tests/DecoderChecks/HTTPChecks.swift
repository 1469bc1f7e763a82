// HTTP requests: a message means the same however the network cuts it.
import Platform
import Primitives

extension DecoderCheck {
    static let http = [
        DecoderCheck("http") { bytes throws(BrokenRule) in
            guard bytes.count > 4 else { return false }
            let seed = bytes[..<4].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            let stream = Array(bytes[4...])
            var generator = SeededGenerator(seed: seed)
            let limits = limits(isTight: seed & 1 == 1)
            let whole = HTTPReading([stream], limits)
            let parts = HTTPReading(pieces(of: stream, using: &generator), limits)
            try require(
                whole == parts, "pieces do not matter (seed \(seed)):\n\(whole)\n\(parts)")
            try require(
                whole.requests.count <= whole.heads, "every request has a head: \(whole)")
            return whole.fault == nil && !whole.requests.isEmpty
        }
    ]

    private static func limits(isTight: Bool) -> HTTPLimits {
        var limits = HTTPLimits()
        guard isTight else { return limits }
        limits.requestLineBytes = 64
        limits.headerBytes = 128
        limits.headerCount = 4
        limits.bodyBytes = 32
        return limits
    }

    private static func pieces(
        of bytes: [UInt8], using generator: inout SeededGenerator
    ) -> [[UInt8]] {
        let longest = Int.random(in: 1...32, using: &generator)
        var pieces: [[UInt8]] = []
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + Int.random(in: 1...longest, using: &generator))
            pieces.append(Array(bytes[start..<end]))
            start = end
        }
        return pieces
    }
}

/// Everything a parser gave for pieces fed in order.
private struct HTTPReading: Equatable {
    var requests: [String] = []
    var heads = 0
    var fault: HTTPFault?
    var unused: [UInt8] = []

    init(_ pieces: [[UInt8]], _ limits: HTTPLimits) {
        var parser = HTTPRequestParser(limits: limits)
        do throws(HTTPFault) {
            for piece in pieces {
                unused += piece
                while try step(&parser) {}
            }
        } catch {
            fault = error
            unused = []
        }
    }

    /// One call of the parser; false where it needs more.
    private mutating func step(_ parser: inout HTTPRequestParser) throws(HTTPFault) -> Bool {
        let step = try unused.withUnsafeBufferPointer { bytes throws(HTTPFault) in
            try parser.consume(UnsafeRawBufferPointer(bytes))
        }
        unused.removeFirst(step.used)
        switch step.event {
        case .needsMore: return false
        case .head: heads += 1
        case .request(let request): requests.append(Self.describe(request))
        }
        return true
    }

    private static func describe(_ request: HTTPRequest) -> String {
        let head = request.head
        let fields = (0..<head.headers.count).map {
            "\(head.headers.name(at: $0))=\(head.headers.value(at: $0))"
        }
        return """
            \(head.method) \(head.path) \(head.segments) \(head.query) \(head.authority) \
            1.\(head.minorVersion) \(head.keepsAlive) \(head.expectsContinue) \(fields) \
            \(Hex.encode(request.body))
            """
    }
}
