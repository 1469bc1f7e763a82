// Every reason for which a message is refused, each with its status and the rule it breaks.

/// A fault in a message, or in the way it was sent. Section numbers are of RFC 9112 unless named.
public enum HTTPFault: Error, Hashable, Sendable, CaseIterable {
    /// The first byte can begin no method (§3.1): most likely another protocol, such as TLS.
    case notHTTP
    /// A line ends with LF alone (§2.2).
    case bareLineFeed
    /// The request line passes `HTTPLimits.requestLineBytes` (§3).
    case requestLineTooLong
    /// The field lines pass `HTTPLimits.headerBytes` (RFC 6585 §5).
    case headersTooLarge
    /// More field lines than `HTTPLimits.headerCount` (RFC 6585 §5).
    case tooManyHeaders
    /// The first line is not `method SP target SP version` (§3), or not a status line (§4).
    case malformedStartLine
    /// A version other than 1.x (§2.3, RFC 9110 §15.6.6); HTTP/2 by prior knowledge among them.
    case unsupportedVersion
    /// The target has none of the forms of §3.2, or holds characters outside visible ASCII.
    case malformedTarget
    /// A `%` without two hexadecimal digits, or bytes that decode to no text (RFC 3986 §2.1).
    case malformedPercentEncoding
    /// A segment `.` or `..`, plain or encoded (RFC 3986 §3.3): clients resolve these themselves.
    case dotSegment
    /// CONNECT asks for a tunnel (RFC 9110 §9.3.6), which this server is not.
    case tunnelRequested
    /// White space between a field's name and its colon (§5.1).
    case spaceBeforeColon
    /// A field continued on the next line, obs-fold (§5.2).
    case foldedLine
    /// A field name that is no token, or a line without a colon (§5).
    case malformedFieldName
    /// A control character in a field value (RFC 9110 §5.5).
    case malformedFieldValue
    /// HTTP/1.1 without Host (§3.2).
    case missingHost
    /// More than one Host (§3.2).
    case repeatedHost
    /// A Host that is no host and port (§3.2).
    case malformedHost
    /// A Content-Length that is not decimal digits (RFC 9110 §8.6).
    case malformedContentLength
    /// More than one Content-Length, be they equal or not (§6.3 rule 5).
    case repeatedContentLength
    /// Content-Length together with Transfer-Encoding (§6.1): request smuggling.
    case lengthAndEncoding
    /// Transfer-Encoding in an HTTP/1.0 message (§6.1).
    case encodingInOldVersion
    /// Chunked is named twice, or is not the last encoding (§6.1).
    case malformedTransferEncoding
    /// An encoding other than chunked (§6.1).
    case unknownTransferEncoding
    /// The body passes `HTTPLimits.bodyBytes`.
    case bodyTooLarge
    /// A chunk size that is not 1 to 15 hexadecimal digits (§7.1).
    case malformedChunkSize
    /// Chunk extensions hold control characters, or more than `HTTPLimits.headerBytes` in all
    /// (§7.1.1).
    case malformedChunkExtension
    /// A chunk's bytes are not followed by CRLF (§7.1).
    case missingChunkEnd
    /// The trailer section breaks the rules of fields (§7.1.2), or passes `HTTPLimits.headerBytes`.
    case malformedTrailer
    /// An Expect other than 100-continue (RFC 9110 §10.1.1).
    case unknownExpectation
    /// The connection ended inside a message (§8).
    case cutShort
    /// The head did not come within `HTTPLimits.headerNanoseconds`.
    case slowHeader
    /// The body did not come in time, or slower than `HTTPLimits.minimumBodyBytesPerSecond`.
    case slowBody
    /// `HTTPLimits.connections` or `HTTPLimits.pendingBytes` is reached, or the server is stopping.
    case overloaded
    /// The application dropped the request unanswered, or gave an answer that is no HTTP.
    case unanswered

    /// The status code of the answer, 400...599.
    public var status: Int {
        switch self {
        case .requestLineTooLong: 414
        case .headersTooLarge, .tooManyHeaders: 431
        case .unsupportedVersion: 505
        case .tunnelRequested, .unknownTransferEncoding: 501
        case .bodyTooLarge: 413
        case .unknownExpectation: 417
        case .slowHeader, .slowBody: 408
        case .overloaded: 503
        case .unanswered: 500
        default: 400
        }
    }

    /// One sentence for the person who sent the message.
    public var detail: String {
        switch self {
        case .notHTTP: "This port speaks HTTP/1.1 without TLS."
        case .bareLineFeed: "A line ends with LF alone; CRLF is required."
        case .requestLineTooLong: "The request line is too long."
        case .headersTooLarge: "The header fields are too large."
        case .tooManyHeaders: "There are too many header fields."
        case .malformedStartLine: "The first line is malformed."
        case .unsupportedVersion: "Only HTTP/1.1 and HTTP/1.0 are supported."
        case .malformedTarget: "The request target is malformed."
        case .malformedPercentEncoding: "A percent-encoding in the target is malformed."
        case .dotSegment: "The path holds a segment of dots."
        case .tunnelRequested: "CONNECT is not supported."
        case .spaceBeforeColon: "White space stands between a field name and its colon."
        case .foldedLine: "A header field is folded over two lines."
        case .malformedFieldName: "A field name is malformed."
        case .malformedFieldValue: "A field value holds a control character."
        case .missingHost: "The Host field is missing."
        case .repeatedHost: "The Host field is repeated."
        case .malformedHost: "The Host field is malformed."
        case .malformedContentLength: "Content-Length is not a decimal number."
        case .repeatedContentLength: "Content-Length is repeated."
        case .lengthAndEncoding: "Content-Length and Transfer-Encoding are both given."
        case .encodingInOldVersion: "HTTP/1.0 has no Transfer-Encoding."
        case .malformedTransferEncoding: "Chunked must be the last encoding, and named once."
        case .unknownTransferEncoding: "Only the transfer encoding chunked is supported."
        case .bodyTooLarge: "The body is too large."
        case .malformedChunkSize: "A chunk size is malformed."
        case .malformedChunkExtension: "A chunk extension is malformed or too long."
        case .missingChunkEnd: "A chunk does not end with CRLF."
        case .malformedTrailer: "The trailer fields are malformed or too large."
        case .unknownExpectation: "Only the expectation 100-continue is supported."
        case .cutShort: "The connection ended inside the message."
        case .slowHeader: "The header did not arrive in time."
        case .slowBody: "The body did not arrive in time."
        case .overloaded: "The server is at its limit; try again later."
        case .unanswered: "The request could not be answered."
        }
    }
}
