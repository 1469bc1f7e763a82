// Where this program lies on disk.
import Glibc

enum Executable {
    /// The directory of the running program, without a slash at its end; "." where it is not known.
    static var directory: String {
        let width = Int(PATH_MAX)
        let path = withUnsafeTemporaryAllocation(of: CChar.self, capacity: width) { buffer in
            let count = readlink("/proc/self/exe", buffer.baseAddress!, width)
            return String(
                decoding: buffer.prefix(max(0, count)).map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return String(path[..<slash])
    }
}
