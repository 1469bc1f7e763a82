"""Runs that go wrong: an endpoint's error, a tool that fails, no end, an answer cut short."""

from steps import Family, Refuse, Role, Say, Script, Turn, Use

INSTRUCTIONS = "You watch the pumps of a water works. Read the meters you need, judge in a line."
ENDLESS = [Use("query_meter", {"meter": f"P{number}"}, "no reading yet") for number in range(4)]

SCRIPTS = [
    Script("trouble-context", [Turn("Compare all pumps for the last year.", [
        Use("query_meter", {"meter": "all", "days": 365}, "P1 0.93; P2 0.91; P3 0.40; P4 0.95"),
        Refuse(400, "This model's maximum context length is 8192 tokens."),
    ])]),
    Script("trouble-outage", [Turn("Is pump 2 on?", [Refuse(503, "The model is overloaded.")])]),
    Script("trouble-meter", [Turn("What is the pressure behind pump 3?", [
        Use("query_meter", {"meter": "P3"}, "gateway timeout after 5 s", fails=True),
        Use("query_meter", {"meter": "P3-backup"}, "2.1 bar", reasoning=16),
        Say("2.1 bar by the backup meter; the main meter of pump 3 does not answer."),
    ])]),
    Script("trouble-endless", [Turn("Wait until pump 1 reports.", ENDLESS)], max_turns=4),
    Script("trouble-length", [Turn("List every alarm of the week.", [
        Use("query_meter", {"meter": "alarms"}, "Mo 3, Tu 0, We 11, Th 2, Fr 1"),
        Say("Monday had three alarms: at 04:12 pump 3, at 04:13 pump 3, at", finish="length"),
    ])]),
]

FAMILY = Family(
    "pump-watch", "trouble", [Role("Watch", "gpt-6-mini", INSTRUCTIONS, ["query_meter"])], SCRIPTS)
