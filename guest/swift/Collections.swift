// Collections that never grow, so that an agent's memory is known from its source.

/// At most `capacity` elements in order.
struct FixedList<let capacity: Int, Element> {
    private var slots: InlineArray<capacity, Element>
    private(set) var count = 0

    /// - Parameter empty: what stands in the places that are not used.
    init(empty: Element) { slots = InlineArray(repeating: empty) }

    var isFull: Bool { count == capacity }

    subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count)
            return slots[index]
        }
        set {
            precondition(index >= 0 && index < count)
            slots[index] = newValue
        }
    }

    /// - Returns: whether there was room.
    mutating func append(_ element: Element) -> Bool {
        guard !isFull else { return false }
        slots[count] = element
        count += 1
        return true
    }

    /// Removes the last element, nil where there is none.
    mutating func removeLast() -> Element? {
        guard count > 0 else { return nil }
        count -= 1
        return slots[count]
    }

    mutating func removeAll() { count = 0 }
}

/// A key with a number that spreads well.
protocol FixedKey: Equatable {
    var spread: UInt64 { get }
}

extension UInt64: FixedKey {
    /// The golden ratio in 64 bits (Knuth, The Art of Computer Programming, 6.4).
    var spread: UInt64 { self &* 0x9E37_79B9_7F4A_7C15 }
}

extension Identifier: FixedKey {
    /// Identifiers are digests, spread already.
    var spread: UInt64 { a }
}

/// At most `capacity` values by key: open addressing, the next free place after the key's own.
struct FixedMap<let capacity: Int, Key: FixedKey, Value> {
    private struct Slot {
        var isUsed = false
        var key: Key
        var value: Value
    }

    private var slots: InlineArray<capacity, Slot>
    private(set) var count = 0

    /// - Parameters: what stands in the places that are not used.
    init(emptyKey: Key, emptyValue: Value) {
        slots = InlineArray(repeating: Slot(key: emptyKey, value: emptyValue))
    }

    subscript(key: Key) -> Value? {
        let place = place(of: key)
        return place >= 0 && slots[place].isUsed ? slots[place].value : nil
    }

    /// - Returns: whether there was room.
    mutating func set(_ key: Key, _ value: Value) -> Bool {
        let place = place(of: key)
        guard place >= 0 else { return false }
        if !slots[place].isUsed { count += 1 }
        slots[place] = Slot(isUsed: true, key: key, value: value)
        return true
    }

    /// Removes a key and moves up what stood behind it only for its sake.
    mutating func remove(_ key: Key) -> Bool {
        var hole = place(of: key)
        guard hole >= 0, slots[hole].isUsed else { return false }
        count -= 1
        slots[hole].isUsed = false
        var next = (hole + 1) % capacity
        while slots[next].isUsed {
            let home = home(of: slots[next].key)
            let isBetween = hole <= next ? hole < home && home <= next : hole < home || home <= next
            if !isBetween {
                slots[hole] = slots[next]
                slots[next].isUsed = false
                hole = next
            }
            next = (next + 1) % capacity
        }
        return true
    }

    private func home(of key: Key) -> Int { Int(key.spread % UInt64(capacity)) }

    /// The key's place, or the free one where it would stand; -1 where there is neither.
    private func place(of key: Key) -> Int {
        var place = home(of: key)
        for _ in 0..<capacity {
            if !slots[place].isUsed || slots[place].key == key { return place }
            place = (place + 1) % capacity
        }
        return -1
    }
}
