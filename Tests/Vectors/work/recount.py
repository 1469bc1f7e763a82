#!/usr/bin/env python3
"""Recounts what the work in ../shared/data should cost, without the ledger: totals.txt, a line each of
name, tasks, tasks paid, nano-credits paid in by posters, of them fees. Takes the folder of the data.

azure-llm: a request pays 1,000 for a token of context and 3,000 for a generated one. tau-bench: a run pays
1,000,001 for each message of it, if its reward is 1. A fee is a thousandth of each payment, rounded down.
"""
import csv
import json
import os
import sys


def line(name, payments):
    paid = [amount for amount, good in payments if good]
    return f"{name} {len(payments)} {len(paid)} {sum(paid)} {sum(amount // 1000 for amount in paid)}\n"


if __name__ == "__main__":
    data = sys.argv[1]
    with open(os.path.join(data, "azure-llm/AzureLLMInferenceTrace_code.csv"), newline="") as file:
        requests = [(1000 * int(row["ContextTokens"]) + 3000 * int(row["GeneratedTokens"]), True)
                    for row in csv.DictReader(file)]
    with open(os.path.join(data, "tau-bench/gpt-4o-airline-trials-0-1.json")) as file:
        runs = [(1000001 * len(run["traj"]), float(run["reward"]) == 1.0) for run in json.load(file)]
    out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "totals.txt")
    with open(out, "w") as file:
        file.write(line("azure-llm", requests))
        file.write(line("tau-bench", runs))
