// Which sort of action a span is, from the hints that different instrumentations leave.

/// Hints in order of trust: the operation's name, a framework's kind, what attributes imply.
struct RoleHints {
    private var operation: SpanRole?
    private var framework: SpanRole?
    private var frameworkRank = UInt8.max
    private var implied: SpanRole?

    /// `gen_ai.operation.name`; a name that is not listed says nothing.
    mutating func noteOperation(_ text: UnsafeRawBufferPointer) {
        operation = RoleHints.operations.role(of: text)
        if operation == nil && RoleHints.contains(text, "memory") { operation = .memory }
    }

    /// A framework's span kind, in any case of letters.
    mutating func noteKind(_ text: UnsafeRawBufferPointer, rank: UInt8) {
        guard rank < frameworkRank, let role = RoleHints.kinds.role(of: text) else { return }
        framework = role
        frameworkRank = rank
    }

    /// `mcp.method.name`
    mutating func noteMCP(_ text: UnsafeRawBufferPointer) {
        if AttributeTable.matches(text, "tools/call") { imply(.toolCall) }
    }

    /// `db.system.name`: a vector store is asked for retrieval.
    mutating func noteDatabase(_ text: UnsafeRawBufferPointer) {
        if let role = RoleHints.vectorStores.role(of: text) { imply(role) }
    }

    /// A key that is in no table but may show by its beginning what the span is about.
    mutating func noteKey(_ key: UnsafeRawBufferPointer) {
        guard key.count > 4, key[0] == UInt8(ascii: "a") || key[0] == UInt8(ascii: "g") else {
            return
        }
        for (prefix, role) in RoleHints.prefixes where RoleHints.starts(key, with: prefix) {
            imply(role)
        }
    }

    private mutating func imply(_ role: SpanRole) {
        if implied == nil { implied = role }
    }

    /// The verdict. A hand-off often has no attribute of its own and shows in the span's name.
    func role(name: UnsafeRawBufferPointer, hasModel: Bool, hasTool: Bool) -> SpanRole {
        if let operation { return operation }
        if RoleHints.startsWithHandOff(name) { return .handOff }
        return framework ?? implied ?? (hasTool ? .toolCall : hasModel ? .modelCall : .other)
    }

    private static let operations = RoleWords([
        ("invoke_agent", .run), ("invoke_workflow", .run), ("chat", .modelCall),
        ("text_completion", .modelCall), ("completion", .modelCall),
        ("generate_content", .modelCall), ("embeddings", .modelCall), ("embedding", .modelCall),
        ("execute_tool", .toolCall), ("handoff", .handOff), ("hand_off", .handOff),
        ("transfer", .handOff), ("retrieval", .retrieval), ("retrieve", .retrieval),
        ("search", .retrieval), ("rerank", .retrieval), ("create_agent", .other),
        ("plan", .other),
    ])

    private static let kinds = RoleWords([
        ("llm", .modelCall), ("embedding", .modelCall), ("generation", .modelCall),
        ("chat", .modelCall), ("completion", .modelCall), ("ai_client", .modelCall),
        ("tool", .toolCall), ("agent", .run), ("workflow", .run), ("conversation", .run),
        ("retriever", .retrieval), ("reranker", .retrieval), ("rerank", .retrieval),
        ("handoff", .handOff), ("memory", .memory),
    ])

    private static let vectorStores = RoleWords([
        ("chroma", .retrieval), ("chromadb", .retrieval), ("lancedb", .retrieval),
        ("marqo", .retrieval), ("milvus", .retrieval), ("pinecone", .retrieval),
        ("qdrant", .retrieval), ("weaviate", .retrieval),
    ])

    private static let prefixes: [(StaticString, SpanRole)] = [
        ("a2a.", .handOff), ("gen_ai.handoff.", .handOff), ("gen_ai.agent.handoff.", .handOff),
        ("gen_ai.retrieval.", .retrieval), ("gen_ai.memory.", .memory),
    ]

    private static func starts(_ key: UnsafeRawBufferPointer, with prefix: StaticString) -> Bool {
        guard key.count >= prefix.utf8CodeUnitCount else { return false }
        let start = UnsafeRawBufferPointer(rebasing: key[..<prefix.utf8CodeUnitCount])
        return AttributeTable.matches(start, prefix)
    }

    /// `handoff`, `hand-off` or `hand_off` at the start, in any case of letters.
    private static func startsWithHandOff(_ name: UnsafeRawBufferPointer) -> Bool {
        guard name.count >= 7, name[0] | 0x20 == UInt8(ascii: "h") else { return false }
        let letters = name.prefix(8).filter { $0 != 0x2D && $0 != 0x5F }.map { $0 | 0x20 }
        return letters.starts(with: Array("handoff".utf8))
    }

    private static func contains(_ text: UnsafeRawBufferPointer, _ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard text.count >= count else { return false }
        return (0...text.count - count).contains { start in
            AttributeTable.matches(
                UnsafeRawBufferPointer(rebasing: text[start..<start + count]), word)
        }
    }
}

/// A short list of words with what each means; letters compare without case.
struct RoleWords: Sendable {
    private let words: [(text: StaticString, role: SpanRole)]

    init(_ words: [(StaticString, SpanRole)]) {
        self.words = words.map { (text: $0.0, role: $0.1) }
    }

    func role(of text: UnsafeRawBufferPointer) -> SpanRole? {
        for word in words where word.text.utf8CodeUnitCount == text.count {
            let start = word.text.utf8Start
            if text.indices.allSatisfy({ RoleWords.lower(text[$0]) == start[$0] }) {
                return word.role
            }
        }
        return nil
    }

    static func lower(_ byte: UInt8) -> UInt8 {
        (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
    }
}
