// Registers of RISC-V and of the machine.
import Testing

@testable import Linker

@Suite struct RegisterTests {
    @Test func everyRegisterOfTheEmbeddedFileHasItsOwn() {
        let accepted: [UInt8] = [1, 2, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15]
        #expect(accepted.map(Words.register) == Array(0..<13))
    }
}
