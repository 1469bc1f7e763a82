"""Questions about a staff handbook, answered by retrieval."""

from steps import Family, Role, Say, Script, Turn, Use

INSTRUCTIONS = (
    "You answer questions of staff from the handbook. Search it, quote the section number, and say "
    "so when it is silent.")


def asked(name, *turns):
    return Script(name, [Turn(user, [
        Use("search_documents", {"query": query}, passage, reasoning=8), Say(answer)])
        for user, query, passage, answer in turns])


SCRIPTS = [
    asked("handbook-leave",
          ("How many days of leave do I have in my first year?", "annual leave first year",
           "4.1: Staff have 28 days of leave a year, in the first year 2.5 for each month.",
           "2.5 days for each month you work, up to 28 (section 4.1)."),
          ("Can I carry five days over?", "carry over leave",
           "4.3: Up to 8 days may be carried over until the end of March.",
           "Yes: up to 8 days, to be taken by the end of March (section 4.3).")),
    asked("handbook-travel",
          ("May I take the plane to the meeting in Nordby?", "travel plane train",
           "7.2: Journeys under six hours are made by train.",
           "Only if the train takes six hours or more (section 7.2).")),
    asked("handbook-keys",
          ("I lost my key card. What now?", "lost key card",
           "9.5: Report a lost card within one hour to the front desk; it is blocked at once.",
           "Report it to the front desk within the hour; they block it at once (section 9.5).")),
    asked("handbook-pets",
          ("Can I bring my dog on Fridays?", "dogs pets office",
           "none: No section matches.",
           "The handbook says nothing about pets; please ask the desk.")),
]

FAMILY = Family(
    "handbook-answers", "handbook",
    [Role("Handbook", "gpt-6-mini", INSTRUCTIONS, ["search_documents"])], SCRIPTS)
