// The files in which the states of the agents that run here survive the process.
import Environment
import Platform
import Primitives

/// One file for each agent, named by its id, replaced in one step.
struct AgentFiles: Sendable {
    let directory: String
    private let disk = OSDisk()

    init(_ directory: String) throws(DiskFailure) {
        self.directory = directory
        try disk.createDirectory(directory)
    }

    /// Durable when it returns.
    func keep(_ bytes: [UInt8], of agent: AgentID) throws(DiskFailure) {
        let draft = path(agent) + ".draft"
        // What a process that ended in the midst of this left.
        try? disk.remove(draft)
        let file = try disk.open(draft, .creating)
        defer { file.close() }
        do {
            try bytes.withUnsafeBytes { try file.append($0) }
        } catch let failure as DiskFailure {
            throw failure
        } catch {
            throw DiskFailure(.append, path: draft, code: 5)
        }
        try file.sync()
        try disk.rename(draft, to: path(agent))
        try disk.syncDirectory(directory)
    }

    /// What was kept; nil where nothing was.
    func kept(of agent: AgentID, limit: Int) throws(DiskFailure) -> [UInt8]? {
        let file: any DiskFile
        do throws(DiskFailure) {
            file = try disk.open(path(agent), .reading)
        } catch {
            if error.code == 2 { return nil }  // ENOENT
            throw error
        }
        defer { file.close() }
        guard file.size <= UInt64(limit) else {
            throw DiskFailure(.read, path: path(agent), code: 27)  // EFBIG
        }
        var bytes = [UInt8](repeating: 0, count: Int(file.size))
        var failure: DiskFailure?
        let count = bytes.withUnsafeMutableBytes { target in
            do throws(DiskFailure) {
                return try file.read(at: 0, into: target)
            } catch {
                failure = error
                return 0
            }
        }
        if let failure { throw failure }
        return Array(bytes.prefix(count))
    }

    /// What is left of an agent that has ended is of no use; where it cannot be removed it stays.
    func forget(_ agent: AgentID) { try? disk.remove(path(agent)) }

    private func path(_ agent: AgentID) -> String { directory + "/" + agent.hex }
}
