"""Researchers who search, read, take notes and compare before they answer."""

from steps import Both, Family, Role, Say, Script, Turn, Use

INSTRUCTIONS = (
    "You research coastal towns for a planning office. Look into the notebook first, read two "
    "sources, give figures with their year, and say what you could not find.")


def question(name, user, subject, pages, note, answer):
    """One question: recall, search, read two pages, note, answer."""
    found = "; ".join(f"{title} <https://{place}>" for place, title, _ in pages)
    reads = tuple(Use("read_page", {"address": f"https://{place}"}, text, reasoning=16)
                  for place, _, text in pages)
    return Script(name, [Turn(user, [
        Use("recall", {"query": subject}, "No note about this yet.", reasoning=24),
        Use("search_web", {"query": subject}, found, reasoning=40),
        Both(reads),
        Use("remember", {"note": note}, "Noted.", reasoning=12),
        Say(answer, reasoning=96),
    ])])


SCRIPTS = [
    question(
        "research-harbour",
        "How deep is the harbour of Vestervik and can a ship of 9 m draught enter?",
        "Vestervik harbour depth draught",
        [("harbours.example/vestervik", "Vestervik harbour authority",
          "The fairway was dredged to 10.4 m in 2023. The inner basin is 8.2 m. Tides: 0.3 m."),
         ("pilots.example/notices/41", "Notice to pilots 41",
          "Under-keel clearance of 1.0 m is required in the fairway; no turning in ice.")],
        "Vestervik: fairway 10.4 m (2023), basin 8.2 m, clearance 1.0 m.",
        "A ship of 9 m draught can use the fairway (10.4 m in 2023, less 1.0 m of clearance: 9.4 m "
        "is the limit) but not the inner basin, which is 8.2 m deep."),
    question(
        "research-ferry", "Which ferry to Lillholm carries more cars, and since when?",
        "Lillholm ferry car capacity",
        [("ferries.example/lillholm", "Lillholm line",
          "MF Alkan carries 42 cars; MF Skarv, in service since May 2021, carries 60 cars."),
         ("archive.example/skarv", "A new ferry for Lillholm",
          "Skarv replaced Tärnan (28 cars) and doubles the winter timetable.")],
        "Lillholm: Skarv 60 cars since May 2021, Alkan 42.",
        "MF Skarv: 60 cars, in service since May 2021. MF Alkan carries 42."),
    question(
        "research-water", "Is the drinking water of Nordby getting harder?",
        "Nordby drinking water hardness series",
        [("water.example/nordby/2024", "Water report 2024", "Hardness 11.8 dH (2023: 11.2 dH)."),
         ("water.example/nordby/2020", "Water report 2020", "Hardness 9.6 dH (2019: 9.7 dH).")],
        "Nordby hardness dH: 2019 9.7, 2020 9.6, 2023 11.2, 2024 11.8.",
        "Yes. It was 9.7 dH in 2019 and 9.6 in 2020, then 11.2 in 2023 and 11.8 in 2024. I found "
        "no report for 2021 and 2022."),
    question(
        "research-bridge", "What did the Tornsund bridge cost, and who paid?",
        "Tornsund bridge cost funding",
        [("roads.example/tornsund", "Tornsund crossing", "Opened 2018. Final cost 412 million."),
         ("council.example/minutes/2018-11", "Council minutes",
          "The region carried 60 %, the state 30 %, tolls are to bring the remaining 10 %.")],
        "Tornsund bridge: 412 million (2018), region 60 %, state 30 %, tolls 10 %.",
        "412 million when it opened in 2018: 60 % from the region, 30 % from the state, and 10 % "
        "that tolls are to bring."),
    question(
        "research-storm", "How high was the water in Askevik in the storm of January?",
        "Askevik storm January water level",
        [("gauges.example/askevik", "Gauge Askevik", "Peak 14 January 03:40: 1.62 m above mean."),
         ("news.example/askevik-storm", "Night of the storm",
          "The fire brigade pumped out 31 cellars; the quay stood 20 cm under water.")],
        "Askevik: 1.62 m above mean on 14 January 03:40.",
        "1.62 m above the mean level, at 03:40 on 14 January. The quay was 20 cm under water."),
]

FOLLOWING = Script("research-series", [
    Turn("Collect the population of Vestervik for the last three censuses.", [
        Use("search_web", {"query": "Vestervik census"}, "Census tables <https://census.example>"),
        Use("read_page", {"address": "https://census.example"},
            "Vestervik: 2000 8,412; 2010 8,077; 2020 8,530."),
        Say("8,412 in 2000, 8,077 in 2010 and 8,530 in 2020.", reasoning=32),
    ]),
    Turn("And how many of them were older than 65 in 2020?", [
        Use("read_page", {"address": "https://census.example/age"}, "Aged 65 and over: 2,047."),
        Say("2,047, which is 24 % of 8,530.", reasoning=48),
    ]),
    Turn("Put both into one sentence for the report.", [
        Say("Vestervik had 8,530 inhabitants in 2020, after 8,077 in 2010; 24 % were 65 or older."),
    ]),
])

FAMILY = Family(
    "research-desk", "researcher",
    [Role("Researcher", "o5-mini", INSTRUCTIONS,
          ["search_web", "read_page", "recall", "remember"])],
    SCRIPTS + [FOLLOWING])
