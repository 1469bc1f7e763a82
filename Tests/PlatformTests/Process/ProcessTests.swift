// The process and the machine: what the kernel tells, and the way out.
import Glibc
import Testing

@testable import Platform

@Suite struct ProcessTests {
    @Test func readsTheKernelsTables() {
        let text = "model name\t: Some CPU  \nVmRSS:\t   12 kB\nVmRSSx: 13 kB\n"
        #expect(SystemFile.value("model name", in: text) == "Some CPU")
        #expect(SystemFile.bytes("VmRSS", in: text) == 12_288)
        #expect(SystemFile.bytes("absent", in: text) == nil)
    }

    @Test func knowsThisProcessAndMachine() {
        let memory = Processes.memory
        #expect(memory.residentBytes > 1 << 20)
        #expect(memory.peakBytes >= memory.residentBytes / 2)
        let machine = MachineDescription.current
        #expect(machine.cores >= 1)
        #expect(machine.memoryBytes > 1 << 26)
        #expect(machine.kernel.hasPrefix("Linux "))
    }

    @Test func terminationIsHeard() async {
        await #expect(processExitsWith: .exitCode(15)) {
            try Signals.onTermination { Signals.exitNow($0) }
            kill(getpid(), SIGTERM)
            Gate().wait()
        }
    }
}
