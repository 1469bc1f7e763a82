// The statuses a script can tell apart.

/// How a command ended.
enum ExitCode: Int32, CaseIterable, Sendable {
    case ok = 0
    case refused
    case usage
    case unreachable
    case damaged
    case failed

    /// What the status means, for `althing help exit-codes`.
    var meaning: String {
        switch self {
        case .ok: "Done."
        case .refused: "Refused: verification failed, not found, or the node said no."
        case .usage: "The command line or the configuration file is wrong; nothing was done."
        case .unreachable: "The node cannot be reached, or is too busy to take more."
        case .damaged: "The store is damaged or was written by a newer version."
        case .failed: "A file, the disk or the node failed."
        }
    }
}
