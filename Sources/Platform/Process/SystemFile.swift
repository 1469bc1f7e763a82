// The text files in which the kernel tells about itself.
import CSystem

enum SystemFile {
    /// At most the first 256 KiB; nil where the file cannot be read.
    static func read(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: 256 << 10)
        let count = csystem_read_file(path, &bytes, bytes.count)
        if count < 0 { return nil }
        return String(decoding: bytes[0..<count], as: UTF8.self)
    }

    /// The text after `name` and a colon in the first line that begins so, without white space
    /// around it.
    static func value(_ name: String, in text: String) -> String? {
        for line in text.split(separator: "\n") where line.hasPrefix(name) {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let blanks: Set<Character> = [" ", "\t"]
            var value = line[line.index(after: colon)...].drop { blanks.contains($0) }
            while let last = value.last, blanks.contains(last) { value.removeLast() }
            return String(value)
        }
        return nil
    }

    /// A value written as `123 kB`, in bytes.
    static func bytes(_ name: String, in text: String) -> UInt64? {
        guard let value = value(name, in: text), let number = value.split(separator: " ").first,
            let kibibytes = UInt64(number)
        else { return nil }
        return kibibytes.multipliedReportingOverflow(by: 1_024).partialValue
    }
}
