// What is asked of bodies that come in, and what the reasons mean for which they are refused.
import Ledger
import Primitives

import struct Consensus.Update
import enum Consensus.RejectReason

extension Body {
    /// The conflict key.
    var chain: Digest {
        switch self {
        case .batch(let batch): Digest(batch.batch.header.submitter)
        case .operation(let operation): Digest(operation.key)
        }
    }

    var sequence: UInt64 {
        switch self {
        case .batch(let batch): batch.batch.header.sequence
        case .operation(let operation): operation.sequence
        }
    }

    /// The update before it, where it names one.
    var previous: Digest? {
        if case .batch(let batch) = self { batch.batch.header.previous } else { nil }
    }

    /// Whether this is the body that an item of a proposal names.
    func matches(_ item: Update) -> Bool {
        update(attempt: item.attempt) == item
    }
}

extension RejectReason {
    /// Whether the seat that gave it takes the same update once it has caught up.
    var isPassing: Bool {
        switch self {
        case .gap, .early, .unlocking: true
        case .app, .held, .wrongPrevious, .past, .voided, .closed, .overLimit: false
        }
    }
}

extension LedgerFailure {
    /// What other gateways are told; the reasons in full are for those who ask the ledger.
    var code: UInt8 {
        switch self {
        case .wrongChain: 1
        case .invalidSignature: 2
        case .wrongSequence: 3
        case .identity: 4
        case .agents: 5
        case .recording: 6
        case .validators: 7
        case .transitions: 8
        case .law: 9
        }
    }

    /// Whether updates of the same chain are missing before it.
    var isAhead: Bool {
        switch self {
        case .wrongSequence(let expected, let found): found > expected
        case .recording(.gap): true
        default: false
        }
    }

    /// Whether somebody or some limit stopped it: who asks is told at once, and does not wait for
    /// that to end.
    var isForbidden: Bool {
        switch self {
        case .law(.forbidden), .law(.recordForbidden), .law(.limits), .law(.recordLimits): true
        default: false
        }
    }

    /// Whether an operation that another seat has carried out already could make it pass here.
    var mayPass: Bool {
        switch self {
        case .wrongChain, .invalidSignature, .wrongSequence: false
        case .identity, .agents, .validators, .law: true
        case .transitions(let failure):
            switch failure {
            case .programUnknown, .agentUnknown, .instanceUnknown, .gap, .callUnknown: true
            default: false
            }
        case .recording(let failure):
            switch failure {
            case .submitterUnknown, .agentUnknown, .notAuthorized, .agentNotActive: true
            default: false
            }
        }
    }
}
