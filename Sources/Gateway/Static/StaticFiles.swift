// The dashboard's files, read into memory once: nothing a client sends ever becomes a path.
import Cryptography
import Environment
import Glibc
import Platform

/// Files by their path below the dashboard's directory.
struct StaticFiles: Sendable {
    struct File: Sendable {
        var type: String
        var bytes: [UInt8]
        /// A digest of the bytes.
        var tag: String
    }

    /// No inline scripts or styles, nothing from elsewhere, and in nobody's frame.
    static let policy = """
        default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; \
        connect-src 'self'; frame-ancestors 'none'; base-uri 'none'
        """

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "mjs": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8",
        "svg": "image/svg+xml", "json": "application/json", "png": "image/png",
        "ico": "image/x-icon", "txt": "text/plain; charset=utf-8",
        "webmanifest": "application/manifest+json",
    ]
    /// Directories inside each other, at most.
    private static let depth = 6
    /// Bytes of one file, at most.
    private static let fileBytes: UInt64 = 4 << 20

    private var files: [String: File] = [:]

    var isEmpty: Bool { files.isEmpty }

    subscript(path: String) -> File? { files[path] }

    /// Reads the directory given, else the first of the places where a build or a package puts it.
    /// Empty where there is none: the node serves everything else.
    init(directory: String?) {
        for place in directory.map({ [$0] }) ?? Self.places where files.isEmpty {
            read(place, below: "", depth: Self.depth)
        }
    }

    /// Beside the executable, as SwiftPM lays it out, and where a system package would install it.
    private static var places: [String] {
        let executable = executablePath
        let home = executable.split(separator: "/").dropLast().joined(separator: "/")
        let bundles = ["althing_Gateway.resources", "althing_Gateway.bundle"]
        return bundles.map { "/\(home)/\($0)/Dashboard" }
            + ["/\(home)/Dashboard", "/\(home)/../share/althing/Dashboard"]
    }

    private static var executablePath: String {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { raw in
            raw.baseAddress.map { readlink("/proc/self/exe", $0, raw.count) } ?? 0
        }
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    private mutating func read(_ directory: String, below prefix: String, depth: Int) {
        guard depth > 0, let names = try? OSDisk().list(directory) else { return }
        for name in names where !name.hasPrefix(".") {
            let path = "\(directory)/\(name)"
            if let type = Self.type(of: name), let bytes = Self.contents(of: path) {
                let tag = String(BLAKE3.hash(bytes).hex.prefix(32))
                files[prefix + name] = File(type: type, bytes: bytes, tag: tag)
            } else {
                read(path, below: "\(prefix)\(name)/", depth: depth - 1)
            }
        }
    }

    private static func type(of name: String) -> String? {
        name.split(separator: ".").last.flatMap { types[String($0)] }
    }

    private static func contents(of path: String) -> [UInt8]? {
        guard let file = try? OSDisk().open(path, .reading) else { return nil }
        defer { file.close() }
        guard file.size <= fileBytes else { return nil }
        var bytes = [UInt8](repeating: 0, count: Int(file.size))
        let count = bytes.withUnsafeMutableBytes { try? file.read(at: 0, into: $0) }
        return count == bytes.count ? bytes : nil
    }
}
