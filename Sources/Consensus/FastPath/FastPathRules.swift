// The numbers and choices that the safety of the fast path hangs on, in one place.

/// The rules as they are; tests spoil one at a time and must find out.
struct FastPathRules: Sendable {
    /// Votes that certify an item.
    var certificateQuorum: Int
    /// Confirms that make an item final.
    var finalQuorum: Int
    /// Unlock votes without a certificate that void an attempt.
    var unlockQuorum: Int
    /// A slot keeps its first lock.
    var keepsLocks = true
    /// A lock is recorded before the vote.
    var recordsLocks = true
    /// A certificate is stored before the confirm.
    var storesCertificates = true
    /// An update is locked only upon the one before it.
    var locksInOrder = true
    /// An update is confirmed only upon certificates of all before it.
    var confirmsInOrder = true
    /// No lock from a slot on that is being unlocked.
    var locksStopAtUnlock = true
    /// No confirm from a slot on that is being unlocked.
    var confirmsStopAtUnlock = true
    /// An unlock vote shows the certificate held.
    var unlockVotesShowCertificates = true
    /// No lock after the close began.
    var locksStopAtClose = true
    /// No confirm after the close began.
    var confirmsStopAtClose = true
    /// The seat's end of epoch waits until all that it confirmed is carried out.
    var endWaitsForConfirmed = true

    init(for committee: CommitteeView) { self.init(quorum: committee.quorum) }

    init(quorum: Int) {
        certificateQuorum = quorum
        finalQuorum = quorum
        unlockQuorum = quorum
    }
}
