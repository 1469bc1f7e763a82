// The files a command reads and writes by itself: whole files, secrets, temporary directories.
import Glibc
import Platform

enum LocalFiles {
    /// The whole file, or standard input where `path` is `-`.
    static func read(_ path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw fault("read", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count == 0 { return bytes }
            if count < 0 {
                if errno == EINTR { continue }
                throw fault("read", path)
            }
            guard count <= limit - bytes.count else {
                throw .file(FileFault(operation: "read", path: path, cause: .tooLong(limit)))
            }
            bytes.append(contentsOf: piece[0..<count])
        }
    }

    /// A secret that only its owner may read. - Throws: a fault where others may.
    static func readSecret(_ path: String, limit: Int) throws(CommandFailure) -> [UInt8] {
        var status = stat()
        guard path == "-" || stat(path, &status) == 0 else { throw fault("read", path) }
        let isRegular = status.st_mode & S_IFMT == S_IFREG
        if isRegular, status.st_mode & 0o077 != 0 {
            throw .file(FileFault(operation: "read", path: path, cause: .readableByOthers))
        }
        return try read(path, limit: limit)
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// Replaces the file in one step, durably: a reader finds the old bytes or the new ones.
    ///
    /// - Parameter isSecret: only the owner may read it.
    static func write(
        _ bytes: [UInt8], to path: String, isSecret: Bool = false
    ) throws(CommandFailure) {
        let draft = path + ".draft-\(getpid())"
        let mode: mode_t = isSecret ? 0o600 : 0o644
        // The draft must be of our making: one that somebody else left there could be read by him.
        unlink(draft)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = open(draft, flags, mode)
        guard descriptor >= 0 else { throw fault("write", path) }
        let isWritten = writeAll(bytes, descriptor) && fsync(descriptor) == 0
        let code = errno
        close(descriptor)
        guard isWritten else {
            unlink(draft)
            throw .file(FileFault(operation: "write", path: path, cause: .system(code)))
        }
        guard rename(draft, path) == 0 else {
            let failure = fault("write", path)
            unlink(draft)
            throw failure
        }
        syncDirectory(of: path)
    }

    /// Writes a secret to a file that must not exist yet.
    static func create(secret bytes: [UInt8], at path: String) throws(CommandFailure) {
        guard !exists(path) else {
            throw .file(FileFault(operation: "write", path: path, cause: .exists))
        }
        try write(bytes, to: path, isSecret: true)
    }

    /// Makes a directory and its parents; one that exists is left alone.
    static func makeDirectory(_ path: String, isSecret: Bool = false) throws(CommandFailure) {
        var current = path.hasPrefix("/") ? "/" : ""
        let parts = path.split(separator: "/")
        for (index, part) in parts.enumerated() {
            current += (current.isEmpty || current == "/" ? "" : "/") + part
            let mode: mode_t = isSecret && index == parts.count - 1 ? 0o700 : 0o755
            if mkdir(current, mode) != 0, errno != EEXIST { throw fault("create", current) }
        }
    }

    /// A new directory for this user alone.
    static func makeTemporaryDirectory(
        in folder: String = "/tmp"
    ) throws(CommandFailure) -> String {
        let pattern = folder + "/althing-XXXXXX"
        var template = Array(pattern.utf8CString)
        guard mkdtemp(&template) != nil else { throw fault("create", pattern) }
        return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Removes a directory and all in it; what cannot be removed stays. Links are not followed.
    static func removeTree(_ path: String) {
        var open = [path]
        var directories: [String] = []
        while let directory = open.popLast() {
            directories.append(directory)
            for name in (try? OSDisk().list(directory)) ?? [] {
                let entry = directory + "/" + name
                var status = stat()
                guard lstat(entry, &status) == 0 else { continue }
                if status.st_mode & S_IFMT == S_IFDIR { open.append(entry) } else { unlink(entry) }
            }
        }
        for directory in directories.reversed() { rmdir(directory) }
    }

    private static func writeAll(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return false }
            done += count
        }
        return true
    }

    /// The path from the root, for another process that may stand elsewhere.
    static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let here = getcwd(nil, 0) else { return path }
        defer { free(here) }
        return String(cString: here) + "/" + path
    }

    /// The directory that `path` lies in.
    static func folder(of path: String) -> String {
        let slash = path.lastIndex(of: "/")
        return slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    private static func syncDirectory(of path: String) {
        let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        fsync(descriptor)
        close(descriptor)
    }

    private static func fault(_ operation: String, _ path: String) -> CommandFailure {
        .file(FileFault(operation: operation, path: path, cause: .system(errno)))
    }
}
