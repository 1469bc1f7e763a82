#!/usr/bin/env python3
"""Makes rows.txt from docs/spec/discovery.md: a text and its row in hexadecimal, a line each."""
import math
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
SILENT = set("""a an and any are as at be by can for from has have i in into is it its me my no not of on
or our so such than that the their them then there these they this to up via was we what when which who
will with you your""".split())
ENDINGS = [("izations", "ize"), ("ization", "ize"), ("izing", "ize"), ("ations", "ate"), ("ation", "ate"),
           ("ating", "ate"), ("ators", "ate"), ("ator", "ate"), ("ions", ""), ("ion", ""), ("iers", "y"),
           ("ies", "y"), ("ings", ""), ("ing", ""), ("ers", ""), ("er", ""), ("ed", ""), ("sses", "ss"),
           ("ss", "ss"), ("s", "")]


def stem(word):
    for ending, instead in ENDINGS:
        ending, instead = ending.encode(), instead.encode()
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[:len(word) - len(ending)] + instead
            break
    if len(word) > 3:
        if word[-1] == word[-2] and word[-1] not in b"aeiou":
            word = word[:-1]
        if word[-1:] == b"e":
            word = word[:-1]
    return word


def stems(text):
    data = text.encode()[:4096]
    data = re.sub(rb"([a-z])(?=[A-Z])", rb"\1 ", data).lower()
    words = re.findall(rb"[a-z0-9\x80-\xff]+", data)
    return [stem(word[:32]) for word in words if word.decode("utf-8", "replace") not in SILENT]


def concepts():
    source = open(os.path.join(HERE, "../../../Sources/Discovery/Text/Concepts.swift")).read()
    lines = [line.split() for line in source.split('"""')[1].strip().split("\n")]
    table = {}
    for number, line in enumerate(lines):
        for word in line:
            table.setdefault(stem(word.encode()), set()).add(number)
    return table


TABLE = concepts()
MASK = (1 << 64) - 1


def features(text):
    found, words = {}, stems(text)
    for place, word in enumerate(words):
        found[(1, word)] = 6
        for number in TABLE.get(word, ()):
            found[(2, number.to_bytes(2, "big"))] = 6
        if place:
            found[(3, words[place - 1] + b" " + word)] = 2
        marked = b"^" + word + b"$"
        for start in range(len(marked) - 2):
            found[(4, marked[start:start + 3])] = 1
    return found


def row(text):
    sums = [0] * 128
    for (kind, data), weight in features(text).items():
        x = 0xCBF29CE484222325
        for byte in bytes([kind]) + data:
            x = (x ^ byte) * 0x100000001B3 & MASK
        x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9 & MASK
        x = (x ^ x >> 27) * 0x94D049BB133111EB & MASK
        x ^= x >> 31
        for byte in x.to_bytes(8, "little")[:4]:
            sums[byte & 127] += weight if byte < 128 else -weight
    square = sum(value * value for value in sums)
    if not square:
        return sums
    root = math.isqrt(square << 16)
    return [(1 if v > 0 else -1) * ((abs(v) * 127 * 256 + root // 2) // root) for v in sums]


TEXTS = ["", "the of and", "a", "Summarizes long PDF documents", "translationOf legal Contracts",
         "books flights, hotels & trains", "io.github.21st-dev/magic-mcp", "Übersetzung für Verträge",
         "classification classes classing passed", "organizations organizing bees", "x" * 5000,
         "weather " * 700, "word" * 20 + " tail"]

if __name__ == "__main__":
    with open(os.path.join(HERE, "rows.txt"), "w") as out:
        for text in TEXTS:
            data = bytes(value & 255 for value in row(text))
            out.write(f"{text.encode().hex() or '-'} {data.hex()}\n")
