// Obeys its input on the fixed collections, so that a test can compare them with its own.

/// 1 key value: set; 2 key: get; 3 key: remove; 4 value: append; 5: remove last; 6: both counts.
@main struct Collections {
    static func main() {
        var map = FixedMap<16, UInt64, UInt64>(emptyKey: 0, emptyValue: 0)
        var list = FixedList<5, UInt64>(empty: 0)
        while true {
            switch Host.read() {
            case 1: Host.write(map.set(Host.read(), Host.read()) ? 1 : 0)
            case 2:
                let found = map[Host.read()]
                Host.write(found == nil ? 0 : 1)
                Host.write(found ?? 0)
            case 3: Host.write(map.remove(Host.read()) ? 1 : 0)
            case 4: Host.write(list.append(Host.read()) ? 1 : 0)
            case 5:
                let last = list.removeLast()
                Host.write(last == nil ? 0 : 1)
                Host.write(last ?? 0)
            case 6:
                Host.write(UInt64(map.count))
                Host.write(UInt64(list.count))
            default: Host.exit(1)
            }
        }
    }
}
