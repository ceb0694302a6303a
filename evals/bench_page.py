"""Twenty people at once on one page: `python evals/bench_page.py` prints whether each got their answer, and how long.

A server of its own on a free port, with the index of the seed document and the real models. Every visitor asks another
question of the development half of `nanshan.jsonl` through the page's endpoint, all at the same moment; each answer has
to be, byte for byte, the one that a single process gives alone. Beside it stands the time that the questions take one
after the other, since the work is done one question at a time: the ratio says what the page adds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench_start import PROJECT, questions

READY_SECONDS = 300


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Many people on one page at once.")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--index", type=Path, default=PROJECT / "index")
    parser.add_argument("--port", type=int, default=7871)
    options = parser.parse_args()
    asked = questions(options.people)
    alone, seconds_alone = ask_alone(asked, options.index)
    server = subprocess.Popen(
        [sys.executable, "-m", "yinju", "serve", "--port", str(options.port)],
        env={**os.environ, "YINJU_INDEX": str(options.index)},
        stdout=subprocess.DEVNULL,
    )
    try:
        answers, seconds = ask_at_once(asked, options.port)
    finally:
        server.terminate()
        server.wait()
    ordered = sorted(seconds)
    result = {
        "people": len(asked),
        "own_answer": sum(answer == alone[question] for question, answer in zip(asked, answers, strict=True)),
        "p50": round(statistics.median(ordered), 3),
        "p95": round(ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))], 3),
        "last": round(ordered[-1], 3),
        "one_after_the_other": round(seconds_alone, 3),
    }
    sys.stdout.write(json.dumps(result, indent=1) + "\n")


def ask_alone(asked: list[str], index: Path) -> tuple[dict[str, str], float]:
    """Return the answers of one process, and the seconds they took once the models were loaded."""
    import yinju

    assistant = yinju.open(index)
    assistant.ask(asked[0])
    start = time.perf_counter()
    answers = {question: assistant.ask(question).text for question in asked}
    return answers, time.perf_counter() - start


def ask_at_once(asked: list[str], port: int) -> tuple[list[str], list[float]]:
    """Return the answers of the page to all at once, and the seconds that each waited."""
    from gradio_client import Client

    deadline = time.monotonic() + READY_SECONDS
    while True:
        try:
            clients = [Client(f"http://127.0.0.1:{port}", verbose=False) for _ in asked]
            break
        except Exception:  # not listening yet, in one of many ways
            if time.monotonic() > deadline:
                raise
            time.sleep(1)
    clients[0].predict(asked[0], api_name="/ask")

    def ask(client: Client, question: str) -> tuple[str, float]:
        start = time.perf_counter()
        return client.predict(question, api_name="/ask")["answer"], time.perf_counter() - start

    with ThreadPoolExecutor(len(asked)) as pool:
        found = list(pool.map(ask, clients, asked))
    return [answer for answer, _ in found], [seconds for _, seconds in found]


if __name__ == "__main__":
    main()
