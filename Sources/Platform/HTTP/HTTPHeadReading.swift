// From the bytes of a head to `HTTPRequestHead`: request line, target and framing fields.

/// What the fields say about a message's body and connection, shared by requests and responses.
struct HTTPFraming {
    var lengthCount = 0
    var length: Int?
    var isLengthMalformed = false
    var isLengthHuge = false
    var encodings: [Bool] = []  // one per encoding named: whether it is chunked
    var saysClose = false
    var saysKeepAlive = false

    init(_ fields: HTTPFields) {
        var framing = HTTPFraming()
        fields.forEach { name, value in framing.note(name, value) }
        self = framing
    }

    private init() {}

    private mutating func note(_ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer) {
        if name.equalsIgnoringCase("content-length") {
            noteLength(value)
        } else if name.equalsIgnoringCase("transfer-encoding") {
            let before = encodings.count
            value.forEachListMember { encodings.append($0.equalsIgnoringCase("chunked")) }
            if encodings.count == before { encodings.append(false) }
        } else if name.equalsIgnoringCase("connection") {
            value.forEachListMember { option in
                if option.equalsIgnoringCase("close") { saysClose = true }
                if option.equalsIgnoringCase("keep-alive") { saysKeepAlive = true }
            }
        }
    }

    private mutating func noteLength(_ value: UnsafeRawBufferPointer) {
        lengthCount += 1
        if value.isEmpty { isLengthMalformed = true }
        var total = 0
        for byte in value {
            if !byte.isDigit { isLengthMalformed = true }
            let (shifted, over) = total.multipliedReportingOverflow(by: 10)
            let (sum, carry) = shifted.addingReportingOverflow(Int(byte & 0x0F))
            if over || carry { isLengthHuge = true }
            total = isLengthHuge ? .max : sum
        }
        length = total
    }

    /// Whether the body is chunked.
    /// - Throws: the fault where length and encodings do not go together (RFC 9112 §6.1, §6.3).
    func checkedChunked(minorVersion: Int) throws(HTTPFault) -> Bool {
        if !encodings.isEmpty, lengthCount > 0 { throw .lengthAndEncoding }
        if !encodings.isEmpty, minorVersion == 0 { throw .encodingInOldVersion }
        if isLengthMalformed { throw .malformedContentLength }
        if lengthCount > 1 { throw .repeatedContentLength }
        let chunkedCount = encodings.count { $0 }
        if chunkedCount > 1 || (chunkedCount == 1 && encodings.last == false) {
            throw .malformedTransferEncoding
        }
        if encodings.count > chunkedCount { throw .unknownTransferEncoding }
        return chunkedCount == 1
    }
}

extension HTTPRequestHead {
    /// Reads a head that `HTTPHeadScanner` has found complete.
    init(
        _ bytes: UnsafeRawBufferPointer, _ layout: HTTPHeadScanner.Layout, _ limits: HTTPLimits
    ) throws(HTTPFault) {
        let line = bytes.slice(layout.startLine.lowerBound, layout.startLine.upperBound)
        var methodEnd = 0
        while methodEnd < line.count, line[methodEnd].isToken { methodEnd += 1 }
        var targetEnd = line.count
        while targetEnd > methodEnd, line[targetEnd - 1] != .space { targetEnd -= 1 }
        guard methodEnd > 0, targetEnd > methodEnd + 2, line[methodEnd] == .space else {
            throw .malformedStartLine
        }
        let target = line.slice(methodEnd + 1, targetEnd - 1)
        if target.contains(where: { $0.isBlank }) { throw .malformedStartLine }
        method = line.slice(0, methodEnd).text
        minorVersion = try Self.minorVersion(line.slice(targetEnd, line.count))
        try readTarget(target)
        headers = try HTTPFields(
            section: bytes.slice(layout.fields.lowerBound, layout.fields.upperBound))
        try readHost()
        try readFraming(limits)
    }

    /// The minor version of `HTTP/1.x`, at most 1.
    static func minorVersion(_ version: UnsafeRawBufferPointer) throws(HTTPFault) -> Int {
        let isWellFormed = version.count == 8 && version.slice(0, 5).elementsEqual("HTTP/".utf8)
            && version[5].isDigit && version[6] == UInt8(ascii: ".") && version[7].isDigit
        guard isWellFormed else { throw .malformedStartLine }
        guard version[5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        return version[7] == UInt8(ascii: "0") ? 0 : 1
    }

    private mutating func readHost() throws(HTTPFault) {
        var hostCount = 0
        var isMalformed = false
        var host = ""
        var expectation: Bool?
        headers.forEach { name, value in
            if name.equalsIgnoringCase("host") {
                hostCount += 1
                isMalformed = isMalformed || !value.allSatisfy { $0.isHost }
                host = value.text
            } else if name.equalsIgnoringCase("expect") {
                expectation = value.equalsIgnoringCase("100-continue") && expectation != false
            }
        }
        if hostCount > 1 { throw .repeatedHost }
        if hostCount == 0, minorVersion == 1 { throw .missingHost }
        if isMalformed { throw .malformedHost }
        if authority.isEmpty { authority = host }
        if expectation == false { throw .unknownExpectation }
        expectsContinue = expectation == true && minorVersion == 1
    }

    private mutating func readFraming(_ limits: HTTPLimits) throws(HTTPFault) {
        let framing = HTTPFraming(headers)
        let isChunked = try framing.checkedChunked(minorVersion: minorVersion)
        if framing.isLengthHuge || (framing.length ?? 0) > limits.bodyBytes {
            throw .bodyTooLarge
        }
        contentLength = isChunked ? nil : framing.length ?? 0
        keepsAlive = !framing.saysClose && (minorVersion == 1 || framing.saysKeepAlive)
    }
}
