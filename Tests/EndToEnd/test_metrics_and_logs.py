"""Metrics and logs are accepted, and refused when they are not what they say."""

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from spans import JSON, PROTOBUF


def metrics():
    made = ExportMetricsServiceRequest()
    metric = made.resource_metrics.add().scope_metrics.add().metrics.add(name="tokens")
    metric.gauge.data_points.add(as_int=7, time_unix_nano=1_795_000_000_000_000_000)
    return made.SerializeToString()


def logs():
    made = ExportLogsServiceRequest()
    record = made.resource_logs.add().scope_logs.add().log_records.add()
    record.body.string_value = "a line"
    return made.SerializeToString()


def test_protobuf_is_accepted(node):
    for path, body in (("/v1/metrics", metrics()), ("/v1/logs", logs())):
        answer = node.ask("POST", path, body, PROTOBUF)
        assert (answer.status, answer.kind()) == (200, "application/x-protobuf"), path


def test_json_is_accepted(node):
    for path, body in (("/v1/metrics", b'{"resourceMetrics":[]}'),
                       ("/v1/logs", b'{"resourceLogs":[]}')):
        answer = node.ask("POST", path, body, JSON)
        assert (answer.status, answer.kind()) == (200, "application/json"), path


def test_truncated_bodies_are_refused(node):
    for path, body in (("/v1/metrics", metrics()), ("/v1/logs", logs())):
        assert node.ask("POST", path, body[:-1], PROTOBUF).status == 400, path
        assert node.ask("POST", path, b"{", JSON).status == 400, path
