// A share and an opened coin with each field spoiled alone.
import Cryptography
import Primitives
import TestSupport
import Testing

@testable import Consensus

@Suite struct CoinRejectionTests {
    /// Where the fields of an encoded share lie.
    static let fields: [(name: String, range: Range<Int>)] = [
        ("seat", 0..<1), ("round", 1..<9), ("value", 9..<41), ("challenge", 41..<73),
        ("response", 73..<105),
    ]

    /// A changed field is nobody's word; changed and signed again it convicts the seat.
    @Test(arguments: fields, [UInt64(1), 2, 3, 4])
    func aSpoiledFieldIsRefused(field: (name: String, range: Range<Int>), seed: UInt64) throws {
        let seats = try CoinCommittee(4, seed: seed)
        let share = seats.share(0, 77)
        let view = seats.committee.view
        var outcomes = 0
        for bit in field.range.lowerBound * 8..<field.range.upperBound * 8 {
            let bytes = share.encoded.flipping(bit: bit)
            guard let bad = try? CoinShare(decoding: bytes) else { continue }
            #expect(throws: (view.contains(bad.seat) ? CoinFault.invalidSignature : .unknownSeat)) {
                try seats.coin.check(bad)
            }
            guard view.contains(bad.seat) else { continue }
            let signed = bad.signed(with: seats.committee.keys[Int(bad.seat.index)], in: view)
            #expect(throws: CoinFault.invalidProof, "bit \(bit)") { try seats.coin.check(signed) }
            #expect(CoinEvidence(share: signed).isValid(in: seats.coin), "bit \(bit)")
            #expect(!CoinEvidence(share: bad).isValid(in: seats.coin), "bit \(bit)")
            outcomes += 1
            if outcomes == 24 { break }
        }
        #expect(outcomes > 0)
    }

    /// The proof alone speaks for the share: a bad signature on a good share changes nothing.
    @Test func aGoodProofNeedsNoSignature() throws {
        let seats = try CoinCommittee(4, seed: 1)
        let bytes = seats.share(0, 77).encoded.flipping(bit: 8 * 110)
        let share = try CoinShare(decoding: bytes)
        try seats.coin.check(share)
        #expect(!CoinEvidence(share: share).isValid(in: seats.coin))
        #expect(!CoinEvidence(share: seats.share(0, 77)).isValid(in: seats.coin))
    }

    @Test func aShareOfAnotherSecretConvicts() throws {
        let seats = try CoinCommittee(4, seed: 1)
        let wrong = seats.wrongShare(2, 5)
        #expect(throws: CoinFault.invalidProof) { try seats.coin.check(wrong) }
        let evidence = CoinEvidence(share: wrong)
        #expect(evidence.isValid(in: seats.coin) && evidence.seat == Seat(2))
    }

    @Test func encodingsAreStrict() throws {
        let seats = try CoinCommittee(4, seed: 1)
        let bytes = seats.share(3, 5).encoded
        #expect(bytes.count == CoinShare.width)
        #expect(try CoinShare(decoding: bytes) == seats.share(3, 5))
        for count in 0..<bytes.count {
            #expect(throws: DecodingFailure.self) {
                try CoinShare(decoding: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: DecodingFailure(.trailingBytes, at: CoinShare.width)) {
            try CoinShare(decoding: bytes + [0])
        }
        for round in [UInt64(0), 1 << 48 + 1, .max] {
            var writer = ByteWriter()
            writer.write(round)
            var copy = bytes
            copy.replaceSubrange(1..<9, with: writer.bytes)
            #expect(throws: DecodingFailure(.outOfRange, at: 1)) { try CoinShare(decoding: copy) }
        }
        for start in [9, 41, 73] {
            var copy = bytes
            copy.replaceSubrange(start..<start + 32, with: [UInt8](repeating: 0xFF, count: 32))
            #expect(throws: DecodingFailure(.outOfRange, at: start)) {
                try CoinShare(decoding: copy)
            }
        }
        var neutral = bytes
        neutral.replaceSubrange(9..<41, with: Point.identity.bytes)
        #expect(throws: DecodingFailure(.outOfRange, at: 9)) { try CoinShare(decoding: neutral) }
    }

    @Test func anOpenedCoinIsHeldToItsRules() throws {
        let seats = try CoinCommittee(7, seed: 1)
        func whole(_ shares: [CoinShare]) throws -> OpenedCoin {
            try #require(OpenedCoin(shares: shares))
        }
        let good = try whole([seats.share(4, 9), seats.share(1, 9), seats.share(6, 9)])
        #expect(try good.value(in: seats.coin) == seats.value([0, 2, 3], 9))
        #expect(try OpenedCoin(decoding: good.encoded) == good)
        let rows: [(CoinFault, OpenedCoin)] = try [
            (.wrongCount, whole([seats.share(0, 9), seats.share(1, 9)])),
            (.wrongCount, whole((0..<4).map { seats.share($0, 9) })),
            (.sharesOutOfOrder, whole([seats.share(0, 9), seats.share(1, 9), seats.share(1, 9)])),
            (.sharesOutOfOrder, whole([seats.share(0, 9), seats.share(1, 8), seats.share(2, 9)])),
            (.invalidProof, whole([seats.share(0, 9), seats.wrongShare(1, 9), seats.share(2, 9)])),
        ]
        for (fault, coin) in rows {
            #expect(throws: fault) { try coin.value(in: seats.coin) }
        }
    }

    @Test func anOpenedCoinDecodesStrictly() throws {
        let seats = try CoinCommittee(4, seed: 1)
        let (low, high) = (seats.share(0, 9).encoded, seats.share(1, 9).encoded)
        #expect(throws: DecodingFailure(.overLimit, at: 0)) { try OpenedCoin(decoding: [0]) }
        #expect(throws: DecodingFailure(.overLimit, at: 0)) { try OpenedCoin(decoding: [129]) }
        #expect(throws: DecodingFailure(.notCanonical, at: 1)) {
            try OpenedCoin(decoding: [2] + high + low)
        }
        #expect(throws: DecodingFailure.self) { try OpenedCoin(decoding: [2] + low) }
        #expect(throws: DecodingFailure.self) { try OpenedCoin(decoding: [1] + low + high) }
    }

    @Test func keysDecodeStrictly() throws {
        let keys = try CoinCommittee(4, seed: 1).coin.keys
        let bytes = keys.encoded
        #expect(try CoinKeys(decoding: bytes) == keys)
        #expect(throws: DecodingFailure(.trailingBytes, at: 161)) {
            try CoinKeys(decoding: bytes + [0])
        }
        for count in 0..<bytes.count {
            #expect(throws: DecodingFailure.self) {
                try CoinKeys(decoding: Array(bytes.prefix(count)))
            }
        }
        for count in [UInt8(0), 129, 255] {
            #expect(throws: DecodingFailure(.overLimit, at: 0)) {
                try CoinKeys(decoding: [count] + bytes.dropFirst())
            }
        }
        let view = TestCommittee(5).view
        #expect(Coin(committee: view, keys: keys) == nil)
        var other = bytes
        other.swapAt(1, 33)
        #expect((try? CoinKeys(decoding: other))?.digest != keys.digest)
    }
}
