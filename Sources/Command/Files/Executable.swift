// Where this program lies on disk.
import Glibc

enum Executable {
    /// The running program; `althing` where that is not known.
    static var path: String {
        let width = Int(PATH_MAX)
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: width) { buffer in
            guard let base = buffer.baseAddress else { return "althing" }
            let count = readlink("/proc/self/exe", base, width)
            guard count > 0 else { return "althing" }
            return String(
                decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
    }

    /// The directory of the running program, without a slash at its end; "." where it is not known.
    static var directory: String { LocalFiles.folder(of: path) }
}
