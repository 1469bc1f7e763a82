// What a transition costs its agent (source 001: base, per step, per KiB).
import Agents

/// In micro-credits.
public enum TransitionFee {
    /// 0.01 credit for each transition.
    public static let base: UInt64 = 10_000
    /// 0.0001 credit for each step.
    public static let perStep: UInt64 = 100
    /// 0.001 credit for each KiB, begun ones counted whole.
    public static let perKibibyte: UInt64 = 1_000

    /// The fee of a transition of `bytes` encoded bytes; nil where it passes 2^64 - 1.
    public static func of(steps: UInt64, bytes: Int) -> UInt64? {
        let (run, overflow) = steps.multipliedReportingOverflow(by: perStep)
        let kept = (UInt64(bytes) + 1023) / 1024 * perKibibyte
        let (sum, passes) = run.addingReportingOverflow(base + kept)
        return overflow || passes ? nil : sum
    }
}
