// A standard program without an input section whose writable memory is kept from run to run.

extension StandardProgram {
    /// Bytes of the heap window and the stack window together: whole pages.
    public var windowBytes: Int { readWriteAddresses.count + stackAddresses.count }

    /// Bytes of the constants, whole pages; in the memory of `machine(windows:)` the windows
    /// follow.
    public var constantBytes: Int { readOnlyAddresses.count }

    /// The windows before the first step: initial data, then zeros.
    public var initialWindows: [UInt8] {
        parts.readWrite
            + [UInt8](repeating: 0, count: windowBytes - parts.readWrite.count)
    }

    /// A machine that goes on from kept windows. The heap cannot be extended.
    ///
    /// - Parameters:
    ///   - windows: exactly `windowBytes`: heap window, then stack window.
    ///   - registers: at most 13.
    /// - Throws: where there are too many pages.
    public func machine(
        windows: [UInt8], registers: [UInt64], pc: UInt32, gas: UInt64
    ) throws(Memory.Failure) -> Machine {
        precondition(windows.count == windowBytes, "the windows have the size of their pages")
        var memory = Memory()
        let (constants, data, stack) = (readOnlyAddresses, readWriteAddresses, stackAddresses)
        for (addresses, isWritable) in [(constants, false), (data, true), (stack, true)] {
            try memory.map(
                address: addresses.lowerBound, length: addresses.count, isWritable: isWritable)
        }
        var contents = parts.readOnly
        contents += [UInt8](repeating: 0, count: constants.count - contents.count)
        memory.contents = contents + windows
        return Machine(program, memory: memory, registers: registers, pc: pc, gas: gas)
    }

    /// The windows of a machine that `machine(windows:)` made.
    public func windows(of machine: Machine) -> ArraySlice<UInt8> {
        machine.memory.contents[constantBytes...]
    }
}
