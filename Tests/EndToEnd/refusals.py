"""What a clear refusal over HTTP looks like."""

from google.rpc.status_pb2 import Status


def refused(answer, *statuses):
    """One of these statuses, with a reason that a person can read; the reason."""
    assert answer.status in statuses, (answer.status, answer.body[:300])
    assert answer.headers.get("x-correlation-id")
    if answer.kind() == "application/x-protobuf":
        reason = Status.FromString(answer.body).message
    elif answer.kind() == "application/problem+json":
        problem = answer.json()
        assert problem["type"].startswith("/problems/"), problem
        assert problem["status"] == answer.status
        assert problem["instance"] == answer.headers["x-correlation-id"]
        reason = problem.get("detail") or problem["title"]
    else:
        assert answer.kind() == "application/json", answer.headers
        reason = answer.json()["message"]
    assert len(reason) > 8, reason
    return reason


def counts(node):
    """What must not change when a request is refused whole."""
    status = node.get("/v1/status")
    return status["records"], status["spans"]["recorded"]
