// Every kind of problem a client can be told of: its stable name, status and title.

/// The kinds, by their names in `type`: `/problems/<slug>`. A slug never changes its meaning.
enum ProblemKind: String, CaseIterable, Sendable {
    case malformedRequest = "malformed-request"
    case malformedParameter = "malformed-parameter"
    case malformedBody = "malformed-body"
    case unauthorized
    case forbidden
    case notFound = "not-found"
    case noSuchRun = "no-such-run"
    case noSuchRecord = "no-such-record"
    case noSuchOperation = "no-such-operation"
    case noSuchAgent = "no-such-agent"
    case noSuchOwner = "no-such-owner"
    case noSuchBatch = "no-such-batch"
    case noSuchCheckpoint = "no-such-checkpoint"
    case noSuchPayload = "no-such-payload"
    case noSuchMandate = "no-such-mandate"
    case noSuchApproval = "no-such-approval"
    case noSuchTask = "no-such-task"
    case noSuchOffer = "no-such-offer"
    case noSuchAuction = "no-such-auction"
    case noSuchLicence = "no-such-licence"
    case noSuchTeam = "no-such-team"
    case noSuchQuote = "no-such-quote"
    case noSuchCover = "no-such-cover"
    case methodNotAllowed = "method-not-allowed"
    case requestTimeout = "request-timeout"
    case notCheckpointed = "not-checkpointed"
    case pruned
    case ledgerRefused = "ledger-refused"
    case agentFailed = "agent-failed"
    case bodyTooLarge = "body-too-large"
    case misdirected
    case unsupportedMediaType = "unsupported-media-type"
    case unsupportedEncoding = "unsupported-encoding"
    case headerTooLarge = "header-too-large"
    case overloaded
    case unsupported
    case internalFault = "internal-fault"
    case storageFailed = "storage-failed"
    case notCertified = "not-certified"
    case undecided
    case archived
    case unavailable

    /// The HTTP status, 400...599.
    var status: Int {
        switch self {
        case .malformedRequest, .malformedParameter, .malformedBody: 400
        case .unauthorized: 401
        case .forbidden: 403
        case .notFound, .noSuchRun, .noSuchRecord, .noSuchOperation, .noSuchAgent, .noSuchOwner: 404
        case .noSuchBatch, .noSuchCheckpoint, .noSuchPayload: 404
        case .noSuchMandate, .noSuchApproval, .noSuchTask, .noSuchOffer, .noSuchAuction: 404
        case .noSuchLicence, .noSuchTeam, .noSuchQuote, .noSuchCover: 404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .notCheckpointed: 409
        case .pruned: 410
        case .bodyTooLarge: 413
        case .unsupportedMediaType, .unsupportedEncoding: 415
        case .misdirected: 421
        case .ledgerRefused, .agentFailed: 422
        case .overloaded: 429
        case .headerTooLarge: 431
        case .internalFault: 500
        case .unsupported: 501
        case .storageFailed, .notCertified, .undecided, .archived, .unavailable: 503
        }
    }

    /// One line for a person.
    var title: String {
        switch self {
        case .malformedRequest: "The request is malformed"
        case .malformedParameter: "A parameter is malformed"
        case .malformedBody: "The body is malformed"
        case .unauthorized: "A valid token is required"
        case .forbidden: "The owner did not let this node record"
        case .notFound: "There is nothing here"
        case .noSuchRun: "There is no such run"
        case .noSuchRecord: "There is no such record"
        case .noSuchOperation: "There is no such operation"
        case .noSuchAgent: "There is no such agent"
        case .noSuchOwner: "There is no such owner"
        case .noSuchBatch: "There is no such batch"
        case .noSuchCheckpoint: "There is no such checkpoint"
        case .noSuchPayload: "The payload is not held here"
        case .noSuchMandate: "There is no such mandate"
        case .noSuchApproval: "There is no such request for approval"
        case .noSuchTask: "There is no such task"
        case .noSuchOffer: "There is no such offer"
        case .noSuchAuction: "There is no such auction"
        case .noSuchLicence: "There is no such licence"
        case .noSuchTeam: "There is no such team"
        case .noSuchQuote: "There is no such quote"
        case .noSuchCover: "There is no such cover"
        case .methodNotAllowed: "The method is not allowed here"
        case .requestTimeout: "The request came too slowly"
        case .notCheckpointed: "It is in no checkpoint yet"
        case .pruned: "It was pruned"
        case .ledgerRefused: "The ledger refused"
        case .agentFailed: "The agent did not answer"
        case .bodyTooLarge: "The body is too large"
        case .misdirected: "This node has another name"
        case .unsupportedMediaType: "The content type is not supported"
        case .unsupportedEncoding: "The content encoding is not supported"
        case .headerTooLarge: "The header is too large"
        case .overloaded: "Too much is pending"
        case .internalFault: "The node failed to answer"
        case .unsupported: "This is not supported"
        case .storageFailed: "The store cannot be written"
        case .notCertified: "The committee refused"
        case .archived: "It lies in the archive"
        case .undecided: "It is not certified yet"
        case .unavailable: "The node cannot serve this now"
        }
    }

    /// The code of `google.rpc.Status` that OTLP exporters are told.
    var statusCode: Int32 {
        switch status {
        case 400, 405, 408, 415, 422, 431: 3
        case 401: 16
        case 403, 421: 7
        case 404, 410: 5
        case 409: 9
        case 413, 429: 8
        case 501: 12
        case 503: 14
        default: 13
        }
    }

    /// The kind that stands for a status the HTTP server answered by itself.
    init(status: Int) {
        switch status {
        case 408: self = .requestTimeout
        case 413: self = .bodyTooLarge
        case 414, 431: self = .headerTooLarge
        case 429: self = .overloaded
        case 503: self = .unavailable
        case 501, 505: self = .unsupported
        case 500: self = .internalFault
        default: self = .malformedRequest
        }
    }
}
