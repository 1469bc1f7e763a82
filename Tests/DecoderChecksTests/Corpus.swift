// The inputs that are kept: the fuzzer's corpus, and what fuzzing has found.
import Glibc
import TestSupport

/// One kept input.
struct KeptInput: Sendable, CustomStringConvertible {
    /// From the root of the package.
    var path: String
    var bytes: [UInt8]

    var description: String { path }
}

enum Corpus {
    /// The files the fuzzer starts from, in order of name.
    static func seeds(of check: String) -> [KeptInput] {
        files(in: VectorFiles.folder + "/../../Fuzzing/corpus/" + check)
    }

    /// The inputs that once broke a rule, in order of name.
    static func regressions(of check: String) -> [KeptInput] {
        files(in: VectorFiles.folder + "/regressions/" + check)
    }

    private static func files(in folder: String) -> [KeptInput] {
        names(in: folder).compactMap { name in
            let path = folder + "/" + name
            return VectorFiles.contents(of: path).map { KeptInput(path: path, bytes: $0) }
        }
    }

    /// The entries of a directory that are not hidden; empty where there is none.
    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { raw in
                String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
