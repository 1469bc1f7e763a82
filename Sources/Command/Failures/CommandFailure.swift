// Why a command ends without success: one case per exit code and cause.
import Environment
import Platform

enum CommandFailure: Error, Sendable {
    /// The command line is wrong.
    case usage(UsageFault)
    /// The configuration file or a setting given as a flag is wrong.
    case configuration(ConfigurationFault)
    /// The answer is no, in a sentence.
    case refused(String)
    /// The node answered with a problem document.
    case problem(NodeProblem)
    /// No answer from the node at this address.
    case unreachable(node: String, PlatformFailure)
    /// Faults of a store, each in a sentence.
    case damaged([String])
    /// A file could not be read or written, in a sentence that names it.
    case file(FileFault)
    /// The operating system refused something that no file stands for.
    case system(PlatformFailure)
    /// Something else failed, in a sentence.
    case failed(String)
}

extension CommandFailure {
    var code: ExitCode {
        switch self {
        case .usage, .configuration: .usage
        case .refused: .refused
        case .problem(let problem): problem.code
        case .unreachable: .unreachable
        case .damaged: .damaged
        case .file, .system, .failed: .failed
        }
    }

    /// One sentence for a person.
    var sentence: String {
        switch self {
        case .usage(let fault): fault.sentence
        case .configuration(let fault): fault.sentence
        case .refused(let sentence), .failed(let sentence): sentence
        case .problem(let problem): problem.sentence
        case .unreachable(let node, let failure): "cannot reach the node at \(node): \(failure)"
        case .damaged(let faults): faults.first ?? "the store is damaged"
        case .file(let fault): fault.sentence
        case .system(let failure): "\(failure)"
        }
    }

    /// Further lines: what to do, or what else is wrong.
    var advice: [String] {
        switch self {
        case .usage(let fault): fault.advice
        case .damaged(let faults): Array(faults.dropFirst())
        case .unreachable: ["start one with: althing node --dev --data ./althing-data"]
        default: []
        }
    }
}
