"""How long a first answer takes, and the next ones: `python evals/bench_start.py` writes `evals/benchmarks.json`.

Each round measures, one after the other, the wall time of `python -c "import sentence_transformers"` (what any program
on this model pays before it can do anything), of a cold `yinju ask` (a new process each time), and of questions asked
in a process that has the index and the model loaded. Taking them in turns lets a busy machine slow all of them alike;
medians over the rounds are reported, and their ratios mean more than their seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
QUESTIONS = PROJECT / "evals" / "nanshan.jsonl"
TARGET = PROJECT / "evals" / "benchmarks.json"


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description="Times of a first answer and of the next ones.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=20, help="different questions asked in each round")
    parser.add_argument("--index", type=Path, default=PROJECT / "index")
    options = parser.parse_args()
    start = measure(options.rounds, questions(options.questions), options.index)
    text = json.dumps({"start": start}, ensure_ascii=False, indent=1) + "\n"
    TARGET.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


def questions(n_questions: int) -> list[str]:
    """Return questions of the development half that need no earlier ones, evenly over its types."""
    rows = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines() if line.strip()]
    usable = [row["question"] for row in rows if row["split"] == "dev" and not row.get("history")]
    step = max(1, len(usable) // n_questions)
    return usable[::step][:n_questions]


def measure(n_rounds: int, asked: Sequence[str], index: Path) -> dict[str, Any]:
    """Return medians in seconds, and on which machine.

    The first of the rounds only warms the disk's cache and is not counted.
    """
    import yinju

    assistant = yinju.open(index)
    seconds: dict[str, list[float]] = {"import": [], "cold": []}
    warm: list[float] = []
    for number in range(n_rounds + 1):
        imported = _process([sys.executable, "-c", "import sentence_transformers"])
        cold = _process([sys.executable, "-m", "yinju", "ask", asked[number % len(asked)], "--index", str(index)])
        times = [_timed(partial(assistant.ask, question)) for question in asked]
        if number:
            seconds["import"].append(imported)
            seconds["cold"].append(cold)
            warm += times
    medians = {key: statistics.median(values) for key, values in seconds.items()}
    shares = statistics.quantiles(warm, n=100, method="inclusive")
    medians |= {"warm_p50": shares[49], "warm_p95": shares[94]}
    return {
        "n_rounds": n_rounds,
        "n_questions": len(asked),
        "seconds": {key: round(value, 4) for key, value in medians.items()},
        "machine": _machine(),
    }


def _process(command: Sequence[str]) -> float:
    return _timed(lambda: subprocess.run(command, check=True, capture_output=True, cwd=PROJECT))


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _machine() -> dict[str, Any]:
    import torch

    return {
        "processor": _processor(),
        "cpus": os.cpu_count(),
        "threads": torch.get_num_threads(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[1], 1),
    }


def _processor() -> str:
    """Name of the processor, or at least of its kind."""
    found = Path("/proc/cpuinfo")
    lines = found.read_text(encoding="utf-8").splitlines() if found.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
