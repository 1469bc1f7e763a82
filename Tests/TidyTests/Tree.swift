// The source tree as the tidy tests see it: files, modules, and what the manifest declares.
import Foundation

/// One file of the tree.
struct SourceFile {
    /// From the root of the package.
    var path: String
    var lines: [String]
    var text: String
}

enum Tree {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Files below `folder` with one of the endings, in order of path.
    static func files(in folder: String, endings: [String]) -> [SourceFile] {
        let base = root.appendingPathComponent(folder)
        guard let walk = FileManager.default.enumerator(atPath: base.path) else { return [] }
        var files: [SourceFile] = []
        for case let name as String in walk
        where endings.contains((name as NSString).pathExtension) && !name.contains(".build") {
            let path = folder + "/" + name
            guard let file = read(path) else { continue }
            files.append(file)
        }
        return files.sorted { $0.path < $1.path }
    }

    static func read(_ path: String) -> SourceFile? {
        let url = root.appendingPathComponent(path)
        guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
        return SourceFile(path: path, lines: text.components(separatedBy: "\n"), text: text)
    }

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// Swift modules below Sources, in order of name.
    static let modules: [String] = {
        let names = (try? FileManager.default.contentsOfDirectory(
            atPath: root.appendingPathComponent("Sources").path)) ?? []
        return names.filter { !files(in: "Sources/" + $0, endings: ["swift"]).isEmpty }.sorted()
    }()

    /// The dependencies that the manifest declares for a module.
    static func dependencies(of module: String) -> [String] {
        guard let manifest = read("Package.swift")?.text,
            let name = manifest.range(of: "name: \"\(module)\"", range: targets(of: manifest))
        else { return [] }
        let rest = manifest[name.upperBound...]
        let end = rest.range(of: "arget(")?.lowerBound ?? rest.endIndex
        guard let list = rest[..<end].range(of: "dependencies: [") else { return [] }
        let inside = rest[list.upperBound..<end].prefix { $0 != "]" }
        return inside.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
            .filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    private static func targets(of manifest: String) -> Range<String.Index> {
        let start = manifest.range(of: "    targets: [")?.upperBound ?? manifest.startIndex
        return start..<manifest.endIndex
    }

    /// The modules that the files of `module` import.
    static func imports(of module: String) -> Set<String> {
        var names: Set<String> = []
        for file in files(in: "Sources/" + module, endings: ["swift"]) {
            for line in file.lines {
                let words = line.split(separator: " ")
                guard let place = words.firstIndex(of: "import"), place <= 1,
                    words.count > place + 1, !line.hasPrefix("//")
                else { continue }
                if place == 1, !words[0].hasPrefix("@"), words[0] != "public" { continue }
                let kinds = ["struct", "enum", "class", "func", "protocol", "typealias"]
                let isScoped = words.count > place + 2 && kinds.contains(String(words[place + 1]))
                let name = words[place + (isScoped ? 2 : 1)]
                names.insert(String(name.prefix { $0 != "." }))
            }
        }
        return names
    }
}
