// What a journal must be told when it is opened.

/// The settings of one journal.
public struct JournalSettings: Hashable, Sendable {
    /// The store it belongs to: given to new segments, demanded of those found.
    public var storeID: StoreID
    public var purpose: JournalPurpose
    /// A segment that has reached this many bytes is sealed before the next commit; 8 KiB to 1 GiB.
    public var segmentBytes: UInt64

    public static let defaultSegmentBytes: UInt64 = 256 << 20
    public static let segmentBytesRange: ClosedRange<UInt64> = (8 << 10)...(1 << 30)

    /// `segmentBytes` outside its range is taken to the nearer end.
    public init(
        storeID: StoreID, purpose: JournalPurpose,
        segmentBytes: UInt64 = JournalSettings.defaultSegmentBytes
    ) {
        self.storeID = storeID
        self.purpose = purpose
        let range = Self.segmentBytesRange
        self.segmentBytes = min(max(segmentBytes, range.lowerBound), range.upperBound)
    }
}
