// Which calls a program that is debugged is in: a stack of its own, beside that of the program.
import PVM

/// A call that has not returned.
struct CallFrame: Hashable {
    /// Where the call is.
    var site: UInt32
    /// Where the function begins.
    var entry: UInt32
    /// Where it returns to.
    var following: UInt32
}

/// Follows calls and returns instruction by instruction.
///
/// A call is a jump that leaves an address in a register; it returns where the instruction behind
/// it is reached again. Frames that were left by another way go with the one that returns.
struct CallStack {
    private(set) var frames: [CallFrame] = []
    /// The instruction that was seen last.
    private(set) var next: UInt32?
    /// The call that it is.
    private var call: (site: UInt32, following: UInt32)?

    /// Deeper calls are not noted.
    private static let most = 1_024

    /// - Parameters:
    ///   - pc: of the instruction that comes next.
    ///   - following: where a call at `pc` returns to; nil where there is none.
    mutating func see(_ pc: UInt32, following: UInt32?) {
        if let call {
            if frames.count < Self.most {
                frames.append(
                    CallFrame(site: call.site, entry: pc, following: call.following))
            }
        } else if let depth = frames.lastIndex(where: { $0.following == pc }) {
            frames.removeSubrange(depth...)
        }
        call = following.map { (pc, $0) }
        next = pc
    }
}

/// Where calls are, and where each returns to.
struct CallSites {
    private let following: [UInt32: UInt32]

    init(_ program: Program) {
        let instructions = program.instructions
        var following: [UInt32: UInt32] = [:]
        for (call, next) in zip(instructions, instructions.dropFirst())
        where call.specification.name.hasPrefix("load_imm_jump") {
            following[UInt32(call.pc)] = UInt32(next.pc)
        }
        self.following = following
    }

    subscript(pc: UInt32) -> UInt32? { following[pc] }
}
