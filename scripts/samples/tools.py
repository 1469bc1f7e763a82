"""What the sample tools do: answer from the script, with memory and retrieval spans."""

import asyncio
import json

from agents.tracing import get_current_span
from opentelemetry.trace import SpanKind

STORE = "team-notebook"
OPERATIONS = {"recall": "search_memory", "remember": "upsert_memory"}


def wrapped(name, endpoint, client, tracer):
    """The function that the Agents SDK calls for the tool `name`."""
    async def invoke(context, arguments):
        use = endpoint.results.pop(context.tool_call_id)
        if name in OPERATIONS:
            await memory(tracer, OPERATIONS[name], json.loads(arguments))
        elif name == "search_documents":
            await retrieval(tracer, client, json.loads(arguments), use.result)
        else:
            await asyncio.sleep(0.001 * (1 + len(use.result) % 7))
        if use.fails:
            get_current_span().set_error({"message": use.result, "data": {"tool": name}})
            return f"The tool failed: {use.result}"
        return use.result

    return invoke


async def memory(tracer, operation, arguments):
    with tracer.start_as_current_span(f"{operation} {STORE}", kind=SpanKind.CLIENT) as span:
        span.set_attributes({
            "gen_ai.operation.name": operation, "gen_ai.provider.name": "notebook",
            "gen_ai.memory.store.id": STORE, "gen_ai.memory.query.text": str(arguments),
        })
        await asyncio.sleep(0.002)


async def retrieval(tracer, client, arguments, result):
    """Embeds the query, then looks the vector up."""
    query = arguments["query"]
    await client.embeddings.create(model="text-embedding-3-small", input=[query])
    with tracer.start_as_current_span("retrieval handbook", kind=SpanKind.CLIENT) as span:
        span.set_attributes({
            "gen_ai.operation.name": "retrieval", "gen_ai.data_source.id": "handbook",
            "gen_ai.retrieval.query.text": query, "db.system.name": "sqlite",
            "gen_ai.retrieval.documents": json.dumps([{"id": result.split(":")[0], "score": 0.83}]),
        })
        await asyncio.sleep(0.003)
