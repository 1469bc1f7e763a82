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

    /// Removes the files of a directory whose names come first, until no more than so many bytes
    /// are left. The last two stay.
    static func removeOldest(in path: String, keeping bytes: UInt64) throws {
        var names = try FileManager.default.contentsOfDirectory(atPath: path)
            .filter { !$0.hasPrefix(".") }.sorted()
        var left = try size(path)
        while left > bytes, names.count > 2 {
            let file = path + "/" + names.removeFirst()
            let facts = try FileManager.default.attributesOfItem(atPath: file)
            left -= min(left, (facts[.size] as? NSNumber)?.uint64Value ?? 0)
            try remove(file)
        }
    }
}
