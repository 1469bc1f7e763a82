// The sample traces that ship with the program: recorded from scripted agents of our own.
import JSON
import Platform

enum Samples {
    /// The folder of the samples, beside the executable; nil where it is missing.
    private static var folder: String? {
        let folder = Executable.directory + "/althing_Command.resources/Samples"
        return LocalFiles.exists(folder) ? folder : nil
    }

    /// A file of that folder.
    static func file(_ name: String) throws(CommandFailure) -> [UInt8] {
        guard let folder else {
            throw .failed("\(name) is not beside the program: \(Executable.directory)")
        }
        return try LocalFiles.read(folder + "/" + name, limit: 1 << 20)
    }

    /// Export requests in OTLP/JSON, one list for each recording, in the order of names.
    static func recordings() throws(CommandFailure) -> [[[UInt8]]] {
        guard let folder else {
            throw .failed(
                "the sample traces are not beside the program: \(Executable.directory)"
                    + "/althing_Command.resources is missing")
        }
        var recordings: [[[UInt8]]] = []
        for name in (try? OSDisk().list(folder)) ?? [] where name.hasSuffix(".otlp.jsonl") {
            let bytes = try LocalFiles.read(folder + "/" + name, limit: 64 << 20)
            recordings.append(bytes.split(separator: 0x0A).map { Array($0) })
        }
        guard !recordings.isEmpty else { throw .failed("there are no sample traces in \(folder)") }
        return recordings
    }
}
