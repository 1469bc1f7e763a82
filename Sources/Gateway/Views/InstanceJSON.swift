// An agent's program and its accepted state as JSON.
import Agents
import JSON
import Ledger
import Primitives

extension JSONWriter {
    /// `instance` is null where the agent has no program.
    mutating func write(_ agent: AgentID, _ instance: AgentInstance?) {
        object { object in
            object.member("agent", agent.hex)
            object.key("instance")
            guard let instance else { return object.writeNull() }
            object.write(instance)
        }
    }

    private mutating func write(_ instance: AgentInstance) {
        object { object in
            object.member("program", instance.program.hex)
            object.member("status", String(describing: instance.status))
            object.member("sequence", quoted: instance.sequence)
            object.member("root", instance.root.hex)
            object.member("time", quoted: instance.time.nanoseconds)
            object.member("deposit", quoted: instance.account.deposit)
            object.member("spent", quoted: instance.account.spent)
            object.member("transferLimit", quoted: instance.account.transferLimit)
            object.member("evidence", String(describing: instance.policy.evidence))
            object.member("readable", instance.policy.isReadable)
            object.key("call")
            guard let call = instance.call else { return object.writeNull() }
            object.write(call)
        }
    }

    private mutating func write(_ call: PendingCall) {
        object { object in
            object.member("kind", String(describing: call.kind))
            object.member("callee", call.callee.hex)
            object.write(call.words)
            object.member("since", quoted: call.since.nanoseconds)
            object.key("approval")
            if call.approval.isZero { object.writeNull() } else { object.write(call.approval.hex) }
            object.key("answer")
            guard let answer = call.answer else { return object.writeNull() }
            object.object { object in
                object.member("status", String(describing: answer.status))
                object.write(answer.words)
                object.key("by")
                guard let by = answer.by else { return object.writeNull() }
                object.object { object in
                    object.member("agent", by.height.agent.hex)
                    object.member("sequence", quoted: by.height.sequence)
                    object.member("root", by.root.hex)
                }
            }
        }
    }

    private mutating func write(_ words: [UInt64]) {
        key("words")
        array { for word in words { $0.write(String(word)) } }
    }
}
