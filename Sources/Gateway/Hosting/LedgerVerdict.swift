// What the ledger said to an operation of an agent, as far as the agent has to know.
import Ledger
import Node

enum LedgerVerdict: Sendable {
    case accepted
    /// Nothing was decided, or not here: the same is to be sent again.
    case undecided
    /// Refused; what is to be done once its place was looked at.
    case refused(reason: String, Resolution)

    init(_ outcome: LedgerOutcome) {
        switch outcome {
        case .accepted: self = .accepted
        case .refused(.wrongSequence): self = .undecided
        case .refused(.transitions(let failure)): self.init(failure)
        case .refused(.law(let failure)) where failure.concernsTransfer:
            self = .refused(reason: failure.name, .withoutWhatItRead)
        case .refused(let failure): self = .refused(reason: "\(failure)", .resend)
        case .notCertified, .overloaded, .notAValidator, .undecided, .malformed, .storageFailed:
            self = .undecided
        }
    }

    private init(_ failure: TransitionsFailure) {
        switch failure {
        case .stale, .gap, .notDue: self = .undecided
        case .callUnknown, .mixedCall, .approval:
            self = .refused(reason: "\(failure)", .withoutWhatItRead)
        case .wrongTime, .wrongAnswer, .wrongDependencies, .wrongClock, .wrongEnd, .wrongExchange,
            .reexecution, .overLimit:
            self = .refused(reason: "\(failure)", .again)
        default:
            // The owner, or time, may change it: the deposit, the status, a stop.
            self = .refused(reason: "\(failure)", .resend)
        }
    }
}

extension LawFailure {
    /// Whether it is about what a program wanted to pay: another run of it, without what it read,
    /// may go well.
    fileprivate var concernsTransfer: Bool {
        switch self {
        case .limits(.noConstitution), .limits(.kindNotAllowed(.transfer)),
            .limits(.counterpartyNotAllowed), .limits(.valueTooLarge),
            .limits(.volumeTooLarge), .mandates, .forbidden(.denied(.transfer)):
            true
        default: false
        }
    }
}
