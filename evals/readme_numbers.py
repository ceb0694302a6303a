"""The numbers block of the READMEs, copied from the reports: no number in it is typed by hand.

`python evals/readme_numbers.py` prints the block in English, `--language zh` in Chinese; `--write` puts both where
they belong, between the markers `<!-- numbers -->` and `<!-- /numbers -->`. Reads `evals/reports/*.json` (written by
`yinju eval`) and `evals/benchmarks.json` (written by `python evals/bench_start.py`); what is not there is said.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
READMES = {"en": "README.md", "zh": "README.zh-Hant.md"}
MARKERS = ("<!-- numbers -->", "<!-- /numbers -->")
BLOCK = re.compile(f"(?<={MARKERS[0]}\n).*?(?={MARKERS[1]})", re.DOTALL)
# Sets in the order of the table; others follow by name.
SETS = ("nanshan", "nanshan_2", "reports", "districts")

METRICS = (
    "n", "accuracy", "citation_hit", "verbatim", "recall@5", "mrr", "abstention_precision", "abstention_recall",
)  # fmt: skip
WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "set": "set", "half": "half", "dev": "development", "frozen": "frozen", "type": "type of question",
        "metrics": ("questions", "right", "cited", "verbatim", "recall@5", "MRR", "abst. prec.", "abst. recall"),
        "halves": "Answers, in percent (questions: a count):",
        "types": "Right answers by type on `{set}`, in percent (number of questions in brackets):",
        "none": "No report yet: `yinju eval` writes one to `evals/reports/`.",
        "times": "Times on {machine}, {runs} rounds taken in turns, medians:", "load": "load average {n}",
        "what": "what", "seconds": "seconds", "ratio": "ratio to the import",
        "import": "`python -c \"import sentence_transformers\"`", "cold": "`yinju ask`, a new process",
        "warm_p50": "a question in a running process, p50 of {n}", "warm_p95": "the same, p95",
        "no_times": "No times yet: `python evals/bench_start.py` measures them.",
        "cpus": "{n} CPU cores", "threads": "{n} model thread(s)",
    },
    "zh": {
        "set": "題集", "half": "半集", "dev": "開發", "frozen": "封存", "type": "題型",
        "metrics": ("題數", "答對", "引對", "逐字", "recall@5", "MRR", "拒答精確率", "拒答召回率"),
        "halves": "回答的成績，單位為 %（題數除外）：",
        "types": "`{set}` 各題型的答對率，單位為 %（括號內為題數）：",
        "none": "還沒有報告：執行 `yinju eval` 會寫到 `evals/reports/`。",
        "times": "時間，量於 {machine}；輪流量 {runs} 輪，取中位數：", "load": "負載 {n}",
        "what": "項目", "seconds": "秒", "ratio": "與匯入時間之比",
        "import": "`python -c \"import sentence_transformers\"`", "cold": "`yinju ask`，新開的行程",
        "warm_p50": "已載入的行程答一題，{n} 題的 p50", "warm_p95": "同上，p95",
        "no_times": "還沒有時間數字：執行 `python evals/bench_start.py` 即可量得。",
        "cpus": "{n} 個 CPU 核心", "threads": "模型用 {n} 個執行緒",
    },
}  # fmt: skip


def read_reports(folder: Path) -> dict[tuple[str, str], dict[str, Any]]:
    """Return metrics by (set, half); a report of one half goes before the same half in a report of all."""
    found: dict[tuple[str, str], tuple[bool, dict[str, Any]]] = {}
    for path in sorted(folder.glob("*.json")):
        report = json.loads(path.read_text(encoding="utf-8"))
        for half, metrics in report["metrics"].items():
            whole = report["split"] == "all"
            key = (report["set"], half)
            if half != "all" and (key not in found or not whole):
                found[key] = (whole, metrics)
    order = {name: i for i, name in enumerate(SETS)}
    return {key: found[key][1] for key in sorted(found, key=lambda k: (order.get(k[0], len(SETS)), k))}


def numbers_block(language: str, project: Path = PROJECT) -> str:
    """Return the block between the markers, ending with a newline."""
    words = WORDS[language]
    reports = read_reports(project / "evals" / "reports")
    benchmarks = project / "evals" / "benchmarks.json"
    parts = [words["none"]] if not reports else [words["halves"], _halves(reports, words), *_types(reports, words)]
    if benchmarks.is_file():
        parts += _times(json.loads(benchmarks.read_text(encoding="utf-8"))["start"], words)
    else:
        parts.append(words["no_times"])
    return "\n" + "\n\n".join(parts) + "\n\n"


def _halves(reports: Mapping[tuple[str, str], Mapping[str, Any]], words: Mapping[str, Any]) -> str:
    rows = [
        (f"`{name}`", words[half], *(_number(metrics[metric]) for metric in METRICS))
        for (name, half), metrics in reports.items()
    ]
    return _table([(words["set"], words["half"], *words["metrics"]), *rows], n_text=2)


def _types(reports: Mapping[tuple[str, str], Mapping[str, Any]], words: Mapping[str, Any]) -> list[str]:
    """By type, of the first set alone: the others are too small to be cut up."""
    name = next(iter(reports))[0]
    halves = {half: metrics["types"] for (of, half), metrics in reports.items() if of == name}
    types = list(dict.fromkeys(type_ for by_type in halves.values() for type_ in by_type))
    rows = [(type_, *(_of_type(by_type.get(type_)) for by_type in halves.values())) for type_ in types]
    return [words["types"].format(set=name), _table([(words["type"], *(words[half] for half in halves)), *rows], 1)]


def _of_type(metrics: Mapping[str, Any] | None) -> str:
    return "–" if metrics is None else f"{_number(metrics['accuracy'])} ({metrics['n']})"


def _times(start: Mapping[str, Any], words: Mapping[str, Any]) -> list[str]:
    machine = ", ".join((
        start["machine"]["processor"],
        words["cpus"].format(n=start["machine"]["cpus"]),
        words["threads"].format(n=start["machine"]["threads"]),
        words["load"].format(n=start["machine"]["load"]),
    ))  # fmt: skip
    base = start["seconds"]["import"]
    rows = [
        (words[key].format(n=start["n_questions"]), f"{seconds:.3g}", f"{seconds / base:.2g}")
        for key, seconds in start["seconds"].items()
    ]
    head = (words["what"], words["seconds"], words["ratio"])
    return [words["times"].format(machine=machine, runs=start["n_rounds"]), _table([head, *rows], 1)]


def _number(value: float | None) -> str:
    return "–" if value is None else str(value) if isinstance(value, int) else f"{value:.1f}"


def _table(rows: Sequence[Sequence[str]], n_text: int) -> str:
    head, *body = ("| " + " | ".join(row) + " |" for row in rows)
    rule = "|" + "---|" * n_text + "--:|" * (len(rows[0]) - n_text)
    return "\n".join([head, rule, *body])


def main() -> None:
    """Print the block, or write it into both READMEs."""
    parser = argparse.ArgumentParser(description="The numbers block of the READMEs, from the reports.")
    parser.add_argument("--language", choices=list(READMES), default="en")
    parser.add_argument("--write", action="store_true", help="put the blocks into the READMEs")
    options = parser.parse_args()
    if not options.write:
        sys.stdout.write(numbers_block(options.language))
        return
    for language, name in READMES.items():
        _put(PROJECT / name, numbers_block(language))


def _put(page: Path, block: str) -> None:
    text = page.read_text(encoding="utf-8")
    page.write_text(BLOCK.sub(lambda _: block, text), encoding="utf-8")


if __name__ == "__main__":
    main()
