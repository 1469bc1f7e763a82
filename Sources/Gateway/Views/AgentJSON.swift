// Agents, owners and proofs of state as JSON.
import Cryptography
import JSON
import Ledger
import Merkle
import Node
import Primitives
import Records

/// An agent with the name of its owner.
struct AgentLine: Sendable {
    var view: AgentView
    var ownerName: String
}

extension NodeDesk {
    func line(_ view: AgentView) throws(Problem) -> AgentLine {
        let owner = try asking { () throws(NodeFailure) in try node.owner(view.agent.owner) }
        return AgentLine(view: view, ownerName: owner?.name ?? "")
    }
}

extension JSONWriter {
    mutating func write(_ line: AgentLine) {
        let agent = line.view.agent
        object { object in
            object.member("agent", agent.id.hex)
            object.member("owner", agent.owner.hex)
            object.member("ownerName", line.ownerName)
            object.member("name", agent.name)
            object.member("version", agent.profile.version)
            object.member("status", String(describing: agent.status))
            object.key("capabilities")
            object.array { for capability in agent.profile.capabilities { $0.write(capability) } }
            object.member("metadata", agent.profile.metadata.hex)
            object.member("key", orNull: agent.key.isZero ? nil : agent.key.hex)
            object.member("registered", quoted: agent.registered.nanoseconds)
            object.key("usage")
            object.write(line.view.usage ?? Usage(agent: agent.id))
        }
    }

    private mutating func write(_ usage: Usage) {
        object { object in
            object.member("records", quoted: usage.records)
            object.member("failures", quoted: usage.failures)
            object.member(
                "tokens",
                TokenCounts(
                    input: usage.tokensInput, output: usage.tokensOutput,
                    cached: usage.tokensCached, reasoning: usage.tokensReasoning))
            object.member("cost", quoted: usage.cost.nanoCredits)
            object.member("gas", quoted: usage.gas)
            object.member("first", quoted: usage.first.nanoseconds)
            object.member("last", quoted: usage.last.nanoseconds)
        }
    }

    /// - Parameter grants: what the owner lets submitters do, with the key of each where it is
    /// known.
    mutating func write(_ owner: Owner, grants: [(grant: Grant, key: PublicKey?)]) {
        object { object in
            object.member("owner", owner.id.hex)
            object.member("name", owner.name)
            object.member("registered", quoted: owner.registered.nanoseconds)
            object.key("keys")
            object.array { array in
                for key in owner.keys { array.write(key) }
            }
            object.key("submitters")
            object.array { array in
                for (grant, key) in grants { array.write(grant, key) }
            }
        }
    }

    private mutating func write(_ key: OwnerKey) {
        object { object in
            object.member("key", key.key.hex)
            object.member("did", DIDKey.encode(key.key))
            object.member("added", quoted: key.added.nanoseconds)
            object.member("revoked", quotedOrNull: key.isActive ? nil : key.revoked.nanoseconds)
        }
    }

    private mutating func write(_ grant: Grant, _ key: PublicKey?) {
        object { object in
            object.member("submitter", grant.submitter.hex)
            object.member("key", orNull: key?.hex)
            object.key("rights")
            object.array { array in
                if grant.inForce { array.write("record") }
                if grant.inForce, grant.rights.contains(.registerAgents) {
                    array.write("registerAgents")
                }
            }
        }
    }

    /// An entry of the state, or that there is none, with the proof against a checkpoint's state
    /// root.
    mutating func write(_ state: StateView) {
        object { object in
            object.member("key", state.key.hex)
            object.member("value", orNull: state.value.map { Hex.encode($0) })
            object.member("siblings", hexList: state.proof.siblings)
            object.key("neighbour")
            if let neighbour = state.proof.neighbour {
                object.object {
                    $0.member("key", neighbour.key.hex)
                    $0.member("value", neighbour.value.hex)
                }
            } else {
                object.writeNull()
            }
            object.member("height", quoted: state.checkpoint.header.height)
            object.member("stateRoot", state.checkpoint.header.stateRoot.hex)
            object.member("checkpoint", Hex.encode(state.checkpoint.encoded))
        }
    }
}
