// A certificate whose signatures need not be verified a second time.

extension CheckedCertificate {
    /// A certificate whose signatures were verified before, in the same committee and byte for
    /// byte;
    /// nil where it certifies nothing.
    public init?(verified certificate: Certificate, in committee: CommitteeView) {
        let certified = certificate.certified(quorum: committee.quorum)
        guard !certified.isEmpty else { return nil }
        let digest = certificate.proposal.digest(chain: committee.chain)
        self.init(
            own: certificate,
            reference: CertificateReference(proposal: digest, certified: certified))
    }
}
