// Reading of the vector files under Tests/Vectors, found from this file's own place.
import Glibc

public enum VectorFiles {
    /// The folder `Tests/Vectors`, without a slash at its end.
    public static var folder: String {
        let parts = #filePath.split(separator: "/").dropLast(2)
        return "/" + parts.joined(separator: "/") + "/Vectors"
    }

    /// The bytes of a file below `folder`; nil where it cannot be read.
    public static func read(_ path: String) -> [UInt8]? { contents(of: folder + "/" + path) }

    /// The bytes of any file; nil where it cannot be read.
    public static func contents(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&piece, 1, piece.count, file)
            guard count > 0 else { break }
            bytes += piece[..<count]
        }
        return ferror(file) == 0 ? bytes : nil
    }
}
