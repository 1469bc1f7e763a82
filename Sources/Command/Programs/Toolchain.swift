// The compilers and the linker that `program build` uses, and how it calls them.
import Glibc

/// Where the tools are.
struct Toolchain {
    let clang: String
    let linker: String
    /// Nil where there is only C to compile with.
    let swift: String?

    /// Instructions that both the compilers and the machine have; atomics are calls of the guest
    /// library, since the machine has one thread and no such instructions.
    private static let machine = "rv64emc_zbb_zicond"
    private static let convention = "lp64e"

    /// Looks along `path` for `swiftc`, and beside it, then along `path`, for `clang` and `ld.lld`.
    ///
    /// - Parameter path: directories with colons between them, as in `PATH`.
    init(path: String) throws(CommandFailure) {
        let folders = path.split(separator: ":").map(String.init)
        swift = Self.find("swiftc", in: folders)
        let beside = swift.map { [LocalFiles.folder(of: Self.resolved($0))] } ?? []
        clang = try Self.require("clang", in: beside + folders)
        linker = try Self.require("ld.lld", in: beside + folders)
    }

    /// The toolchain of this process's `PATH`.
    static func current() throws(CommandFailure) -> Toolchain {
        try Toolchain(path: getenv("PATH").map { String(cString: $0) } ?? "")
    }

    private static func find(_ name: String, in folders: [String]) -> String? {
        folders.map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }

    private static func require(
        _ name: String, in folders: [String]
    ) throws(CommandFailure) -> String {
        guard let found = find(name, in: folders) else {
            throw .failed(
                "there is no \(name) along PATH, nor beside swiftc: programs are built with the "
                    + "Swift toolchain, see https://www.swift.org/install")
        }
        return found
    }

    private static func resolved(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

    /// Words that compile Swift sources into one object.
    func swiftWords(
        _ sources: [String], headers: [String], to object: String
    ) throws(CommandFailure) -> [String] {
        guard let swift else {
            throw .failed(
                "there is no swiftc along PATH: see https://www.swift.org/install")
        }
        // Code at the top level of main.swift is a program; elsewhere one type has @main.
        let hasMain = sources.contains { $0 == "main.swift" || $0.hasSuffix("/main.swift") }
        var words = [
            swift, "-target", "riscv64-none-none-eabi", "-enable-experimental-feature", "Embedded",
            "-wmo", "-Osize", "-module-name", "Agent", "-Xfrontend", "-function-sections",
            "-Xfrontend", "-disable-stack-protector", "-Xcc", "-march=" + Self.machine, "-Xcc",
            "-mabi=" + Self.convention,
        ]
        if !hasMain { words.append("-parse-as-library") }
        for folder in headers { words += ["-I", folder] }
        return words + ["-c"] + sources + ["-o", object]
    }

    /// Words that compile one C source.
    func clangWords(
        _ source: String, headers: [String], defining names: [String], to object: String
    ) -> [String] {
        var words = [
            clang, "--target=riscv64-none-elf", "-march=" + Self.machine,
            "-mabi=" + Self.convention, "-std=c17", "-Os", "-Wall", "-Wextra", "-ffreestanding",
            "-fno-asynchronous-unwind-tables", "-ffunction-sections", "-fdata-sections",
            "-mno-relax",
        ]
        for folder in headers { words += ["-I", folder] }
        for name in names { words.append("-D" + name) }
        return words + ["-c", source, "-o", object]
    }

    /// Words that join objects to an executable that keeps its relocations.
    func linkWords(_ objects: [String], to file: String) -> [String] {
        [
            linker, "--gc-sections", "--no-relax", "--emit-relocs", "-z", "norelro", "-e", "_start",
        ] + objects + ["-o", file]
    }
}
