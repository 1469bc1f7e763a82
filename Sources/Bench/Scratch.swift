// Directories that benchmarks make and remove.
import Foundation

enum Scratch {
    /// Removes a directory with everything in it.
    static func remove(_ path: String) throws {
        try FileManager.default.removeItem(atPath: path)
    }
}
