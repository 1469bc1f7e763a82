// Batches, checkpoints and the genesis as JSON.
import JSON
import Node
import Primitives
import Records

/// A batch with the height of its checkpoint, where it has one.
struct BatchLine: Sendable {
    var view: BatchView
    var checkpoint: UInt64?
    /// How it came through the committee; nil where that is not known here any more.
    var road: BatchRoad?
}

extension NodeDesk {
    func line(_ view: BatchView) throws(Problem) -> BatchLine {
        let height = try asking { () throws(NodeFailure) in
            try node.checkpoint(ofBatch: view.number)
        }
        return BatchLine(view: view, checkpoint: height, road: node.road(of: view.digest))
    }
}

extension JSONWriter {
    mutating func write(_ line: BatchLine) {
        let view = line.view
        object { object in
            object.member("number", quoted: view.number)
            object.member("digest", view.digest.hex)
            object.member("submitter", view.header.submitter.hex)
            object.member("sequence", quoted: view.header.sequence)
            object.member("count", view.header.count)
            object.member("root", view.header.root.hex)
            object.member("closed", quoted: view.header.closed.nanoseconds)
            object.member("bytes", quoted: view.bytes)
            let after = view.agentFinalAfter
            object.member("agentFinalAfter", quotedOrNull: after == 0 ? nil : after)
            object.member("checkpoint", quotedOrNull: line.checkpoint)
            object.key("road")
            if let road = line.road { object.write(road) } else { object.writeNull() }
        }
    }

    private mutating func write(_ road: BatchRoad) {
        object { object in
            object.member("received", quoted: road.received.nanoseconds)
            object.key("gateway")
            if let seat = road.gateway { object.write(seat) } else { object.writeNull() }
            object.member("certified", quotedOrNull: road.certified?.nanoseconds)
            object.key("votes")
            object.array { array in for seat in road.votes { array.write(seat) } }
            object.member("final", quotedOrNull: road.final?.nanoseconds)
            object.member("executed", quotedOrNull: road.executed?.nanoseconds)
            object.member("commit", quotedOrNull: road.commit)
            object.member("round", quotedOrNull: road.round)
        }
    }

    /// - Parameter withContents: whether the items are listed too.
    mutating func write(_ view: CheckpointView, withContents: Bool) {
        let header = view.checkpoint.header
        object { object in
            object.writeMembers(of: header)
            object.member("digest", header.digest.hex)
            object.member("certificate", view.checkpoint.certificate)
            guard withContents else { return }
            object.key("contents")
            object.array { array in
                for item in view.items { array.write(item) }
            }
        }
    }

    private mutating func write(_ item: ItemView) {
        object { object in
            switch item.item {
            case .batch(let digest):
                object.member("kind", "batch")
                if let number = item.batch { object.member("number", quoted: number) }
                object.member("digest", digest.hex)
            case .operation(let digest):
                object.member("kind", "operation")
                object.member("digest", digest.hex)
            case .refused(let digest):
                object.member("kind", "refused")
                object.member("digest", digest.hex)
            }
        }
    }

    mutating func write(_ genesis: Genesis) {
        object { object in
            object.member("chain", genesis.digest.hex)
            object.writeMembers(of: genesis)
        }
    }
}
