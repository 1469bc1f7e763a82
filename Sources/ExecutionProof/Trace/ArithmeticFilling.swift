// Rows of the tables of shifts, products, divisions and counts.

enum ShiftFilling {
    static func witness(_ requests: [Requests.Binary]) -> Witness {
        var witness = Witness(active: requests.count, columnCount: ShiftColumn.allCases.count)
        witness.fill { writer in
            for row in requests.indices { write(requests[row], writer, row) }
        }
        return witness
    }

    private static func write(_ request: Requests.Binary, _ writer: RowWriter, _ row: Int) {
        func set(_ column: ShiftColumn, _ word: UInt64) { writer.set(column.rawValue, row, word) }
        func has(_ code: ShiftCode) -> Bool { request.code & code.mask != 0 }
        let low = request.left & 0xFFFF_FFFF
        let distance = request.right & 63
        let turns = has(.is64) ? distance : distance & 31
        var half: UInt64 = 0
        if has(.is64) { half = request.left >> 32 }
        if has(.sign32), low >> 31 == 1 { half = 0xFFFF_FFFF }
        if has(.twice32) { half = low }
        var word = low | half << 32
        if has(.reverses) { word = WordMap.reverse(word) }
        let fill = has(.fillsSign) ? word >> 63 : 0
        set(.turned0, word)
        let stages: [ShiftColumn] = [
            .turned32, .turned16, .turned8, .turned4, .turned2, .turned1,
        ]
        for (index, stage) in stages.enumerated() {
            let count = UInt64(32 >> index)
            if turns & count != 0 { word = word >> count | word << (64 - count) }
            set(stage, word)
        }
        let around = has(.shifts) && turns > 0 ? UInt64.max << (64 - turns) : 0
        set(.around, around)
        let filled = word & ~around | (0 &- fill) & around
        set(.filled, filled)
        let output = has(.reverses) ? WordMap.reverse(filled) : filled
        set(.halves, half | output & ~0xFFFF_FFFF)
        set(.operand, request.left)
        set(.result, request.result)
        let fifth = has(.is64) ? distance >> 5 : 0
        set(
            .control,
            request.code | distance << UInt64(ShiftTable.distancePlace)
                | fill << UInt64(ShiftTable.fillBit) | fifth << UInt64(ShiftTable.distance5Bit))
    }
}

enum ProductFilling {
    static func product(_ requests: [Requests.Binary]) -> Witness {
        var witness = Witness(active: requests.count, columnCount: ProductColumn.allCases.count)
        witness.fill { writer in
            for row in requests.indices { write(requests[row], writer, row) }
        }
        return witness
    }

    static func partial(_ requests: [Requests.Binary]) -> Witness {
        let rows = ProductTables.rowsOfProduct
        var witness = Witness(active: requests.count * rows, columnCount: PartialColumn.count)
        witness.fill { writer in
            for index in requests.indices {
                _ = multiply(requests[index]) { state, row in
                    state.write(writer, index * rows + row)
                }
            }
        }
        return witness
    }

    /// The factors and sums at one row.
    struct State {
        var left: UInt64
        var right: UInt64
        var low: UInt64 = 0
        var sum: UInt64 = 0
        var carry: UInt64 = 0

        /// Multiplies by bit `bit` of the right factor; gives the multiple.
        @inline(__always)
        mutating func step(_ bit: Int) -> UInt64 {
            let multiple = left & (0 &- (right >> UInt64(bit) & 1))
            let added = sum ^ carry ^ multiple
            carry = sum & carry | (sum | carry) & multiple
            low = low >> 1 | added << 63
            sum = added >> 1
            return multiple
        }

        @inline(__always)
        func write(_ writer: RowWriter, _ row: Int) {
            writer.set(PartialColumn.left, row, left)
            writer.set(PartialColumn.right, row, right)
            writer.set(PartialColumn.low, row, low)
            writer.set(PartialColumn.sum, row, sum)
            writer.set(PartialColumn.carry, row, carry)
            var state = self
            for bit in 0..<ProductTables.bitsOfRow {
                writer.set(PartialColumn.multiple + bit, row, state.step(bit))
                writer.set(PartialColumn.carries + bit, row, state.carry)
            }
        }
    }

    /// - Parameter show: gets the state at the beginning of each row.
    /// - Returns: the state after all.
    @inline(__always)
    static func multiply(_ request: Requests.Binary, _ show: (State, Int) -> Void) -> State {
        var state = State(left: request.left, right: request.right)
        for row in 0..<ProductTables.rowsOfProduct {
            show(state, row)
            for bit in 0..<ProductTables.bitsOfRow { _ = state.step(bit) }
            let turns = UInt64(ProductTables.bitsOfRow)
            state.right = state.right >> turns | state.right << (64 - turns)
        }
        return state
    }

