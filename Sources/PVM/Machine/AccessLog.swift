// Which parts of a memory a program touched, and which of them are known: for whoever replays a run
// on the touched parts alone.

/// One bit for each piece of 64 bytes, in the order in which the pages were mapped.
///
/// While a memory has one, each access takes the slow way: some tens of nanoseconds.
public struct AccessLog: Hashable, Sendable {
    public static let pieceBytes = 64

    private var touched: [UInt64]
    private var known: [UInt64]
    /// A piece that was needed and is not known.
    public private(set) var missing: Int?

    /// Where a cache notes; valid while `withPointers` runs.
    struct Pointers {
        let touched: UnsafeMutableBufferPointer<UInt64>
        let known: UnsafeBufferPointer<UInt64>
        let missing: UnsafeMutablePointer<Int>

        func note(piece: Int) -> Bool {
            let bit = UInt64(1) << UInt64(piece & 63)
            guard known[piece >> 6] & bit != 0 else {
                missing.pointee = piece
                return false
            }
            touched[piece >> 6] |= bit
            return true
        }
    }

    /// - Parameters:
    ///   - pieceCount: pieces of the memory.
    ///   - known: for each piece whether it may be accessed; nil where all may.
    init(pieceCount: Int, known: ((Int) -> Bool)?) {
        let words = (pieceCount + 63) / 64
        touched = [UInt64](repeating: 0, count: words)
        guard let known else {
            self.known = [UInt64](repeating: .max, count: words)
            return
        }
        self.known = touched
        for piece in 0..<pieceCount where known(piece) {
            self.known[piece >> 6] |= 1 << UInt64(piece & 63)
        }
    }

    /// The pieces that were read or written, in order.
    public var pieces: [Int] {
        touched.indices.flatMap { word in
            (touched[word] == 0 ? 0..<0 : 0..<64).filter { bit in
                touched[word] >> UInt64(bit) & 1 == 1
            }.map { word * 64 + $0 }
        }
    }

    mutating func withPointers<Result>(_ body: (Pointers) -> Result) -> Result {
        var lost = missing ?? -1
        defer { missing = lost < 0 ? nil : lost }
        return touched.withUnsafeMutableBufferPointer { touched in
            known.withUnsafeBufferPointer { known in
                withUnsafeMutablePointer(to: &lost) { lost in
                    body(Pointers(touched: touched, known: known, missing: lost))
                }
            }
        }
    }
}

extension Memory {
    /// Notes accesses from now on.
    ///
    /// - Parameter known: whether a piece may be accessed; an access to another one is a page
    ///   fault, and `accessLog.missing` is the piece. Nil where all may.
    public mutating func startLog(known: ((Int) -> Bool)? = nil) {
        accessLog = AccessLog(
            pieceCount: byteCount / AccessLog.pieceBytes, known: known)
    }
}
