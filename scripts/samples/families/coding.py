"""A coder who reads, edits and tests until the tests pass, and a reviewer."""

from steps import Both, Family, Hand, Role, Say, Script, Turn, Use

INSTRUCTIONS = (
    "You fix defects in a Python library for opening hours. Read before you edit, run the "
    "tests after every edit, and hand over to the reviewer when they pass.")
REVIEW = "You review edits. Approve only what has a test. Answer in one sentence."


def defect(name, user, file, code, edits, verdict):
    """Read, then for each edit: edit and test; then hand over."""
    steps = [Both((Use("list_files", {"folder": "."}, "hours.py parse.py spans.py tests/"),
                   Use("run_tests", {}, edits[0][2], reasoning=8))),
             Use("read_file", {"path": file}, code, reasoning=64)]
    for old, new, _, after in edits:
        steps.append(Use("edit_file", {"path": file, "old": old, "new": new}, "1 replaced."))
        steps.append(Use("run_tests", {}, after, reasoning=24))
    return Script(name, [Turn(user, steps + [Hand("Reviewer"), Say(verdict)])])


SCRIPTS = [
    defect("coding-midnight", "test_open_past_midnight fails. Please fix it.", "spans.py",
           "def is_open(span, minute):\n    return span.start <= minute < span.end\n",
           [("return span.start <= minute < span.end",
             "if span.end < span.start:\n        return minute >= span.start or minute < span.end\n"
             "    return span.start <= minute < span.end",
             "FAILED tests/test_spans.py::test_open_past_midnight - assert False",
             "41 passed in 0.22s")],
           "Approved: the wrap past midnight has its own test and other spans are untouched."),
    defect("coding-comma", "parse('Mo,We 09:00-17:00') gives only Monday.", "parse.py",
           "def days(text):\n    head = text.split()[0]\n    return [NAMES[head[:2]]]\n",
           [("return [NAMES[head[:2]]]", "return [NAMES[part] for part in head.split(',')]",
             "FAILED tests/test_parse.py::test_two_days - assert [0] == [0, 2]",
             "FAILED tests/test_parse.py::test_range - KeyError: 'Mo-Fr'"),
            ("return [NAMES[part] for part in head.split(',')]",
             "return [day for part in head.split(',') for day in spread(part)]",
             "", "42 passed in 0.21s")],
           "Approved: lists and ranges of days are both tested."),
    defect("coding-leap", "Holidays on 29 February crash the calendar.", "hours.py",
           "def holiday(year, month, day):\n    return date(year, month, day)\n",
           [("return date(year, month, day)",
             "try:\n        return date(year, month, day)\n    except ValueError:\n        return",
             "FAILED tests/test_hours.py::test_leap - ValueError: day is out of range for month",
             "43 passed in 0.24s")],
           "Not approved: a holiday that silently vanishes needs a test that says so."),
    defect("coding-rounding", "format_span prints 08:60.", "spans.py",
           "def clock(minutes):\n    return f'{minutes // 60:02}:{round(minutes % 60):02}'\n",
           [("round(minutes % 60)", "int(minutes) % 60",
             "FAILED tests/test_spans.py::test_clock - assert '08:60' == '09:00'",
             "FAILED tests/test_spans.py::test_clock - assert '08:59' == '09:00'"),
            ("f'{minutes // 60:02}:{int(minutes) % 60:02}'",
             "'{:02}:{:02}'.format(*divmod(round(minutes), 60))", "", "44 passed in 0.22s")],
           "Approved: rounding happens once, before the split."),
    defect("coding-empty", "An empty string should mean 'always closed'.", "parse.py",
           "def parse(text):\n    days, times = text.split()\n    return spans(days, times)\n",
           [("days, times = text.split()",
             "if not text.strip():\n        return []\n    days, times = text.split()",
             "FAILED tests/test_parse.py::test_empty - ValueError: not enough values to unpack",
             "45 passed in 0.23s")],
           "Approved."),
]

FAMILY = Family(
    "code-bench", "coder",
    [Role("Coder", "gpt-6", INSTRUCTIONS,
          ["list_files", "read_file", "edit_file", "run_tests"], ["Reviewer"]),
     Role("Reviewer", "gpt-6-mini", REVIEW)],
    SCRIPTS)
