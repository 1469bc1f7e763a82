// What an agent emitted in an accepted transition, as records that the node takes in: a span each.
import Agents
import Cryptography
import JSON
import Node
import Primitives
import Records

/// The records of one transition, in the order in which they were emitted.
struct EmittedRecords: Hashable, Sendable {
    let agent: AgentID
    let owner: OwnerID
    /// What the owner calls the agent.
    let name: String
    let sequence: UInt64
    /// The state that the transition left.
    let root: Digest
    /// What the program was told for the time.
    let time: Instant
    let records: [[UInt64]]

    private static let domain = HashDomain("althing 2026 emitted record v1")

    /// The run of all records of a transition: whoever records them again names the same.
    var run: RunID {
        RunID(identifier(of: nil).bytes.prefix(16)) ?? RunID()
    }

    /// The operation of one record.
    func operation(_ index: Int) -> OperationID {
        OperationID(identifier(of: index).bytes.prefix(8)) ?? OperationID()
    }

    private func identifier(of index: Int?) -> Digest {
        var writer = ByteWriter()
        writer.write(agent)
        writer.write(sequence)
        if let index { writer.write(UInt32(index)) }
        return Self.domain.hash(writer.bytes)
    }

    var submissions: [Submission] {
        records.indices.map { index in
            var submission = Submission(
                run: run, operation: operation(index), agentName: name, name: "emit",
                payload: payload(index))
            submission.start = time
            return submission
        }
    }

    /// One `ResourceSpans` of OTLP in JSON with one span; the words are in `althing.words`.
    private func payload(_ index: Int) -> [UInt8] {
        let attributes: [(String, String)] = [
            ("gen_ai.agent.name", name), ("althing.agent.id", agent.hex),
            ("althing.agent.sequence", String(sequence)), ("althing.agent.root", root.hex),
            ("althing.record.index", String(index)),
            ("althing.words", Hex.encode(Words.bytes(records[index]))),
        ]
        var writer = JSONWriter(capacity: 1_024)
        writer.object { resource in
            resource.key("scopeSpans")
            resource.array { scopes in
                scopes.object { scope in
                    scope.key("spans")
                    scope.array { spans in
                        spans.object { span in
                            span.member("traceId", Hex.encode(run.bytes))
                            span.member("spanId", Hex.encode(operation(index).bytes))
                            span.member("name", "emit")
                            span.member("startTimeUnixNano", quoted: time.nanoseconds)
                            span.member("endTimeUnixNano", quoted: time.nanoseconds)
                            span.key("attributes")
                            span.write(attributes)
                        }
                    }
                }
            }
        }
        return writer.bytes
    }
}

extension JSONWriter {
    /// Attributes of OTLP with texts as values.
    fileprivate mutating func write(_ attributes: [(String, String)]) {
        array { list in
            for (key, value) in attributes {
                list.object { attribute in
                    attribute.member("key", key)
                    attribute.key("value")
                    attribute.object { $0.member("stringValue", value) }
                }
            }
        }
    }
}

extension RecordingVerdict {
    init(_ outcome: SubmissionOutcome) {
        switch outcome {
        case .recorded(let recorded):
            guard let first = recorded.refused.first else { self = .final; return }
            self = .refused(reason: "record \(first.index): \(first.reason)")
        case .ownerRefused: self = .refused(reason: "the owner did not let this node record")
        case .notCertified, .overloaded, .notAValidator, .undecided, .storageFailed:
            self = .undecided
        }
    }
}
