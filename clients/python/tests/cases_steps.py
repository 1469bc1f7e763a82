"""Receipts of chains whose committee changed: steps that lead to the signers, or do not."""

from case import Case, compact, dashed, edited, replaced, usual
from cases_members import every_member, leaves, other
from epochs import Story, sign
from maker import Chain, Forge, checkpoint_digest, checkpoint_message, filler


def cases():
    yield from accepted()
    yield from spoiled()
    yield from forms()
    yield from signers()
    yield from orders()
    yield from lasts()


def accepted():
    for counts in [(4, 4), (4, 7), (7, 4), (7, 7), (4, 7, 4), (4, 4, 7, 4), (1, 4, 1)]:
        story = Story(*counts)
        name = "steps-committees-" + "-".join(map(str, counts))
        yield Case(name, compact(story.make()))
        yield Case(f"{name}-pinned", compact(story.make()), chain=story.chain.digest)
    story = Story(4, 7)
    story.voters = [[0, 2, 3], [0, 1, 3, 5, 6]]
    yield Case("steps-with-quorums", compact(story.make()))
    story.is_next = True
    yield Case("steps-next-height", compact(story.make()))
    yield Case("steps-empty", compact({**usual(), "steps": []}))
    yield Case("steps-over-many-epochs", compact(jumped("7", "9")))
    yield Case("steps-last-epoch-of-all", compact(jumped(str(2**64 - 2), str(2**64 - 1))))
    yield Case("steps-from-height-zero", compact(first(height="0", time="0")))
    yield Case("steps-to-the-same-committee", compact(same_committee().make()))
    yield Case("steps-most", compact(many(128)))
    yield Case("checkpoint-is-last-of-its-epoch", compact(last_of_epoch()))
    story = Story(4, 7)
    story.alter_last = lambda made: made.update(next=filler("next committee").hex())
    yield Case("steps-checkpoint-is-last-of-its-epoch", compact(story.make()))
    forge = Forge(items=1)
    forge.alter_checkpoint = lambda made: made.update(epoch="3")
    yield Case("no-steps-of-a-later-epoch", compact(forge.make()[0]))


def jumped(epoch, after):
    story = Story(4, 7)
    story.alter = lambda place, made: made.update(epoch=epoch)
    story.alter_last = lambda made: made.update(epoch=after)
    return story.make()


def first(**members):
    story = Story(4, 7)
    story.alter = lambda place, made: made.update(members)
    return story.make()


def same_committee():
    story = Story(4, 4)
    story.committees[1] = story.committees[0]
    story.signers[1] = story.signers[0]
    return story


def many(count):
    return Story(*[1] * (count + 1)).make()


def last_of_epoch(following=None):
    forge = Forge(items=1)
    named = filler("next committee") if following is None else following
    forge.alter_checkpoint = lambda made: made.update(next=named.hex())
    return forge.make()[0]


def spoiled():
    """Every member of a step with another well-formed value, missing, or in company."""
    receipt = Story(4, 7).make()
    steps = {"steps": receipt["steps"]}
    for path in leaves(steps):
        # Numbers of validators are out of order then, the last one out of the committee.
        is_order = path[-1] == "validator" and path[3] < 3
        part = "format" if is_order else "committee"
        yield Case(f"spoiled-{dashed(path)}", compact(edited(receipt, path, other)), part)
    for path in every_member(steps):
        if path == ("steps",) or (path[2] == "certificate" and len(path) > 3 and path[3] > 0):
            continue

        def drop(place, name=path[-1]):
            return {key: value for key, value in place.items() if key != name}
        yield Case(f"missing-{dashed(path)}", compact(edited(receipt, path[:-1], drop)), "format")
    for path in [("steps", 0), ("steps", 0, "checkpoint"), ("steps", 0, "certificate", 0)]:
        for name in ("note", "__proto__", "index", "path"):
            data = edited(receipt, path, lambda place, name=name: {**place, name: "1"})
            yield Case(f"unknown-{dashed(path)}-{name}", compact(data), "format")


