// The beginning of a link: both sides prove who they are.
import Cryptography
import Primitives

extension Link {
    /// Bytes of the peer's next message. All are known: nobody sends more before it is known.
    var handshakeBytes: Int {
        switch side.role {
        case .initiator: NoiseHandshake.overhead(ofMessage: 1) + LinkProof.bytes
        case .responder where sentSecond:
            NoiseHandshake.overhead(ofMessage: 2) + LinkProof.bytes
        case .responder: NoiseHandshake.overhead(ofMessage: 0)
        }
    }

    /// A responder's turn comes after the first message alone.
    private var sentSecond: Bool { handshake.messageNumber == 2 }

    mutating func takeHandshake(
        _ message: [UInt8], at now: UInt64, _ events: inout [LinkEvent]
    ) throws(LinkFault) {
        let answer: (payload: [UInt8], binding: [UInt8])
        do throws(NoiseFailure) {
            answer = try handshake.read(message)
        } catch {
            throw .handshake(error)
        }
        if !answer.payload.isEmpty { try takeProof(answer.payload, answer.binding) }
        if handshake.isWriting { try continueHandshake() }
        takenAt = now
        if handshake.isComplete { establish(at: now, &events) }
    }

    private mutating func takeProof(
        _ payload: [UInt8], _ binding: [UInt8]
    ) throws(LinkFault) {
        let theirs: NoiseHandshake.Role = side.role == .initiator ? .responder : .initiator
        let key = try LinkProof.check(
            payload, chain: identity.chain, role: theirs, binding: binding)
        if case .dialer(let expected?) = side, expected != key { throw .unexpectedPeer(key) }
        peer = key
    }

    /// Writes our next message: the first one empty, the others with our proof.
    mutating func continueHandshake() throws(LinkFault) {
        let (identity, role) = (identity, side.role)
        let isFirst = handshake.messageNumber == 0
        do throws(NoiseFailure) {
            opening += try handshake.write { binding in
                isFirst ? [] : LinkProof(identity, role: role, binding: binding).encoded
            }
        } catch {
            throw .handshake(error)
        }
    }

    private mutating func establish(at now: UInt64, _ events: inout [LinkEvent]) {
        guard let peer else { return }
        let ciphers = handshake.split()
        sending = ciphers.sending
        receiving = ciphers.receiving
        heartbeat = Heartbeat(limits, at: now)
        phase = .established
        events.append(.established(peer))
    }
}
