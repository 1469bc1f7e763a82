// Bytes on their way to several machines, decoded once for all of them.

/// The same bytes decode to the same message: the first machine that opens a parcel leaves what was
/// in it for the others, which saves much of the time of a run. What a saboteur changed is another
/// parcel.
final class Parcel {
    let bytes: [UInt8]
    private var isOpen = false
    private var message: Any?

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The message in it; nil where the bytes are none.
    func open<Message>(_ decode: ([UInt8]) -> Message?) -> Message? {
        if !isOpen {
            message = decode(bytes)
            isOpen = true
        }
        return message as? Message
    }
}