    private static func write(_ request: Requests.Binary, _ writer: RowWriter, _ row: Int) {
        func set(_ column: ProductColumn, _ word: UInt64) { writer.set(column.rawValue, row, word) }
        func sign(_ code: ProductCode, _ factor: UInt64) -> UInt64 {
            request.code & code.mask != 0 ? factor >> 63 : 0
        }
        let state = multiply(request) { _, _ in }
        let (first, second) = (
            sign(.leftSigned, request.left), sign(.rightSigned, request.right)
        )
        set(
            .control,
            request.code | first << UInt64(ProductTables.leftSignBit)
                | second << UInt64(ProductTables.rightSignBit))
        set(.left, request.left)
        set(.right, request.right)
        set(.result, request.result)
        set(.low, state.low)
        set(.sum, state.sum)
        set(.carry, state.carry)
        let high = state.sum &+ state.carry
        let (offRight, offLeft) = (request.right & (0 &- first), request.left & (0 &- second))
        set(.highCarries, Carries.of(state.sum, state.carry))
        set(.rightIfNegative, offRight)
        set(.leftIfNegative, offLeft)
        set(.firstCarries, Carries.of(high, ~offRight, 1))
        set(.secondCarries, Carries.of(high &- offRight, ~offLeft, 1))
    }
}

enum QuotientFilling {
    /// - Parameter products: gets the product that each division needs.
    static func witness(
        _ requests: [Requests.Binary], products: inout [Requests.Binary]
    ) -> Witness {
        var witness = Witness(active: requests.count, columnCount: QuotientColumn.allCases.count)
        witness.fill { writer in
            for row in requests.indices { products.append(write(requests[row], writer, row)) }
        }
        return witness
    }

    /// Fills a row; gives the product it needs.
    private static func write(
        _ request: Requests.Binary, _ writer: RowWriter, _ row: Int
    ) -> Requests.Binary {
        func set(_ column: QuotientColumn, _ word: UInt64) {
            writer.set(column.rawValue, row, word)
        }
        func has(_ code: QuotientCode) -> Bool { request.code & code.mask != 0 }
        func extended(_ word: UInt64) -> UInt64 {
            has(.is64) ? word : has(.signed32) ? StepPlan.extended(word) : word & 0xFFFF_FFFF
        }
        let (dividend, divisor) = (extended(request.left), extended(request.right))
        let first = has(.signed) ? dividend >> 63 : 0
        let second = has(.signed) ? divisor >> 63 : 0
        let (above, below) = (
            (dividend ^ (0 &- first)) &+ first, (divisor ^ (0 &- second)) &+ second
        )
        let quotient = below == 0 ? UInt64.max : above / below
        let multiple = quotient &* below
        let remainder = above &- multiple
        let sign = below == 0 ? 0 : first ^ second
        let chosen = has(.remainder) ? remainder : quotient
        let chosenSign = has(.remainder) ? first : sign
        set(
            .control,
            request.code | first << UInt64(QuotientTable.dividendSignBit)
                | second << UInt64(QuotientTable.divisorSignBit)
                | sign << UInt64(QuotientTable.quotientSignBit)
                | chosenSign << UInt64(QuotientTable.chosenSignBit))
        set(.dividend, request.left)
        set(.divisor, request.right)
        set(.result, request.result)
        set(.halves, dividend >> 32 | divisor & ~0xFFFF_FFFF)
        set(.dividendCarries, Carries.ofNegation(dividend, sign: first))
        set(.divisorCarries, Carries.ofNegation(divisor, sign: second))
        set(.quotient, quotient)
        set(.multiple, multiple)
        set(.remainderCarries, Carries.of(above, ~multiple, 1) & (.max >> 1))
        set(.comparison, Carries.of(below, ~remainder))
        set(.chosen, chosen)
        set(.chosenCarries, Carries.ofNegation(chosen, sign: chosenSign))
        return Requests.Binary(
            code: ProductCode.low64.mask | ProductCode.exact.mask, left: quotient, right: below,
            result: multiple)
    }
}

enum BitsFilling {
    static func witness(_ requests: [Requests.Binary]) -> Witness {
        var witness = Witness(active: requests.count, columnCount: BitsColumn.allCases.count)
        witness.fill { writer in
            for row in requests.indices { write(requests[row], writer, row) }
        }
        return witness
    }

    private static func write(_ request: Requests.Binary, _ writer: RowWriter, _ row: Int) {
        func set(_ column: BitsColumn, _ word: UInt64) { writer.set(column.rawValue, row, word) }
        func has(_ code: BitsCode) -> Bool { request.code & code.mask != 0 }
        let (operand, reversed) = (request.left, WordMap.reverse(request.left))
        let (low, marker): (UInt64, UInt64) = (0xFFFF_FFFF, 1 << 31)
        var word = operand
        if has(.low32) { word = operand & low }
        if has(.leading32) { word = operand << 32 | marker }
        if has(.trailing64) { word = reversed }
        if has(.trailing32) { word = reversed & ~low | marker }
        let count = UInt64(word.leadingZeroBitCount)
        let zeros = count == 0 ? 0 : UInt64.max << (64 - count)
        set(.control, request.code)
        set(.operand, operand)
        set(.word, word)
        set(.zeros, zeros)
        var sum = has(.set) ? word : zeros
        set(.counted, sum)
        let stages: [BitsColumn] = [.sum2, .sum4, .sum8, .sum16, .sum32]
        let masks: [UInt64] = [
            0x5555_5555_5555_5555, 0x3333_3333_3333_3333, 0x0F0F_0F0F_0F0F_0F0F,
            0x00FF_00FF_00FF_00FF, 0x0000_FFFF_0000_FFFF,
        ]
        for (index, stage) in stages.enumerated() {
            sum = (sum & masks[index]) &+ (sum >> UInt64(1 << index) & masks[index])
            set(stage, sum)
        }
        set(.result, request.result)
    }
}
