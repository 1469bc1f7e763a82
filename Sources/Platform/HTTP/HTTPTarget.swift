// The request target: its four forms, its path and its query (RFC 9112 §3.2, RFC 3986).

extension HTTPRequestHead {
    /// Fills path, segments, query and, for the absolute form, the authority.
    mutating func readTarget(_ target: UnsafeRawBufferPointer) throws(HTTPFault) {
        if method == "CONNECT" { throw .tunnelRequested }
        for byte in target where !byte.isVisible || byte == UInt8(ascii: "#") {
            throw .malformedTarget
        }
        if method == "OPTIONS", target.count == 1, target[0] == UInt8(ascii: "*") {
            path = "*"
            return
        }
        try readPathAndQuery(try originPart(of: target))
    }

    /// What follows the authority of an absolute form; the target itself where it begins with `/`.
    private mutating func originPart(
        of target: UnsafeRawBufferPointer
    ) throws(HTTPFault) -> UnsafeRawBufferPointer {
        guard let first = target.first else { throw .malformedTarget }
        if first == UInt8(ascii: "/") { return target }
        let start = target.beginsIgnoringCase("http://") ? 7 : 8
        guard start == 7 || target.beginsIgnoringCase("https://") else { throw .malformedTarget }
        var end = start
        while end < target.count, target[end].isHost { end += 1 }
        let isEnded = end == target.count || target[end] == UInt8(ascii: "/")
            || target[end] == UInt8(ascii: "?")
        guard end > start, isEnded else { throw .malformedTarget }
        authority = target.slice(start, end).text
        return target.slice(end, target.count)
    }

    private mutating func readPathAndQuery(_ origin: UnsafeRawBufferPointer) throws(HTTPFault) {
        var end = 0
        while end < origin.count, origin[end] != UInt8(ascii: "?") { end += 1 }
        if end > 0 { path = origin.slice(0, end).text }
        var start = min(1, end)
        for index in start...end where index == end || origin[index] == UInt8(ascii: "/") {
            let segment = try Self.decode(origin.slice(start, index), isQuery: false)
            if segment == "." || segment == ".." { throw .dotSegment }
            segments.append(segment)
            start = index + 1
        }
        if end < origin.count { try readQuery(origin.slice(end + 1, origin.count)) }
    }

    private mutating func readQuery(_ text: UnsafeRawBufferPointer) throws(HTTPFault) {
        var start = 0
        for index in 0...text.count where index == text.count || text[index] == UInt8(ascii: "&") {
            let item = text.slice(start, index)
            start = index + 1
            if item.isEmpty { continue }
            var middle = 0
            while middle < item.count, item[middle] != UInt8(ascii: "=") { middle += 1 }
            let value = item.slice(min(middle + 1, item.count), item.count)
            query.append(
                HTTPQueryItem(
                    name: try Self.decode(item.slice(0, middle), isQuery: true),
                    value: try Self.decode(value, isQuery: true)))
        }
    }

    /// Percent-decodes to text; control characters are allowed in a query only, and NUL nowhere.
    private static func decode(
        _ bytes: UnsafeRawBufferPointer, isQuery: Bool
    ) throws(HTTPFault) -> String {
        let plus = UInt8(ascii: "+")
        let percent = UInt8(ascii: "%")
        let isPlain = !bytes.contains { $0 == percent || (isQuery && $0 == plus) }
        if isPlain { return bytes.text }
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            var byte = bytes[index]
            if byte == percent {
                guard index + 2 < bytes.count, let high = bytes[index + 1].hexValue,
                    let low = bytes[index + 2].hexValue
                else { throw .malformedPercentEncoding }
                byte = high << 4 | low
                index += 2
                let isControl = byte < 0x20 || byte == 0x7F
                if byte == 0 || (isControl && !isQuery) { throw .malformedPercentEncoding }
            } else if isQuery, byte == plus {
                byte = .space
            }
            decoded.append(byte)
            index += 1
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw .malformedPercentEncoding
        }
        return text
    }
}
