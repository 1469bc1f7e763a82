// What programs of the graph alone say to each other, and its encoding.
import Consensus
import Primitives

enum GraphMessage {
    case block(Block)
    case wanted([BlockReference], above: Round)
    /// Asks for the newest block of the asking seat.
    case asking
    case answer(Block?)

    var encoded: [UInt8] {
        var writer = ByteWriter()
        switch self {
        case .block(let block):
            writer.write(UInt8(1))
            writer.append(block.encoded)
        case .wanted(let references, let above):
            writer.write(UInt8(2))
            writer.write(above.number)
            writer.write(UInt16(clamping: references.count))
            for reference in references.prefix(Int(UInt16.max)) {
                writer.write(reference.author.index)
                writer.write(reference.round.number)
                writer.write(reference.digest)
            }
        case .asking: writer.write(UInt8(3))
        case .answer(let block):
            writer.write(UInt8(4))
            writer.append(block?.encoded ?? [])
        }
        return writer.bytes
    }

    init(decoding bytes: [UInt8]) throws(DecodingFailure) {
        var reader = ByteReader(bytes)
        switch try reader.read(UInt8.self) {
        case 1: self = .block(try Block(decoding: Array(bytes.dropFirst())))
        case 2:
            let above = Round(try reader.read())
            var references: [BlockReference] = []
            for _ in 0..<(try reader.read(UInt16.self)) {
                let author = Seat(try reader.read())
                let round = Round(try reader.read())
                references.append(
                    BlockReference(round: round, author: author, digest: try reader.read()))
            }
            try reader.finish()
            guard above <= .last, references.allSatisfy({ $0.round <= .last }) else {
                throw DecodingFailure(.outOfRange, at: 1)
            }
            self = .wanted(references, above: above)
        case 3:
            try reader.finish()
            self = .asking
        case 4:
            let rest = Array(bytes.dropFirst())
            self = .answer(rest.isEmpty ? nil : try Block(decoding: rest))
        default: throw DecodingFailure(.outOfRange, at: 0)
        }
    }
}