def forms():
    receipt = Story(4, 7).make()
    step = receipt["steps"][0]
    for fault, value in {"null": None, "object": {}, "string": "", "number": 1, "of-null": [None],
                         "of-arrays": [[]], "boxed": [receipt["steps"]]}.items():
        yield Case(f"steps-is-{fault}", compact({**receipt, "steps": value}), "format")
    yield Case("steps-too-many", compact(many(129)), "format")
    for place in ("checkpoint", "certificate", "validators"):
        for fault, value in {"null": None, "number": 0, "string": "0"}.items():
            data = edited(receipt, ("steps", 0, place), lambda _, value=value: value)
            yield Case(f"steps-{place}-is-{fault}", compact(data), "format")
    for fault, path, value in [
        ("next-zero", ("checkpoint", "next"), "00" * 32),
        ("next-short", ("checkpoint", "next"), "11" * 31),
        ("next-null", ("checkpoint", "next"), None),
        ("items-over", ("checkpoint", "items"), 1_048_577),
        ("items-quoted", ("checkpoint", "items"), "0"), ("epoch-bare", ("checkpoint", "epoch"), 0),
        ("epoch-2-to-64", ("checkpoint", "epoch"), str(2**64)),
        ("validators-empty", ("validators",), []),
        ("validators-repeated", ("validators",), step["validators"][:1] * 2),
        ("certificate-empty", ("certificate",), []),
        ("certificate-reversed", ("certificate",), step["certificate"][::-1]),
        ("certificate-repeated", ("certificate",), step["certificate"][:1] * 4),
        ("validators-129", ("validators",), [filler(f"key {n}").hex() for n in range(129)]),
    ]:
        data = edited(receipt, ("steps", 0) + path, lambda _, value=value: value)
        yield Case(f"steps-{fault}", compact(data), "format")
    twice = replaced(b'"steps":[', b'"steps":[],"steps":[', compact(receipt))
    yield Case("repeated-steps", twice, "format")
    for fault, value in {"zero": "00" * 32, "null": None, "short": "11" * 31}.items():
        data = edited(last_of_epoch(), ("checkpoint", "next"), lambda _, value=value: value)
        yield Case(f"checkpoint-next-{fault}", compact(data), "format")


def signers():
    """Who signed, and which committee is named."""
    for counts, voters in [((4, 4), [0, 1]), ((7, 4), [0, 1, 2, 3]), ((4, 7), [3])]:
        story = Story(*counts)
        story.voters[0] = voters
        name = f"step-quorum-{len(voters)}-of-{counts[0]}"
        yield Case(name, compact(story.make()), "committee")
    second = Story(4, 7, 4)
    second.voters[1] = [0, 1, 2, 3]
    yield Case("second-step-quorum-4-of-7", compact(second.make()), "committee")
    wrong = Story(4, 4)
    wrong.signers[0] = wrong.signers[1]
    yield Case("step-signed-by-the-next-committee", compact(wrong.make()), "committee")
    wrong.alter = lambda place, made: made.update(committee=wrong.committees[1].digest().hex())
    yield Case("step-of-the-next-committee", compact(wrong.make()), "committee")
    for fault, named in {"another": Story(4, 7).committees[1].digest(), "itself": None}.items():
        story = Story(4, 4)
        named = named or story.committees[0].digest()
        story.alter = lambda place, made, named=named: made.update(next=named.hex())
        yield Case(f"step-names-{fault}", compact(story.make()), "committee")
    reordered = Story(4, 4).make()
    reordered["steps"][0]["validators"].reverse()
    yield Case("step-validators-reversed", compact(reordered), "committee")
    extra = Story(4, 7).make()
    votes = extra["steps"][0]["certificate"]
    votes[3]["signature"] = votes[2]["signature"]
    yield Case("step-one-bad-signature-among-enough", compact(extra), "committee")
    far = edited(Story(4, 7).make(), ("steps", 0, "certificate", 3, "validator"), lambda _: 4)
    yield Case("step-validator-4-of-4", compact(far), "committee")
    yield Case("step-signed-as-version-1", compact(as_version_1()), "committee")
    foreign = Story(4, 7)
    foreign.chain = Chain(4, name="another chain")
    alien = {**Story(4, 7).make(), "steps": foreign.make()["steps"]}
    yield Case("step-of-another-chain", compact(alien), "committee")


def as_version_1():
    """The step's header signed without the digest of the next committee."""
    story = Story(4, 7)
    receipt = story.make()
    step = receipt["steps"][0]
    plain = {name: value for name, value in step["checkpoint"].items() if name != "next"}
    step["certificate"] = sign(story.signers[0], checkpoint_message(story.chain.digest, plain))
    return receipt


