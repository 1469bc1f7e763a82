"""Runs scripted agents on the OpenAI Agents SDK and writes the OTLP export they produce.

    pip install -r scripts/samples/requirements.txt
    python scripts/samples/capture.py Sources/Command/Samples
"""

import asyncio
import base64
import json
import os
import sys
from pathlib import Path

os.environ["OTEL_SEMCONV_STABILITY_OPT_IN"] = "gen_ai_latest_experimental"
os.environ["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "SPAN_ONLY"

import families
from agents import (
    Agent, FunctionTool, OpenAIChatCompletionsModel, RunConfig, Runner, SQLiteSession,
)
from agents.exceptions import AgentsException
from agents.tracing import add_trace_processor
from endpoint import Endpoint
from google.protobuf.json_format import MessageToDict
from hand_offs import HandOffSpans
from openai import APIError, AsyncOpenAI
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
from opentelemetry.instrumentation.genai.openai_agents import OpenAIAgentsInstrumentor
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prices import Prices
from tools import wrapped

PARAMETERS = {"type": "object"}


async def run_family(family, endpoint):
    """Runs every script of the family under its own tracer provider."""
    provider = TracerProvider(resource=Resource.create(
        {"service.name": family.service, "service.version": "2026.11"}))
    exporter = OTLPSpanExporter(endpoint=endpoint.address + "/v1/traces")
    provider.add_span_processor(BatchSpanProcessor(exporter, schedule_delay_millis=300))
    OpenAIInstrumentor().instrument(tracer_provider=provider, completion_hook=Prices())
    OpenAIAgentsInstrumentor().instrument(
        tracer_provider=provider, disable_openai_trace_export=True)
    add_trace_processor(HandOffSpans(provider.get_tracer("althing.samples")))
    try:
        for script in family.scripts:
            await run_script(family, script, endpoint, provider)
    finally:
        OpenAIAgentsInstrumentor().uninstrument()
        OpenAIInstrumentor().uninstrument()
        provider.shutdown()


async def run_script(family, script, endpoint, provider):
    address = f"{endpoint.address}/{script.name}/v1"
    async with AsyncOpenAI(base_url=address, api_key="none", max_retries=0) as client:
        await converse(family, script, endpoint, client, provider)


async def converse(family, script, endpoint, client, provider):
    """Holds the conversation; each turn of it is one trace."""
    first = agents_of(family, endpoint, client, provider.get_tracer("althing.samples"))
    session = SQLiteSession(script.name)
    config = RunConfig(workflow_name=family.service, group_id=script.name)
    for turn in script.turns:
        endpoint.load(script.name, turn.steps)
        try:
            await Runner.run(first, turn.user, session=session, run_config=config,
                             max_turns=script.max_turns)
        except (AgentsException, APIError) as failure:
            print(f"{script.name}: {type(failure).__name__}, as scripted")
            endpoint.queues[script.name].clear()
        assert not endpoint.queues[script.name], script.name


def agents_of(family, endpoint, client, tracer):
    """Builds the family's agents, last first, so that hand-offs find their target."""
    built = {}
    for role in reversed(family.roles):
        tools = [FunctionTool(
            name=name, description=families.TOOLS[name], params_json_schema=PARAMETERS,
            on_invoke_tool=wrapped(name, endpoint, client, tracer), strict_json_schema=False)
            for name in role.tools]
        built[role.name] = Agent(
            name=role.name, instructions=role.instructions, tools=tools,
            handoffs=[built[name] for name in role.hands_to],
            model=OpenAIChatCompletionsModel(role.model, client))
    return built[family.roles[0].name]


def otlp_json(request):
    """The OTLP/JSON text of a protobuf export request: hex ids, integer enums, one line."""
    message = ExportTraceServiceRequest.FromString(request)
    form = MessageToDict(message, use_integers_for_enums=True)
    for resource in form["resourceSpans"]:
        for scope in resource["scopeSpans"]:
            for span in scope["spans"]:
                for name in ("traceId", "spanId", "parentSpanId"):
                    if name in span:
                        span[name] = base64.b64decode(span[name]).hex()
    return json.dumps(form, separators=(",", ":"), ensure_ascii=False)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    trace.set_tracer_provider(TracerProvider())
    for family in families.FAMILIES:
        endpoint = Endpoint()
        asyncio.run(run_family(family, endpoint))
        lines = [otlp_json(request) + "\n" for request in endpoint.exports]
        (folder / f"{family.file}.otlp.jsonl").write_text("".join(lines), encoding="utf-8")
        print(f"{family.file}: {len(lines)} requests, {sum(map(len, lines)):,} characters")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
