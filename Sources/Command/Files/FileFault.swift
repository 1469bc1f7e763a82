// A file that could not be read or written, and why.
import Glibc

struct FileFault: Error, Hashable, Sendable {
    enum Cause: Hashable, Sendable {
        /// The error number of the system.
        case system(Int32)
        /// Longer than so many bytes.
        case tooLong(Int)
        /// It exists and is not to be replaced.
        case exists
        /// Others than its owner may read this secret.
        case readableByOthers
        /// What it holds is not what it should, in words.
        case content(String)
    }

    /// E.g. `read`, `write`.
    var operation: String
    var path: String
    var cause: Cause

    var sentence: String {
        switch cause {
        case .system(let code): "cannot \(operation) \(path): \(String(cString: strerror(code)))"
        case .tooLong(let limit): "\(path) is longer than \(limit) bytes"
        case .exists: "\(path) exists already and is left as it is"
        case .readableByOthers:
            "\(path) can be read by others than its owner; change that with: chmod 600 \(path)"
        case .content(let what): "\(path): \(what)"
        }
    }
}