def orders():
    """Steps left out, out of order, twice, or too late."""
    whole = Story(4, 7, 4, 7).make()
    one, two, three = whole["steps"]
    for fault, steps in {
        "first-skipped": [two, three], "middle-skipped": [one, three], "swapped": [two, one, three],
        "first-twice": [one, one, two, three], "only-last": [three], "reversed": [three, two, one],
    }.items():
        yield Case(f"steps-{fault}", compact({**whole, "steps": steps}), "committee")
    short = compact({**whole, "steps": [one, two]})
    yield Case("steps-last-skipped", short, "certificate")
    bare = {name: value for name, value in whole.items() if name != "steps"}
    yield Case("steps-left-out", compact(bare), "certificate")
    yield Case("steps-emptied", compact({**whole, "steps": []}), "certificate")
    for name, equal, less in [("epoch", "0", None), ("height", "10", "9"),
                              ("time", one["checkpoint"]["time"], "1")]:
        for fault, value in [("equal", equal), ("lower", less)]:
            if value is None:
                continue
            story = Story(4, 7, 4)
            story.alter = lambda place, made: place == 1 and made.update({name: value})
            yield Case(f"steps-second-{name}-{fault}", compact(story.make()), "committee")
    for fault, members in {
        "link": {"height": "11"}, "epoch": {"height": "11", "epoch": "2"},
    }.items():
        story = Story(4, 7, 4)

        def alter(place, made, story=story, members=members):
            if place == 1:
                before = Story(4, 7, 4).make()["steps"][0]["checkpoint"]
                digest = checkpoint_digest(story.chain.digest, before)
                made.update(members, previous=(
                    digest if "epoch" in members else filler("wrong")).hex())
        story.alter = alter
        story.alter_last = lambda made: made.update(epoch="5")
        yield Case(f"steps-second-next-height-wrong-{fault}", compact(story.make()), "committee")


def lasts():
    """The receipt's own checkpoint against the last step."""
    step = Story(4, 7).make()["steps"][0]["checkpoint"]
    for name, values in {"epoch": ["0"], "height": ["10", "9", "0"],
                         "time": [step["time"], "0"]}.items():
        for value in values:
            story = Story(4, 7)
            story.alter_last = lambda made: made.update({name: value})
            shown = "of-the-step" if name == "time" and value != "0" else value
            yield Case(f"steps-checkpoint-{name}-{shown}", compact(story.make()), "committee")
    for fault, members in {"link": {"previous": filler("wrong").hex()},
                           "epoch": {"epoch": "2"}}.items():
        story = Story(4, 7)
        story.is_next = True
        story.alter_last = lambda made: made.update(members)
        name = f"steps-checkpoint-next-height-wrong-{fault}"
        yield Case(name, compact(story.make()), "committee")
    yield Case("steps-last-epoch-plus-1",
               compact(jumped(str(2**64 - 1), str(2**64 - 1))), "committee")
    story = Story(4, 7)
    story.voters[1] = [0, 1, 2, 3]
    yield Case("steps-checkpoint-quorum-4-of-7", compact(story.make()), "certificate")
    story = Story(4, 4)
    story.signers[1] = story.signers[0]
    yield Case("steps-checkpoint-signed-by-the-genesis", compact(story.make()), "certificate")
    named = last_of_epoch()
    cut = edited(named, ("checkpoint",), lambda made: {
        name: value for name, value in made.items() if name != "next"})
    yield Case("checkpoint-version-2-without-next", compact(cut), "certificate")
    grown = edited(usual(), ("checkpoint",), lambda made: {**made, "next": "11" * 32})
    yield Case("checkpoint-version-1-with-next", compact(grown), "certificate")
    both = edited(Story(4, 7).make(), ("steps", 0, "checkpoint", "time"), lambda _: "1")
    both = edited(both, ("certificate", 0, "signature"), lambda _: "00" * 64)
    yield Case("first-committee-then-certificate", compact(both), "committee")
    both = edited(both, ("checkpoint", "index"), lambda _: 1)
    yield Case("first-checkpointInclusion-then-committee", compact(both), "checkpointInclusion")
