"""Properties: any byte of a receipt spoiled is refused, any truncation too, and nothing raises."""

import random

import pytest
from case import compact, whole
from maker import Chain, path, root

import althing
from althing import tree

SEEDS = [1, 2, 3]
GOOD = compact(whole(chain=Chain(4), count=5, index=3, items=3, item=1))


def test_every_truncation_is_refused():
    for length in range(len(GOOD)):
        assert althing.verify(GOOD[:length]).part == "format"


@pytest.mark.parametrize("seed", SEEDS)
def test_a_spoiled_byte_is_refused(seed):
    draw = random.Random(seed)
    for _ in range(300):
        place, bit = draw.randrange(len(GOOD)), 1 << draw.randrange(8)
        spoiled = GOOD[:place] + bytes([GOOD[place] ^ bit]) + GOOD[place + 1:]
        assert althing.verify(spoiled).part in althing.PARTS, (seed, place, bit)


@pytest.mark.parametrize("seed", SEEDS)
def test_noise_is_refused(seed):
    draw = random.Random(seed)
    alphabet = b'{}[]",:0123456789abtrue\\u \n\xc3'
    for _ in range(2_000):
        noise = bytes(draw.choice(alphabet) for _ in range(draw.randrange(60)))
        assert althing.verify(noise).part == "format", (seed, noise)


def test_paths_of_all_small_trees():
    for count in range(1, 34):
        leaves = [bytes([place]) * 32 for place in range(count)]
        for index in range(count):
            siblings = path(leaves, index)
            assert tree.includes(root(leaves), leaves[index], index, count, siblings)
            wrong = [each for each in range(count) if each != index]
            assert not any(
                tree.includes(root(leaves), leaves[index], each, count, siblings)
                for each in wrong)


def test_the_trusted_chain_is_a_digest():
    with pytest.raises(ValueError):
        althing.verify(GOOD, chain=b"short")
