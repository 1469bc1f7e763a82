// What a parser made of some bytes, in a form that can be compared.
import Platform

/// Everything a request parser gives for pieces fed in order.
struct ParsedMessages: Equatable {
    var requests: [String] = []
    var heads = 0
    var fault: HTTPFault?
    var unusedCount = 0

    init(_ pieces: [[UInt8]], limits: HTTPLimits = HTTPLimits()) {
        var parser = HTTPRequestParser(limits: limits)
        var waiting: [UInt8] = []
        do throws(HTTPFault) {
            for piece in pieces {
                waiting += piece
                try take(&parser, &waiting)
            }
        } catch {
            fault = error
        }
        unusedCount = fault == nil ? waiting.count : 0
    }

    init(_ text: String, limits: HTTPLimits = HTTPLimits()) {
        self.init([Array(text.utf8)], limits: limits)
    }

    private mutating func take(
        _ parser: inout HTTPRequestParser, _ waiting: inout [UInt8]
    ) throws(HTTPFault) {
        while true {
            let step = try waiting.withUnsafeBufferPointer { bytes throws(HTTPFault) in
                try parser.consume(UnsafeRawBufferPointer(bytes))
            }
            waiting.removeFirst(step.used)
            switch step.event {
            case .needsMore: return
            case .head: heads += 1
            case .request(let request): requests.append(Self.describe(request))
            }
        }
    }

    /// All fields of a request on one line.
    static func describe(_ request: HTTPRequest) -> String {
        let head = request.head
        let fields = (0..<head.headers.count).map {
            "\(head.headers.name(at: $0))=\(head.headers.value(at: $0))"
        }
        let query = head.query.map { "\($0.name)=\($0.value)" }
        return """
            \(head.method) \(head.path) \(head.segments) \(query) \(head.authority) \
            1.\(head.minorVersion) \(head.keepsAlive) \(head.expectsContinue) \(fields) \
            \(String(decoding: request.body, as: UTF8.self))
            """
    }
}
