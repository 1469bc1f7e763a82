// `althing light follow`: asks a node again and again, checks what it says, and keeps what holds.
import JSON
import Platform
import Primitives
import Records

struct LightFollow {
    /// Milliseconds between two questions while there is nothing newer.
    private static let pauseMilliseconds: UInt32 = 500

    private let call: Invocation
    private let source: LightSource
    private let path: String?
    private var client: LightClient

    static func run(_ call: Invocation) throws(CommandFailure) {
        var follow = try LightFollow(call)
        try follow.save()
        while true {
            do {
                let isNewer = try follow.round()
                if call.has(LightVerbs.once), !isNewer { return }
            } catch {
                guard case .unreachable = error.code, !call.has(LightVerbs.once) else {
                    throw error
                }
                call.console.complain(error.sentence)
            }
            if !call.has(LightVerbs.once) { Pause.milliseconds(pauseMilliseconds) }
        }
    }

    private init(_ call: Invocation) throws(CommandFailure) {
        self.call = call
        let node = try call.client()
        path = call.text(LightVerbs.state)
        client = try Self.trusted(call, node)
        source = LightSource(node: node, chain: client.trail.chain)
        if let fork = client.fork { throw Self.failure(.fork(fork), call) }
    }

    /// The saved state where there is one, which must be of the chain that is to be trusted.
    private static func trusted(
        _ call: Invocation, _ node: NodeClient
    ) throws(CommandFailure) -> LightClient {
        let trust = call.text(LightVerbs.trust)
        let digest = trust.flatMap { Digest(hex: $0) }
        if let path = call.text(LightVerbs.state), LocalFiles.exists(path) {
            let saved = try LightFile.read(path)
            guard let trust else { return saved }
            let chain =
                if let digest { digest } else { try LightFile.readTrust(trust).trail.chain }
            guard chain == saved.trail.chain else {
                throw .refused("\(path) follows the chain \(saved.trail.chain), not \(chain)")
            }
            return saved
        }
        guard let trust else {
            throw .usage(
                .missingOption(LightVerbs.trust.spelling, command: call.arguments.command))
        }
        guard let digest else { return try LightFile.readTrust(trust) }
        return LightClient(CommitteeTrail(try LightSource.genesis(digest, from: node)))
    }

    /// Takes what the node has. - Returns: whether anything was new.
    private mutating func round() throws(CommandFailure) -> Bool {
        var isNewer = try takeSteps()
        for checkpoint in try source.checkpoints() {
            // One of an epoch that began after the steps were read waits for the next round.
            if checkpoint.header.epoch > client.trail.epoch {
                guard try takeSteps() else { break }
                isNewer = true
            }
            guard checkpoint.header.epoch >= client.trail.firstEpoch else { continue }
            if try take(checkpoint) { isNewer = true }
        }
        if isNewer { try save() }
        return isNewer
    }

    private mutating func takeSteps() throws(CommandFailure) -> Bool {
        var isNewer = false
        while true {
            var isLonger = false
            for step in try source.steps(from: client.trail.epoch) {
                do {
                    isLonger = try client.follow(step) || isLonger
                } catch { throw try refusal(error) }
                show(step)
            }
            guard isLonger else { return isNewer }
            isNewer = true
        }
    }

    private mutating func take(_ checkpoint: Checkpoint) throws(CommandFailure) -> Bool {
        let isNewer: Bool
        do { isNewer = try client.accept(checkpoint) } catch { throw try refusal(error) }
        if isNewer { show(checkpoint) }
        return isNewer
    }

    private func save() throws(CommandFailure) {
        guard let path else { return }
        try LocalFiles.write(client.encoded, to: path)
    }

    /// What to end with; a fork is saved first.
    private func refusal(_ fault: LightFault) throws(CommandFailure) -> CommandFailure {
        if case .fork = fault { try save() }
        return Self.failure(fault, call)
    }

    private static func failure(_ fault: LightFault, _ call: Invocation) -> CommandFailure {
        guard case .fork(let evidence) = fault else { return .refused(fault.sentence) }
        for checkpoint in [evidence.first, evidence.second] {
            let header = checkpoint.header
            let signers = checkpoint.certificate.map { String($0.validator) }
            call.console.complain(
                "certified: height \(header.height), epoch \(header.epoch), digest "
                    + "\(header.digest), by validators \(signers.joined(separator: ", "))")
        }
        return .refused(fault.sentence)
    }
}

extension LightFollow {
    private func show(_ step: EpochStep) {
        let header = step.checkpoint.header
        let next = header.next?.hex ?? ""
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("kind", .string("epoch")),
                    JSONMember("epoch", .string(String(client.trail.epoch))),
                    JSONMember("height", .string(String(header.height))),
                    JSONMember("validators", .integer(step.committee.validators.count)),
                    JSONMember("committee", .string(next)),
                ]))
        }
        call.console.print(
            "epoch \(client.trail.epoch): \(step.committee.validators.count) validators, named at "
                + "height \(header.height), committee \(next)")
    }

    private func show(_ checkpoint: Checkpoint) {
        let header = checkpoint.header
        let signers = checkpoint.certificate.map(\.validator)
        guard !call.has(.json) else {
            return call.console.print(
                .object([
                    JSONMember("kind", .string("checkpoint")),
                    JSONMember("height", .string(String(header.height))),
                    JSONMember("epoch", .string(String(header.epoch))),
                    JSONMember("time", .string(String(header.time.nanoseconds))),
                    JSONMember("digest", .string(header.digest.hex)),
                    JSONMember("records", .string(String(header.records))),
                    JSONMember("signers", .array(signers.map { .integer(Int($0)) })),
                ]))
        }
        let number = client.trail.committee(of: header.epoch)?.validators.count ?? 0
        call.console.print(
            "height \(header.height), epoch \(header.epoch), \(Quantity.time(header.time)), "
                + "\(signers.count) of \(number) signed, \(header.digest)")
    }
}

extension LightFault {
    /// One sentence for a person.
    var sentence: String {
        switch self {
        case .wrongChain: "the checkpoint is of another chain"
        case .unknownEpoch(let epoch): "no committee of epoch \(epoch) is known"
        case .notCertified(let epoch, let height):
            "the committee of epoch \(epoch) did not certify the checkpoint at height \(height)"
        case .noNextCommittee(let epoch): "the step of epoch \(epoch) names no next committee"
        case .wrongNextCommittee(let epoch):
            "the step of epoch \(epoch) has other validators than its checkpoint names"
        case .outOfOrder(let epoch):
            "the step of epoch \(epoch) does not come after the one before"
        case .fork: "FORK: the committee certified two checkpoints that contradict each other"
        }
    }
}
