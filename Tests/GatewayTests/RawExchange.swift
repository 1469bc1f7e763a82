// A request whose every byte the test chooses, and the whole answer.
import Glibc

/// Why no answer came.
struct NoAnswer: Error {
    var code: Int32
}

enum RawExchange {
    /// Asks for `path` under a Host of the test's choice.
    static func get(_ path: String, host: String, port: UInt16) throws -> String {
        try send("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n", port: port)
    }

    /// Sends `text` and reads until the other side closes.
    static func send(_ text: String, port: UInt16) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let bytes = Array(text.utf8)
        guard connected == 0, write(descriptor, bytes, bytes.count) == bytes.count else {
            throw NoAnswer(code: errno)
        }
        var answer: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(descriptor, &piece, piece.count)
            guard count > 0 else { break }
            answer += piece[..<count]
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
