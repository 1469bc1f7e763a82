// Standard input as a sign of life of whoever holds its other end.
import Glibc

enum StandardInput {
    /// Reads and forgets until it ends.
    static func awaitEnd() {
        var piece = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = read(STDIN_FILENO, &piece, piece.count)
            if count == 0 || (count < 0 && errno != EINTR) { return }
        }
    }
}
