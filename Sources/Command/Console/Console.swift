// Where a command writes; a value, so that a test can read what was written.
import JSON
import Platform

/// Two streams of text, and whether a person sees the first.
struct Console: Sendable {
    /// Writes to the stream of results; text ends where the caller ends it.
    var write: @Sendable (String) -> Void
    /// Writes to the stream of errors and progress.
    var writeError: @Sendable (String) -> Void
    /// Whether results go to a terminal: colours and tables in place only there.
    var isTerminal: Bool
    /// Whether errors and progress do.
    var isErrorTerminal: Bool
    /// Columns of the terminal.
    var columns: Int

    static var standard: Console {
        Console(
            write: { StandardStreams.out($0) }, writeError: { StandardStreams.error($0) },
            isTerminal: StandardStreams.isTerminal,
            isErrorTerminal: StandardStreams.isErrorTerminal, columns: StandardStreams.columns)
    }

    /// One line, or several, of a result.
    func print(_ text: String) { write(text + "\n") }

    /// One object of a result, on one line.
    func print(_ value: JSONValue) {
        write(String(decoding: value.text(), as: UTF8.self) + "\n")
    }

    /// A line on the stream of errors, with the program's name.
    func complain(_ text: String) { writeError("althing: \(text)\n") }

    /// A line that tells what is going on, on the stream of errors.
    func note(_ text: String) { writeError(text + "\n") }

    /// `text` in a colour where a person sees it.
    func styled(_ text: String, _ style: Style) -> String {
        isTerminal ? "\u{1B}[\(style.rawValue)m\(text)\u{1B}[0m" : text
    }
}

/// A colour or weight; the numbers are those of ECMA-48 SGR.
enum Style: Int, Sendable {
    case bold = 1
    case dim = 2
    case red = 31
    case green = 32
    case yellow = 33
}

/// Text of strangers must not steer a terminal: control characters become U+FFFD.
func printable(_ text: String) -> String {
    func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || (0x202A...0x202E).contains(scalar.value)
            || (0x2066...0x2069).contains(scalar.value)
    }
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        result.unicodeScalars.append(isControl(scalar) ? "\u{FFFD}" : scalar)
    }
    return result
}
