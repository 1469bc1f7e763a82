// What is asked of an export request before its body is looked at.
import Platform
import Primitives
import Telemetry

struct ExportGate {
    let context: Context

    /// The owner for whom the sender records. Refuses unknown senders, and everybody under
    /// pressure.
    @discardableResult
    func check(_ head: HTTPRequestHead) throws(Problem) -> OwnerID {
        let owner = try context.access.owner(of: head.headers)
        guard !context.admission.isFull(try lane(of: head)) else { throw overload }
        return owner
    }

    /// The lane that the sender asks for.
    func lane(of head: HTTPRequestHead) throws(Problem) -> Lane {
        guard let lane = Lane(head.headers) else {
            throw Problem(.malformedRequest, "\(Lane.header) is neither urgent nor ordinary.")
        }
        return lane
    }

    var overload: Problem {
        Problem(
            .overloaded,
            "Too many spans are waiting for the disk; nothing of this request is recorded.",
            retryAfterSeconds: context.settings.retryAfterSeconds)
    }
}

extension Route {
    /// Whether exporters send here, and expect `google.rpc.Status` instead of problem documents.
    var isExport: Bool {
        TelemetrySignal.allCases.contains { $0.path == pattern } && method == "POST"
    }
}

extension Problem {
    /// The `google.rpc.Status` that OTLP/HTTP asks for.
    func status(format: TelemetryFormat) -> HTTPResponse {
        var response = HTTPResponse(
            status: kind.status, type: format.mediaType,
            body: ExportAnswer.status(
                code: kind.statusCode, message: "\(kind.title): \(detail)", format: format))
        addFields(to: &response)
        return response
    }
}
