// One thing that happened, with all that its event shows.
import JSON
import Node
import Primitives

enum FeedItem: Sendable {
    case run(RunLine)
    case batch(BatchLine)
    case checkpoint(CheckpointView)
    case agent(AgentLine)
    case status(StatusFacts)
    case commit(GraphCommit)

    var kind: FeedKind {
        switch self {
        case .run: .run
        case .batch: .batch
        case .checkpoint: .checkpoint
        case .agent: .agent
        case .status: .status
        case .commit: .commit
        }
    }

    /// The event's data: one line of JSON.
    func json(_ context: Context) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        switch self {
        case .run(let line): writer.write(line)
        case .batch(let line): writer.write(line)
        case .checkpoint(let view): writer.write(view, withContents: false)
        case .agent(let line): writer.write(line)
        case .status(let facts): writer.write(facts, context)
        case .commit(let commit): writer.write(commit, withContents: false)
        }
        return writer.bytes
    }
}
