// Runs over more cells than the recorder begins with room for.
import PVM
import Testing

@testable import ExecutionProof

@Suite struct ManyCellsTests {
    /// Up through two pages and down again: each cell is met twice.
    @Test func everyCellIsKeptOnce() throws {
        var memory = Memory()
        try memory.map(address: 0x20000, length: 8192, isWritable: true)
        let source = """
            up: store_ind_u64 r1, r1, 0
            add_imm_64 r1, r1, 8
            branch_lt_u_imm r1, 0x22000, up
            down: add_imm_64 r1, r1, -8
            load_ind_u64 r2, r1, 0
            branch_ne r1, r2, wrong
            branch_gt_u_imm r1, 0x20000, down
            wrong: trap
            """
        let run = try Run(source, [0, 0x20000], memory: memory, limit: 1 << 14)
        #expect(run.trace.stepCount == 1024 * 7)
        #expect(run.disclosure.cells.count == 1024)
        #expect(run.failure == nil)
    }
}
