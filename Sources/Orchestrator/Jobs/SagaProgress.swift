// Where a saga stands: forwards through its steps, or backwards through their compensations.

struct SagaProgress {
    let saga: Saga
    /// The step whose job or compensation runs.
    private(set) var place = 0
    private(set) var isGoingBack = false
    private(set) var end: SagaEnd?

    init(_ saga: Saga) { self.saga = saga }

    /// The job that is to run now; nil at the end.
    var current: Job? {
        guard end == nil, saga.steps.indices.contains(place) else { return nil }
        let step = saga.steps[place]
        return isGoingBack ? step.compensation : step.job
    }

    /// The current job ended; goes to the next one, or to the end.
    mutating func ended(_ job: JobID, _ how: JobEnd) {
        guard let current, current.id == job else { return }
        if isGoingBack {
            guard how.isGood else {
                end = .stuck(at: job)
                return
            }
            goBack()
        } else if how.isGood {
            place += 1
            if place == saga.steps.count { end = .complete }
        } else {
            isGoingBack = true
            goBack()
        }
    }

    /// To the last step before this one that has a compensation.
    private mutating func goBack() {
        while place > 0 {
            place -= 1
            if saga.steps[place].compensation != nil { return }
        }
        end = .undone
    }
}
