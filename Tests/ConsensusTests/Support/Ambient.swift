// The rules that everything made in a test follows: the right ones, but where a mutant is tried.
import Cryptography
import Primitives

@testable import Consensus

enum Ambient {
    /// What is spoiled in the rules made by this task.
    @TaskLocal static var spoil: @Sendable (inout CommitRules) -> Void = { _ in }

    static func rules(_ settings: CommitSettings, for committee: CommitteeView) -> CommitRules {
        var rules = CommitRules(settings, for: committee)
        spoil(&rules)
        return rules
    }

    static func lapses(for committee: CommitteeView) -> Lapses {
        rules(.standard, for: committee).lapses
    }

    static func validator(
        _ committee: CommitteeView, _ key: SigningKey?, _ settings: ValidatorSettings,
        _ recovery: Recovery
    ) -> Validator {
        Validator(
            committee: committee, key: key, settings: settings,
            rules: rules(settings.commits, for: committee),
            from: (Instant(nanoseconds: 0), recovery))
    }
}
