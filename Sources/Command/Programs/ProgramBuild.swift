// `program build`: from sources to a program, by way of objects and an ELF file.
import Glibc
import Linker
import PVM
import Platform

/// What goes into a program.
struct ProgramSources {
    private(set) var swift: [String] = []
    private(set) var c: [String] = []
    /// Objects and ELF files made elsewhere.
    private(set) var objects: [String] = []
    /// Where headers are looked for.
    private(set) var headers: [String] = []
    /// The file to write where none is named.
    let defaultOutput: String

    /// - Parameter paths: folders, of which all sources are taken, and files.
    init(_ paths: [String]) throws(CommandFailure) {
        let name = paths[0].split(separator: "/").last.map(String.init) ?? "program"
        let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
        let isPlain = !stem.isEmpty && stem.contains { $0 != "." }
        defaultOutput = (isPlain ? stem : "program") + ".pvm"
        for path in paths {
            if let names = try? OSDisk().list(path) {
                headers.append(path)
                for name in names.sorted() where Self.isSource(name) { take(path + "/" + name) }
            } else {
                guard LocalFiles.exists(path) else {
                    throw .file(
                        FileFault(operation: "read", path: path, cause: .system(ENOENT)))
                }
                let known = Self.isSource(path) || path.hasSuffix(".o") || path.hasSuffix(".elf")
                guard known else {
                    throw .refused(
                        "\(path) is no source: those end with .swift, .c, .o and .elf")
                }
                take(path)
            }
        }
        guard !swift.isEmpty || !c.isEmpty || !objects.isEmpty else {
            throw .refused("there is no .swift or .c file in \(paths.joined(separator: " "))")
        }
    }

    private static func isSource(_ name: String) -> Bool {
        name.hasSuffix(".swift") || name.hasSuffix(".c")
    }

    private mutating func take(_ path: String) {
        if path.hasSuffix(".swift") {
            swift.append(path)
        } else if path.hasSuffix(".c") {
            c.append(path)
        } else {
            objects.append(path)
        }
    }
}

/// One build.
struct ProgramBuild {
    let sources: ProgramSources
    /// The folder `guest`.
    let guest: String
    /// Bytes of the guest library's allocator.
    let heapBytes: UInt64
    let options: LinkOptions

    /// Faults of one file that are shown, at most.
    private static let mostShown = 20

    /// The folder `guest` beside the executable or above it, or above the working directory.
    static func guestFolder() throws(CommandFailure) -> String {
        var starts = [Executable.directory]
        if let here = getcwd(nil, 0) {
            starts.append(String(cString: here))
            free(here)
        }
        for start in starts {
            var folder = start
            while true {
                for place in ["/guest", "/share/althing/guest"]
                where LocalFiles.exists(folder + place + "/include/althing.h") {
                    return folder + place
                }
                guard folder != "/", folder != "." else { break }
                folder = LocalFiles.folder(of: folder)
            }
        }
        throw .failed(
            "the guest library is not found: give its folder with --guest, it is guest/ in the "
                + "sources of althing")
    }

    /// Compiles, links and translates.
    func run(with toolchain: Toolchain) throws(CommandFailure) -> LinkedProgram {
        let folder = try LocalFiles.makeTemporaryDirectory()
        defer { LocalFiles.removeTree(folder) }
        let elf = try executable(in: folder, toolchain)
        let bytes = try LocalFiles.read(elf, limit: LinkedProgram.mostBytes)
        do throws(LinkRefusal) {
            return try LinkedProgram(linking: bytes, options, revision: .grayPaper071)
        } catch {
            let shown = error.failures.prefix(Self.mostShown).map(\.sentence)
            let rest = error.failures.count - shown.count
            let more = rest > 0 ? ["and \(rest) more"] : []
            throw .refused((shown + more).joined(separator: "\n"))
        }
    }

    /// The path of an ELF file: the one that is given, or one made of everything.
    private func executable(
        in folder: String, _ toolchain: Toolchain
    ) throws(CommandFailure) -> String {
        let isMade = sources.swift.isEmpty && sources.c.isEmpty
        if isMade, sources.objects.count == 1, sources.objects[0].hasSuffix(".elf") {
            return sources.objects[0]
        }
        var objects = sources.objects
        let headers = [guest + "/include"] + sources.headers
        if !sources.swift.isEmpty {
            let library = try files(in: guest + "/swift", ending: ".swift")
            objects.append(folder + "/swift.o")
            let words = try toolchain.swiftWords(
                sources.swift + library, headers: headers, to: folder + "/swift.o")
            try call(words, folder)
        }
        let runtime = try files(in: guest + "/runtime", ending: ".c")
        for (index, source) in (sources.c + runtime).enumerated() {
            let object = folder + "/c\(index).o"
            objects.append(object)
            let names = ["ALTHING_HEAP_BYTES=\(heapBytes)"]
            try call(
                toolchain.clangWords(source, headers: headers, defining: names, to: object), folder)
        }
        let elf = folder + "/program.elf"
        try call(toolchain.linkWords(objects, to: elf), folder)
        return elf
    }

    private func files(in folder: String, ending: String) throws(CommandFailure) -> [String] {
        do {
            return try OSDisk().list(folder).filter { $0.hasSuffix(ending) }.sorted()
                .map { folder + "/" + $0 }
        } catch {
            throw .failed("cannot list \(folder), which should be of the guest library: \(error)")
        }
    }

    /// Runs one tool. - Throws: with all that it said where it fails.
    private func call(_ words: [String], _ folder: String) throws(CommandFailure) {
        let run = try ToolRun(words, log: folder + "/log")
        guard run.status == 0 else {
            let tool = words[0].split(separator: "/").last.map(String.init) ?? words[0]
            let said = run.output.split(separator: "\n").map { printable(String($0)) }
            throw .refused("\(tool) failed:\n" + said.joined(separator: "\n"))
        }
    }
}

extension LinkFailure {
    /// What is wrong and where.
    var sentence: String {
        var place = section.isEmpty ? "file" : section
        place += " + 0x" + String(max(0, offset), radix: 16)
        if !symbol.isEmpty { place += " (\(symbol))" }
        return printable("\(place): \(reason)")
    }
}
