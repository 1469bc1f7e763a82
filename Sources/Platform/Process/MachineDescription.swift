// The machine a number was measured on.
import CSystem

/// For the head of every benchmark result.
public struct MachineDescription: Hashable, Sendable {
    /// E.g. "AMD EPYC 9B14".
    public var processor: String
    /// Processors online.
    public var cores: Int
    /// RAM in bytes.
    public var memoryBytes: UInt64
    /// E.g. "Linux 6.1.0".
    public var kernel: String

    /// The machine this process runs on; "unknown" and 0 where the kernel does not tell.
    public static var current: MachineDescription {
        let processors = SystemFile.read("/proc/cpuinfo") ?? ""
        let memory = SystemFile.read("/proc/meminfo") ?? ""
        return MachineDescription(
            processor: SystemFile.value("model name", in: processors) ?? "unknown",
            cores: max(0, csystem_cores()),
            memoryBytes: SystemFile.bytes("MemTotal", in: memory) ?? 0,
            kernel: kernelName)
    }

    private static var kernelName: String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { text in
            guard let base = text.baseAddress else { return "unknown" }
            csystem_kernel(base, text.count)
            return String(cString: base)
        }
    }
}
