// Uses the allocator: classes, arrays that grow, closures; writes what it has computed.

final class Node {
    let value: UInt64
    let next: Node?

    init(_ value: UInt64, _ next: Node?) { (self.value, self.next) = (value, next) }
}

protocol Shape { func area() -> UInt64 }
final class Square: Shape {
    let side: UInt64
    init(_ side: UInt64) { self.side = side }
    func area() -> UInt64 { side * side }
}

@main struct Heap {
    static func main() {
        // Far more is allocated in all than there is, so that blocks must be used again.
        var total: UInt64 = 0
        for round in 0..<200 as Range<UInt64> {
            var list: [UInt64] = []
            for value in 0..<100 as Range<UInt64> { list.append(value ^ round) }
            var head: Node?
            for value in list { head = Node(value, head) }
            while let node = head {
                total &+= node.value
                head = node.next
            }
        }
        Host.write(total)
        let factor = Host.read()
        let scaled = [1, 2, 3].map { $0 &* factor }
        Host.write(scaled.reduce(0, &+))
        Host.write(Square(factor).area())
        Host.exit()
    }
}
