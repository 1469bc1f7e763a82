// Server-sent events: the text format of the WHATWG HTML standard, §9.2, read and written.

/// One event.
public struct ServerSentEvent: Hashable, Sendable {
    /// The last id seen, carried over events that name none; for Last-Event-ID.
    public var id: String
    /// `message` where none is named.
    public var event: String
    /// Lines joined by LF.
    public var data: String

    public init(id: String, event: String, data: String) {
        self.id = id
        self.event = event
        self.data = data
    }

    /// The event as a server sends it; line breaks in id and event are left out.
    public var encoded: [UInt8] {
        func oneLine(_ text: String) -> String {
            let kept = text.utf8.filter { $0 != 0x0A && $0 != 0x0D && $0 != 0 }
            return String(decoding: kept, as: UTF8.self)
        }
        var text = ""
        if !id.isEmpty { text += "id: \(oneLine(id))\n" }
        if event != "message" { text += "event: \(oneLine(event))\n" }
        let lines = data.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        for line in lines {
            text += "data: \(String(decoding: line.filter { $0 != 0x0D }, as: UTF8.self))\n"
        }
        return Array((text + "\n").utf8)
    }
}

/// Reads events out of bytes that arrive in pieces.
struct EventStreamParser: Sendable {
    private var line: [UInt8] = []
    private var endedWithReturn = false
    private var isFirstLine = true
    private var id = ""
    private var event = ""
    private var lines: [String] = []
    private var heldBytes = 0

    /// Bytes of one event; a longer one is dropped up to its end.
    private static let eventBytes = 16 << 20

    init() {}

    /// The events that `bytes` completes. A line ends with CR, LF, or both.
    mutating func feed(_ bytes: [UInt8]) -> [ServerSentEvent] {
        var events: [ServerSentEvent] = []
        for byte in bytes {
            defer { endedWithReturn = byte == .carriageReturn }
            if byte == .lineFeed, endedWithReturn { continue }
            if byte == .lineFeed || byte == .carriageReturn {
                if let event = endLine() { events.append(event) }
            } else if heldBytes < Self.eventBytes {
                line.append(byte)
                heldBytes += 1
            }
        }
        return events
    }

    private mutating func endLine() -> ServerSentEvent? {
        defer { line.removeAll(keepingCapacity: true) }
        if isFirstLine, line.starts(with: [0xEF, 0xBB, 0xBF]) { line.removeFirst(3) }
        isFirstLine = false
        if line.isEmpty { return dispatch() }
        let colon = line.firstIndex(of: .colon) ?? line.count
        var value = line[min(colon + 1, line.count)...]
        if value.first == .space { value.removeFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "data": lines.append(text)
        case "event": event = text
        case "id": if !value.contains(0) { id = text }
        default: break  // comments begin with a colon; retry is the caller's choice
        }
        return nil
    }

    private mutating func dispatch() -> ServerSentEvent? {
        defer {
            lines = []
            event = ""
            heldBytes = 0
        }
        if lines.isEmpty || heldBytes >= Self.eventBytes { return nil }
        return ServerSentEvent(
            id: id, event: event.isEmpty ? "message" : event,
            data: lines.joined(separator: "\n"))
    }
}
