// Where a tile or a bundle of entries is served: the paths of C2SP tlog-tiles, read strictly.

/// The address of one tile of the log or one bundle of its entries.
///
/// `/tile/<L>/<N>` and `/tile/entries/<N>`, followed by `.p/<W>` where it is partial; the index in
/// groups of three digits, all but the last with an `x` before them: 1234067 is `x001/x234/067`.
public struct TilePath: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// Hashes of the subtrees of `256^level` entries; 0...63.
        case hashes(level: Int)
        /// The entries below the tile of level 0 with the same index.
        case entries
    }

    /// Levels of the binary tree that one tile spans.
    public static let height = 8
    /// Hashes in a full tile.
    public static let fullWidth = 256
    /// Bytes of the longest path there is; a longer one is refused unread.
    static let longestPath = 64

    public let kind: Kind
    public let index: UInt64
    /// Hashes or entries in it: 1...256, and 256 is a full one.
    public let width: Int

    /// Nil where the level is not in 0...63 or the width not in 1...256.
    public init?(_ kind: Kind, index: UInt64, width: Int = TilePath.fullWidth) {
        if case .hashes(let level) = kind, !(0...63).contains(level) { return nil }
        guard (1...Self.fullWidth).contains(width) else { return nil }
        self.kind = kind
        self.index = index
        self.width = width
    }

    /// Nil unless `path` is exactly what `path` of some tile would be.
    public init?(path: String) {
        guard path.utf8.count <= Self.longestPath else { return nil }
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].isEmpty, parts[1] == "tile" else { return nil }
        let kind = parts[2] == "entries" ? Kind.entries : Int(parts[2]).map { .hashes(level: $0) }
        var width = Self.fullWidth
        if parts[parts.count - 2].hasSuffix(".p") {
            guard let partial = Int(parts.removeLast()), partial < Self.fullWidth else {
                return nil
            }
            width = partial
            parts.append(parts.removeLast().dropLast(2))
        }
        guard let kind, let index = Self.index(parts.dropFirst(3)) else { return nil }
        self.init(kind, index: index, width: width)
        // Signs, missing digits and needless groups all end here: one tile has one path.
        guard Array(self.path.utf8) == Array(path.utf8) else { return nil }
    }

    /// The path below the log's prefix, with the slash it begins with.
    public var path: String {
        let suffix = width < Self.fullWidth ? ".p/\(width)" : ""
        return switch kind {
        case .hashes(let level): "/tile/\(level)/\(groups)\(suffix)"
        case .entries: "/tile/entries/\(groups)\(suffix)"
        }
    }

    private var groups: String {
        var rest = index
        var text = Self.threeDigits(rest % 1000)
        while rest >= 1000 {
            rest /= 1000
            text = "x\(Self.threeDigits(rest % 1000))/\(text)"
        }
        return text
    }

    private static func threeDigits(_ number: UInt64) -> String {
        let digits = String(number)
        return String(repeating: "0", count: 3 - digits.count) + digits
    }

    private static func index(_ groups: ArraySlice<Substring>) -> UInt64? {
        guard !groups.isEmpty else { return nil }
        var index: UInt64 = 0
        for group in groups {
            guard let value = UInt64(group.hasPrefix("x") ? group.dropFirst() : group) else {
                return nil
            }
            let (shifted, tooLong) = index.multipliedReportingOverflow(by: 1000)
            let (sum, tooLarge) = shifted.addingReportingOverflow(value)
            guard !tooLong, !tooLarge else { return nil }
            index = sum
        }
        return index
    }
}

extension TilePath {
    /// The tiles that the tree of `size` entries has at `level`: full ones, then the width of the
    /// partial one, 0 where there is none.
    public static func tiles(size: UInt64, level: Int) -> (full: UInt64, partialWidth: Int) {
        guard (0..<8).contains(level) else { return (0, 0) }
        let hashes = size >> UInt64(level * height)
        return (hashes >> UInt64(height), Int(hashes & UInt64(fullWidth - 1)))
    }
}
