// The statuses of failures that need no node.
import Platform
import Testing

@testable import Command

@Suite struct ExitCodeTests {
    /// Nothing listens on port 1 of this machine.
    private static let nowhere = "http://127.0.0.1:1"

    @Test(arguments: [
        "status", "run list", "agent list", "batch list", "checkpoint list", "record show 1-0",
        "receipt get 1-0 --wait 0",
    ])
    func anAbsentNodeIsUnreachable(line: String) {
        let ending = althing(words(of: line) + ["--node", Self.nowhere])
        #expect(ending.code == .unreachable)
        #expect(ending.error.contains("cannot reach the node at \(Self.nowhere)"))
        #expect(ending.out.isEmpty)
    }

    @Test(arguments: ["", "not json\n", #"{"resourceSpans":"#, "[1,2,3]", #"{"a":1}"#])
    func anUnknownRecordingIsAFailedFile(text: String) throws {
        let directory = try TemporaryDirectory()
        let file = try directory.file("strange", text)
        let ending = althing("record", "import", file, "--node", Self.nowhere)
        #expect(ending.code == .failed)
        #expect(ending.error.contains(file))
    }

    @Test(arguments: [
        (404, ExitCode.refused), (409, .refused), (422, .refused), (401, .refused),
        (408, .unreachable), (429, .unreachable), (503, .unreachable), (500, .failed),
        (501, .failed),
    ])
    func problemsHaveTheStatusOfTheirKind(status: Int, code: ExitCode) {
        #expect(NodeProblem(HTTPResponse(status: status)).code == code)
    }

    @Test func problemsAreToldInOneSentence() {
        let body = #"{"type":"/problems/no-such-run","title":"There is no such run","#
            + #""detail":"a\nb"}"#
        var response = HTTPResponse(
            status: 404, type: "application/problem+json", body: Array(body.utf8))
        response.headers += [("X-Correlation-Id", "77"), ("Retry-After", "3")]
        let problem = NodeProblem(response)
        #expect(problem.slug == "no-such-run")
        #expect(problem.retryAfterSeconds == 3)
        #expect(
            problem.sentence
                == "the node refused: There is no such run (404): a\u{FFFD}b [correlation id 77]")
    }

    @Test func anAnswerThatIsNoProblemDocumentIsToldToo() {
        let problem = NodeProblem(HTTPResponse(status: 502, type: "text/html", body: [0x3C]))
        #expect(problem.sentence == "the node refused: Bad Gateway (502)")
    }
}
