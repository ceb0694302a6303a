"""The same index, settings and question give the same answer, byte for byte, in processes that share nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

# Opens an index, asks, and prints everything but the timings.
SCRIPT = """
import json, sys
import yinju

assistant = yinju.open(sys.argv[1])
answers = []
for question in json.loads(sys.argv[2]):
    answers.append(assistant.ask(question).to_json())
chat = assistant.chat()
for question in json.loads(sys.argv[3]):
    answers.append(chat.ask(question).to_json())
for answer in answers:
    del answer["timings_ms"], answer["elapsed_ms"]
hits = [[hit.passage.id, hit.score, hit.dense, hit.lexical] for hit in assistant.retrieve("南山區的創新")]
print(json.dumps([answers, hits, assistant.figures.to_rows()], ensure_ascii=False))
"""
QUESTIONS = [
    "2024年南山區GDP是多少?",
    "2024年南山區GDP是建區時的多少倍?",
    "每萬人擁有發明專利多少件?",
    "元象科技是谁创立的?",
    "南山為什麼要讓工業上樓?",
    "西麗湖國際科教城有哪些機構?",
    "What was Nanshan's GDP in 2024?",
    "Who founded Yuanxiang?",
    "2019年福田區有多少家上市企業?",
    "你好",
]
CONVERSATION = ["南山區戰略性新興產業占GDP多少?", "那全市呢?", "差多少?"]


def asked_with(seed: str, index: Path) -> bytes:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(index), json.dumps(QUESTIONS), json.dumps(CONVERSATION)],
        capture_output=True, timeout=300, check=False, env=os.environ | {"PYTHONHASHSEED": seed},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return done.stdout


@pytest.mark.slow
def test_the_same_bytes_whatever_the_hash_seed(seed_index: Path) -> None:
    first = asked_with("0", seed_index)
    answers, hits, rows = json.loads(first)
    assert len(answers) == len(QUESTIONS) + len(CONVERSATION)
    assert {answer["status"] for answer in answers} >= {"answered", "abstained"}
    assert len(hits) > 1
    assert len(rows) > 50
    assert asked_with("4242", seed_index) == first
