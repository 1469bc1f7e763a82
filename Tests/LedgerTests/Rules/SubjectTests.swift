// What each command of the law is about: what a node keeps its history under.
import Primitives
import Testing

@testable import Ledger

@Suite struct SubjectTests {
    @Test func everySampleNamesEachSubjectOnceAndNeverItsOwner() {
        for command in LawSamples.commands {
            let subjects = Command.law(command).subjects(of: World.ada)
            #expect(Set(subjects).count == subjects.count, "\(command)")
            #expect(!subjects.contains(Digest(World.ada)), "\(command)")
            #expect(!subjects.contains { $0.isZero }, "\(command)")
        }
    }

    private static let agent = Digest(World.scout)
    private static let task = PostedTaskID(of: World.scoutAccount, number: 1)
    private static let mandate = MandateID(of: World.adaAccount, number: 1)

    static let cases: [(LawCommand, [Digest])] = [
        (
            .task(
                .post(by: World.scoutAccount, number: 1, mandate: mandate, LawSamples.taskTerms)),
            [Digest(task), agent, Digest(mandate)]
        ),
        (.task(.move(by: World.adaAccount, task, .cancel)), [Digest(task)]),
        (
            .task(.move(by: World.adaAccount, task, .assign(World.boAccount))),
            [Digest(task), Digest(World.bo)]
        ),
        (.auction(.close(by: World.scoutAccount, task)), [Digest(task), agent]),
        (.mandate(.issue(number: 1, LawSamples.terms)), [Digest(mandate), agent]),
        (.approve(Digest(repeating: 4)), [Digest(repeating: 4)]),
        (.stop(.agent(World.scout)), [agent]), (.stop(.fleet), []), (.voteFee(1), []),
        (
            .transfer(Transfer(from: World.adaAccount, to: World.boAccount, amount: .credits(1))),
            []
        ),
    ]

    @Test(arguments: cases.indices) func aCommandIsAbout(_ index: Int) {
        let (command, subjects) = Self.cases[index]
        #expect(Command.law(command).subjects(of: World.ada) == subjects, "\(command)")
    }

    @Test func aBatchIsAboutItsTasks() {
        let entries: [TaskBatch.Entry] = [
            .post(number: 1, LawSamples.taskTerms), .move(Self.task, .cancel),
            .move(PostedTaskID(of: World.adaAccount, number: 2), .cancel),
        ]
        let batch = TaskBatch(account: World.adaAccount, entries: entries)
        let subjects = Command.law(.task(.batch(batch))).subjects(of: World.ada)
        #expect(
            subjects == [
                Digest(PostedTaskID(of: World.adaAccount, number: 1)), Digest(Self.task),
                Digest(PostedTaskID(of: World.adaAccount, number: 2)),
            ])
    }

    @Test func otherChaptersHaveNoSubjects() {
        #expect(Command.owner(.register(name: "ada")).subjects(of: World.ada).isEmpty)
    }
}
