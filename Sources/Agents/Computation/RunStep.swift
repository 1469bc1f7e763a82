// One step of a run for a task, shown with the touched part of the state alone.
import PVM
import Primitives

/// Why a step is not shown. The checks are made in this order.
public enum RunStepFailure: Error, Hashable, Sendable {
    /// A run that is over takes no step: nothing is to be shown.
    case superfluous
    /// Leaves out of order or beyond the tree, those of the registers not shown, not exactly the
    /// siblings that are needed, or no state that a run can be in.
    case malformedWitness
    /// The leaves are not those of the state before.
    case wrongRoot
    /// These are not the words of the task.
    case wrongInput
    /// The step needs a leaf that is not shown.
    case missingLeaf(Int)
    /// The step reads, and the words are not shown.
    case missingInput
    /// A leaf is shown that was not touched, or words that were not read.
    case superfluousWitness
}

/// A state, and what is needed to take the next step from it.
public struct RunStep: Hashable, Sendable {
    public var before: RunState
    /// The touched leaves; nil where the run is over.
    public var witness: Multiproof?
    /// All words of the task, where the step reads one.
    public var input: [UInt64]?

    public init(before: RunState, witness: Multiproof? = nil, input: [UInt64]? = nil) {
        (self.before, self.witness, self.input) = (before, witness, input)
    }

    /// The state after the step, which is the same where the run is over.
    ///
    /// Takes time in proportion to the image, whatever the program.
    ///
    /// - Parameters:
    ///   - input: digest of the words of the task.
    ///   - count: how many there are, at most `AgentLimits.wordsPerList`.
    public func after(
        of program: AgentProgram, input digest: Digest, count: UInt32
    ) throws(RunStepFailure) -> RunState {
        guard before.phase == .running else {
            guard witness == nil, input == nil else { throw .superfluous }
            return before
        }
        guard let witness else { throw .malformedWitness }
        let image = try image(witness, program)
        if let input, input.count != Int(count) || RunState.input(input) != digest {
            throw .wrongInput
        }
        let known = Set(witness.leaves.map { Int($0.index) })
        let machine = SteppedMachine(
            program, from: image, before, input: (input, count), known: known)
        guard var machine else { throw .malformedWitness }
        _ = machine.run(steps: 1)
        if let leaf = machine.missingLeaf { throw .missingLeaf(leaf) }
        guard !machine.needsInput else { throw .missingInput }
        guard machine.touchedLeaves == witness.leaves.map({ Int($0.index) }),
            (input != nil) == (machine.state.read > before.read)
        else { throw .superfluousWitness }
        return try state(of: machine, witness, program)
    }

    /// The state before as far as it is shown; zero elsewhere.
    private func image(
        _ witness: Multiproof, _ program: AgentProgram
    ) throws(RunStepFailure) -> Image {
        let size = Image.cellBytes + program.standard.windowBytes
        guard witness.leaves.prefix(2).map(\.index) == [0, 1],
            witness.leaves.allSatisfy({ Int($0.index) < size / ImageTree.leafBytes }),
            let found = witness.root(
                leafCount: program.leafCount, contents: witness.leaves.map { $0.bytes[...] })
        else { throw .malformedWitness }
        guard found == before.root else { throw .wrongRoot }
        var bytes = [UInt8](repeating: 0, count: size)
        for leaf in witness.leaves {
            let start = Int(leaf.index) * ImageTree.leafBytes
            bytes.replaceSubrange(start..<start + ImageTree.leafBytes, with: leaf.bytes)
        }
        return Image(bytes: bytes)
    }

    private func state(
        of machine: SteppedMachine, _ witness: Multiproof, _ program: AgentProgram
    ) throws(RunStepFailure) -> RunState {
        var state = machine.state
        let image = machine.image
        let contents = witness.leaves.map { image.leaf(Int($0.index)) }
        guard let root = witness.root(leafCount: program.leafCount, contents: contents) else {
            throw .malformedWitness
        }
        state.root = root
        return state
    }
}

extension RunStep {
    /// `state ‖ u8 0, or 1 ‖ multiproof ‖ u8 0, or 1 ‖ u16 n ‖ n × u64`.
    package func write(to writer: inout ByteWriter) {
        before.write(to: &writer)
        writer.write(UInt8(witness == nil ? 0 : 1))
        witness?.write(to: &writer)
        writer.write(UInt8(input == nil ? 0 : 1))
        if let input { writer.writeWords(input) }
    }

    package init(from reader: inout ByteReader) throws(DecodingFailure) {
        before = try RunState(from: &reader)
        witness = try reader.readPresence() ? try Multiproof(from: &reader) : nil
        input = try reader.readPresence()
            ? try reader.readWords(limit: AgentLimits.wordsPerList) : nil
    }
}

extension ByteReader {
    /// A byte that is 0 or 1.
    fileprivate mutating func readPresence() throws(DecodingFailure) -> Bool {
        let flag = try read(UInt8.self)
        guard flag <= 1 else { throw DecodingFailure(.notCanonical, at: offset - 1) }
        return flag == 1
    }
}
