// Registers and cells of a disclosure held against the roots of an agent's states.
import Agents
import PVM
import Primitives

/// Why what a proof touched is not what the roots stand for.
public enum StateFailure: Error, Hashable, Sendable {
    case wrongProgram
    /// Leaves out of order or beyond the tree, those of the registers not shown, a leaf that
    /// nothing touched, or not exactly the siblings that are needed.
    case malformedWitness
    /// The leaves are not those of the old state.
    case wrongOldRoot
    /// A register is not what the old state holds.
    case register(Int)
    /// The run does not begin where the old state says.
    case wrongEntry
    /// A cell outside of all sections, of the other kind of page, in no leaf that is shown, or not
    /// what the old state or the program's constants hold.
    case cell(address: UInt32)
    case wrongNewRoot
}

extension Claim {
    /// Throws unless what a run touched is what its statement's roots stand for
    /// (docs/spec/agents.md §1): the registers, the index of the next instruction, and each touched
    /// cell.
    ///
    /// After an `exit` or the end of the program that index is of the last instruction, else of the
    /// one behind it. Time O(cells + leaves × depth).
    /// - Parameters:
    ///   - number: of the run.
    ///   - witness: the leaves with registers and touched cells, as they were before.
    ///   - hasExited: whether the run ended the agent.
    public func check(
        run number: Int, _ witness: Multiproof, of program: AgentProgram, hasExited: Bool
    ) throws(StateFailure) {
        let (statement, touches) = (statements[number], disclosure.runs[number])
        guard statement.program == program.identity else { throw .wrongProgram }
        var leaves = try ImageLeaves(witness, of: program)
        guard leaves.root(of: witness) == statement.before else { throw .wrongOldRoot }
        for number in 0..<Machine.registerCount {
            let register = touches.registers[number]
            guard leaves.exchange(8 * number, register.old, register.new) else {
                throw .register(number)
            }
        }
        let next: UInt32 =
            switch statement.end {
            case .before(let pc): hasExited ? statement.last : pc
            case .halt: statement.last
            }
        guard leaves.exchange(ImageLeaves.nextPlace, UInt64(statement.entry), UInt64(next)) else {
            throw .wrongEntry
        }
        let places = CellPlaces(program.standard)
        for cell in touches.cells {
            let isFine: Bool =
                switch places.place(of: cell.address) {
                case .image(let place):
                    !cell.isReadOnly && leaves.exchange(place, cell.old, cell.new)
                case .constant(let value): cell.isReadOnly && cell.old == value
                case nil: false
                }
            guard isFine else { throw .cell(address: cell.address) }
        }
        guard leaves.areAllTouched else { throw .malformedWitness }
        guard leaves.root(of: witness) == statement.after else { throw .wrongNewRoot }
    }
}

extension Image {
    /// The state that a run leaves when it begins in this one, and the leaves
    /// it touched, in order, those of the registers always; nil where it touched a cell that no
    /// agent has.
    package func after(
        _ touches: RunTouches, next: UInt32, of program: AgentProgram
    ) -> (image: Image, touched: [Int])? {
        var image = self
        var touched: Set<Int> = [0, 1]
        for number in 0..<Machine.registerCount {
            image.set(8 * number, touches.registers[number].new)
        }
        image.set(ImageLeaves.nextPlace, UInt64(next))
        let places = CellPlaces(program.standard)
        for cell in touches.cells {
            switch places.place(of: cell.address) {
            case .image(let place):
                image.set(place, cell.new)
                touched.insert(place / ImageTree.leafBytes)
            case .constant: break
            case nil: return nil
            }
        }
        return (image, touched.sorted())
    }

    private mutating func set(_ place: Int, _ word: UInt64) {
        for byte in 0..<8 {
            bytes[place + byte] = UInt8(truncatingIfNeeded: word >> UInt64(8 * byte))
        }
    }
}

/// The leaves that are shown, while their words are exchanged for the new ones.
private struct ImageLeaves {
    /// The place of the index of the next instruction: cell 15.
    static let nextPlace = 120
    private static let leafBytes = 64

    private let indices: [UInt32]
    private let leafCount: Int
    private var bytes: [UInt8]
    private var isTouched: [Bool]

    init(_ witness: Multiproof, of program: AgentProgram) throws(StateFailure) {
        guard witness.leaves.prefix(2).map(\.index) == [0, 1],
            witness.leaves.allSatisfy({ $0.bytes.count == Self.leafBytes }),
            zip(witness.leaves, witness.leaves.dropFirst()).allSatisfy({ $0.index < $1.index })
        else { throw .malformedWitness }
        indices = witness.leaves.map(\.index)
        leafCount = program.leafCount
        bytes = witness.leaves.flatMap(\.bytes)
        isTouched = indices.map { $0 < 2 }
    }

    /// The root with the present words; nil where the witness does not lead to one.
    func root(of witness: Multiproof) -> Digest? {
        let contents = indices.indices.map {
            bytes[$0 * Self.leafBytes..<($0 + 1) * Self.leafBytes]
        }
        return witness.root(leafCount: leafCount, contents: contents)
    }

    var areAllTouched: Bool { !isTouched.contains(false) }

    /// Puts `new` in the place of `old`; false where the word is not shown or is another one.
    ///
    /// - Parameter place: bytes from the start of the image, a multiple of 8.
    mutating func exchange(_ place: Int, _ old: UInt64, _ new: UInt64) -> Bool {
        guard let leaf = leaf(place / Self.leafBytes) else { return false }
        let start = leaf * Self.leafBytes + place % Self.leafBytes
        let isSame = bytes.withUnsafeBytes {
            UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: start, as: UInt64.self)) == old
        }
        guard isSame else { return false }
        bytes.withUnsafeMutableBytes {
            $0.storeBytes(of: new.littleEndian, toByteOffset: start, as: UInt64.self)
        }
        isTouched[leaf] = true
        return true
    }

    /// Which of the shown leaves it is, by bisection.
    private func leaf(_ index: Int) -> Int? {
        var (low, high) = (0, indices.count)
        while low < high {
            let middle = (low + high) / 2
            if Int(indices[middle]) < index { low = middle + 1 } else { high = middle }
        }
        return low < indices.count && Int(indices[low]) == index ? low : nil
    }
}

/// Where cells of memory are kept.
private struct CellPlaces {
    enum Place {
        /// Bytes from the start of the image.
        case image(Int)
        case constant(UInt64)
    }

    /// Bytes of the cells before the windows.
    private static let windowStart = 128
    private let program: StandardProgram
    private let constants: Range<UInt32>
    private let heap: Range<UInt32>
    private let stack: Range<UInt32>

    init(_ program: StandardProgram) {
        self.program = program
        (constants, heap) = (program.readOnlyAddresses, program.readWriteAddresses)
        stack = program.stackAddresses
    }

    /// - Parameter cell: an address divided by eight, below 2^29. Sections are whole pages.
    func place(of cell: UInt32) -> Place? {
        let address = cell << 3
        if heap.contains(address) {
            return .image(Self.windowStart + Int(address - heap.lowerBound))
        }
        if stack.contains(address) {
            return .image(Self.windowStart + heap.count + Int(address - stack.lowerBound))
        }
        guard constants.contains(address) else { return nil }
        let start = Int(address - constants.lowerBound)
        let bytes = program.parts.readOnly
        return .constant(
            (0..<8).reversed().reduce(0) { value, offset in
                let index = start + offset
                return value << 8 | (index < bytes.count ? UInt64(bytes[index]) : 0)
            })
    }
}
