// The watch over the wall clock: which steps it tells.
import Primitives
import Testing

@testable import Node

@Suite struct ClockWatchTests {
    struct Look {
        /// Seconds by the wall clock, and by the monotonic one.
        var wall: UInt64
        var monotonic: UInt64
        var isSetBack: Bool
    }

    @Test func onlyStepsBackAreTold() {
        var watch = ClockWatch()
        let looks = [
            Look(wall: 5_000, monotonic: 10, isSetBack: false),
            Look(wall: 5_001, monotonic: 11, isSetBack: false),
            // An hour ahead, and back.
            Look(wall: 8_602, monotonic: 12, isSetBack: false),
            Look(wall: 5_003, monotonic: 13, isSetBack: true),
            Look(wall: 5_004, monotonic: 14, isSetBack: false),
            // A step back that a long pause hides from the wall clock alone.
            Look(wall: 5_010, monotonic: 614, isSetBack: true),
            // As much as the tolerance.
            Look(wall: 5_010, monotonic: 615, isSetBack: false),
            // A machine that slept: the monotonic clock stood still.
            Look(wall: 9_000, monotonic: 616, isSetBack: false),
        ]
        for look in looks {
            let isSetBack = watch.isSetBack(
                wall: Instant(nanoseconds: look.wall * Nanoseconds.perSecond),
                monotonic: look.monotonic * Nanoseconds.perSecond)
            #expect(isSetBack == look.isSetBack, "\(look)")
        }
    }
}
