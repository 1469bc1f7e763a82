"""Adds what each model call cost, in US dollars, to its span before it ends."""

from decimal import Decimal

#: Dollars for a million tokens: input, input from the cache, output. Invented, like the models.
PRICES = {
    "o5-mini": (Decimal("1.10"), Decimal("0.28"), Decimal("4.40")),
    "gpt-6": (Decimal("1.25"), Decimal("0.13"), Decimal("10.00")),
    "gpt-6-mini": (Decimal("0.25"), Decimal("0.03"), Decimal("2.00")),
    "text-embedding-3-small": (Decimal("0.02"), Decimal("0.02"), Decimal("0")),
}


class Prices:
    """A completion hook that sets `gen_ai.usage.cost` on spans that carry token counts."""

    def on_completion(self, *, span=None, **_):
        found = getattr(span, "attributes", None) or {}
        price = PRICES.get(found.get("gen_ai.request.model"))
        tokens = found.get("gen_ai.usage.input_tokens")
        if price is None or tokens is None:
            return
        cached = found.get("gen_ai.usage.cache_read.input_tokens", 0)
        output = found.get("gen_ai.usage.output_tokens", 0)
        cost = (tokens - cached) * price[0] + cached * price[1] + output * price[2]
        span.set_attribute("gen_ai.usage.cost", float(cost / 1_000_000))
