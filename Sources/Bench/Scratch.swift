// Directories that benchmarks make and remove.
import Foundation

enum Scratch {
    /// Removes a directory with everything in it.
    static func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: path)
    }

    /// Copies a directory as it is, also while somebody writes to it.
    static func copy(_ path: String, to target: String) throws {
        try FileManager.default.copyItem(atPath: path, toPath: target)
    }

    /// Bytes of all files below a directory.
    static func size(_ path: String) throws -> UInt64 {
        var total: UInt64 = 0
        for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
            let facts = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
            guard facts[.type] as? FileAttributeType == .typeRegular else { continue }
            total += (facts[.size] as? NSNumber)?.uint64Value ?? 0
        }
        return total
    }
}
