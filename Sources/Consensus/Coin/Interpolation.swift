// Shares as values of a polynomial: where each seat's share lies, and the way back to the value
// at 0.
import Cryptography

extension Seat {
    /// Where the polynomial is evaluated for this seat: index + 1, since the value at 0 is the
    /// secret.
    var coordinate: Scalar { Scalar(UInt64(index) + 1) }
}

enum Interpolation {
    /// The value at the seat's place of the polynomial with these coefficients, lowest first.
    static func value(of coefficients: [Scalar], at seat: Seat) -> Scalar {
        let place = seat.coordinate
        return coefficients.reversed().reduce(.zero) { $0 * place + $1 }
    }

    /// The same in the exponent: p(x)·G from a_k·G.
    static func value(of commitments: [Point], at seat: Seat) -> Point {
        guard let highest = commitments.last else { return .identity }
        let place = seat.coordinate
        return commitments.dropLast().reversed().reduce(highest) { place * $0 + $1 }
    }

    /// The weights w with p(0) = Σ w_i · p(x_i) for every polynomial p of degree below the number
    /// of seats (Lagrange).
    /// - Parameter seats: all different.
    static func weightsAtZero(_ seats: [Seat]) -> [Scalar] {
        seats.map { seat in
            var (above, below) = (Scalar.one, Scalar.one)
            for other in seats where other != seat {
                above = above * other.coordinate
                below = below * (other.coordinate - seat.coordinate)
            }
            guard let inverse = below.inverse else {
                preconditionFailure("different seats lie at different places")
            }
            return above * inverse
        }
    }
}
