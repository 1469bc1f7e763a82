// A refusal as a value, and the RFC 9457 document it becomes.
import JSON
import Platform
import Primitives

/// Why a request is not answered with what it asked for.
struct Problem: Error, Sendable {
    var kind: ProblemKind
    /// What is wrong with this request, for a person; no secrets.
    var detail: String
    /// Further members of the document.
    var fields: [JSONMember] = []
    /// Seconds after which another attempt makes sense.
    var retryAfterSeconds: Int?

    init(_ kind: ProblemKind, _ detail: String, retryAfterSeconds: Int? = nil) {
        self.kind = kind
        self.detail = detail
        self.retryAfterSeconds = retryAfterSeconds
    }

    /// A parameter that cannot be read.
    static func parameter(_ name: String, _ detail: String) -> Problem {
        var problem = Problem(.malformedParameter, "\(name): \(detail)")
        problem.fields = [JSONMember("parameter", .string(name))]
        return problem
    }

    static let storageFailed = Problem(
        .storageFailed, "The disk failed; nothing of this request is recorded.",
        retryAfterSeconds: 1)

    /// The committee refused what was submitted, though the rules here allowed it.
    static let notCertified = Problem(
        .notCertified, "The committee does not certify it; nothing of this request is recorded.",
        retryAfterSeconds: 1)

    static let notAValidator = Problem(
        .unavailable, "This node has no seat in the committee: submit to one that has.")

    /// No quorum of the committee answered in time.
    static let undecided = Problem(
        .undecided,
        "Not yet certified: too few validators answered. It stays submitted and may still be; "
            + "what is sent again is recorded once.",
        retryAfterSeconds: 5)

    /// The token's owner did not let this node's gateway submit.
    static func ownerRefused(_ owner: OwnerID) -> Problem {
        Problem(
            .forbidden,
            "The owner \(owner) is not registered, or did not let this node record: see "
                + "althing owner authorize --help.")
    }

    /// The document, with the correlation id as `instance`. `status` is that of the kind unless
    /// the HTTP server has chosen a finer one.
    func document(correlation: String, status: Int? = nil) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object {
            $0.member("type", kind.path)
            $0.member("title", kind.title)
            $0.member("status", status ?? kind.status)
            $0.member("detail", detail)
            $0.member("instance", correlation)
            for field in fields { $0.member(field.key, field.value) }
        }
        return writer.bytes
    }

    func response(correlation: String, status: Int? = nil) -> HTTPResponse {
        var response = HTTPResponse(
            status: status ?? kind.status, type: "application/problem+json",
            body: document(correlation: correlation, status: status))
        response.headers.append(("cache-control", "no-store"))
        addFields(to: &response)
        return response
    }

    /// The header fields that go with the status.
    func addFields(to response: inout HTTPResponse) {
        if let seconds = retryAfterSeconds {
            response.headers.append(("retry-after", String(seconds)))
        }
        if kind == .unauthorized {
            response.headers.append(("www-authenticate", "Bearer realm=\"althing\""))
        }
        if case .string(let methods)? = fields.first(where: { $0.key == "allow" })?.value {
            response.headers.append(("allow", methods))
        }
    }
}

extension ProblemKind {
    /// The value of `type`.
    var path: String { "/problems/\(rawValue)" }

    /// What is served at `path`.
    var description: [UInt8] {
        var writer = JSONWriter(capacity: 128)
        writer.object {
            $0.member("type", path)
            $0.member("title", title)
            $0.member("status", status)
        }
        return writer.bytes
    }
}
