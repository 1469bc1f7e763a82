// Validators, commits and blocks of the graph as JSON.
import Cryptography
import JSON
import Node
import Primitives

extension JSONWriter {
    mutating func write(_ view: ValidatorView) {
        object { object in
            object.member("seat", view.seat)
            object.member("key", view.key.hex)
            object.member("did", DIDKey.encode(view.key))
            object.member("address", view.address)
            object.member("own", view.isOwn)
            object.member("connected", view.isConnected)
            object.member("roundTrip", quotedOrNull: view.roundTripNanoseconds)
            object.member("lastRound", quotedOrNull: view.lastRound)
            object.member("lagRounds", quoted: view.lagRounds)
            object.member("height", quotedOrNull: view.height)
            object.member("lagCheckpoints", quotedOrNull: view.lagCheckpoints)
            object.member("blocks", quoted: view.blocks)
            object.member("exposed", view.isExposed)
            object.key("fault")
            if let fault = view.fault { object.write("\(fault)") } else { object.writeNull() }
        }
    }

    /// - Parameter withContents: whether slots and blocks are written too.
    mutating func write(_ commit: GraphCommit, withContents: Bool) {
        object { object in
            object.member("index", quoted: commit.index)
            object.member("epoch", quoted: commit.epoch)
            object.member("round", quoted: commit.round)
            object.member("time", quoted: commit.time.nanoseconds)
            object.member("digest", commit.digest.hex)
            guard withContents else { return }
            object.key("verdicts")
            object.array { array in
                for verdict in commit.verdicts { array.write(verdict) }
            }
            object.key("blocks")
            object.array { array in
                for block in commit.blocks { array.write(block) }
            }
        }
    }

    mutating func write(_ tip: GraphTip) {
        object { object in
            object.key("slots")
            object.array { array in for slot in tip.slots { array.write(slot) } }
            object.key("blocks")
            object.array { array in for block in tip.blocks { array.write(block) } }
        }
    }

    private mutating func write(_ slot: GraphSlot) {
        object { object in
            object.member("round", quoted: slot.round)
            object.key("seat")
            if let seat = slot.seat { object.write(seat) } else { object.writeNull() }
            object.member("elected", slot.isElected)
        }
    }

    private mutating func write(_ verdict: GraphVerdict) {
        object { object in
            object.member("round", quoted: verdict.round)
            object.key("seat")
            if let seat = verdict.seat { object.write(seat) } else { object.writeNull() }
            object.member("elected", verdict.isElected)
            object.member("outcome", verdict.outcome.rawValue)
            object.key("block")
            if let block = verdict.block { object.write(block.hex) } else { object.writeNull() }
        }
    }

    private mutating func write(_ block: GraphBlock) {
        object { object in
            object.member("round", quoted: block.round)
            object.member("seat", block.seat)
            object.member("digest", block.digest.hex)
            object.member("time", quoted: block.time.nanoseconds)
            object.key("parents")
            object.array { array in
                for parent in block.parents { array.write(parent.hex) }
            }
            object.member("items", block.items)
            object.member("bytes", block.bytes)
        }
    }
}
