// Uses more of the language: sorting, closures, an indirect enumeration, optionals, text.

struct Entry: Comparable {
    var key: Int
    var mark: UInt8

    static func < (one: Entry, other: Entry) -> Bool { one.key < other.key }
}

enum Tree {
    indirect case node(Tree, Int, Tree)
    case leaf

    func inserting(_ value: Int) -> Tree {
        switch self {
        case .leaf: .node(.leaf, value, .leaf)
        case .node(let left, let middle, let right):
            value < middle
                ? .node(left.inserting(value), middle, right)
                : .node(left, middle, right.inserting(value))
        }
    }

    func walk(_ visit: (Int) -> Void) {
        guard case .node(let left, let middle, let right) = self else { return }
        left.walk(visit)
        visit(middle)
        right.walk(visit)
    }
}

@main struct Language {
    static func main() {
        let count = Int(Host.read())
        var list = (0..<count).map { Entry(key: ($0 * 7_919) % 101, mark: UInt8($0)) }
        list.sort()
        for entry in list.prefix(3) { Host.write(UInt64(entry.key)) }
        var tree = Tree.leaf
        for entry in list.reversed() { tree = tree.inserting(entry.key ^ 5) }
        var sum = 0
        tree.walk { sum = sum &* 31 &+ $0 }
        Host.write(UInt64(bitPattern: Int64(sum)))
        let some: [Int]? = count > 3 ? [1, 2, 3] : nil
        Host.write(UInt64(some?.count ?? 0))
        for byte in "\(count) of \(sum == 0 ? 4 : 5)".utf8 { Host.write(UInt64(byte)) }
    }
}
