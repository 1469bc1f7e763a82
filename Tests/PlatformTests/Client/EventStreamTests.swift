// Server-sent events: the line format, and that pieces do not matter.
import Platform
import Primitives
import TestSupport
import Testing

@testable import Platform

@Suite struct EventStreamTests {
    @Test(arguments: [
        ("data: a\n\n", [ServerSentEvent(id: "", event: "message", data: "a")]),
        ("data:a\r\n\r\n", [ServerSentEvent(id: "", event: "message", data: "a")]),
        ("data: a\r\r", [ServerSentEvent(id: "", event: "message", data: "a")]),
        ("\u{FEFF}data:  a\n\n", [ServerSentEvent(id: "", event: "message", data: " a")]),
        ("data\n\n", [ServerSentEvent(id: "", event: "message", data: "")]),
        (": comment\nevent: e\n\n", []),
        ("event: e\nid: 7\ndata: a\ndata: b\n\ndata: c\n\n",
            [
                ServerSentEvent(id: "7", event: "e", data: "a\nb"),
                ServerSentEvent(id: "7", event: "message", data: "c"),
            ]),
        ("data: unfinished\n", []),
    ])
    func reads(text: String, events: [ServerSentEvent]) {
        var whole = EventStreamParser()
        #expect(whole.feed(Array(text.utf8)) == events)
        var bytewise = EventStreamParser()
        #expect(text.utf8.flatMap { bytewise.feed([$0]) } == events)
    }

    @Test(arguments: propertySeeds) func readsWhatItWrites(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet: [Character] = ["a", "b", ":", " ", "þ", "\n"]
        func text(_ letters: ArraySlice<Character>) -> String {
            String((0..<Int.random(in: 1...12, using: &generator)).map { _ in
                letters.randomElement(using: &generator) ?? "a"
            })
        }
        let events = (0..<20).map { _ in
            ServerSentEvent(
                id: text(alphabet[0...1]), event: text(alphabet[0...1]),
                data: text(alphabet[...]))
        }
        var parser = EventStreamParser()
        #expect(parser.feed(events.flatMap(\.encoded)) == events, "seed \(seed)")
    }
}
