"""Scoring: one answer against its gold, and many scores as numbers. No judge model, no randomness.

Shares are given in percent, 0 to 100; ``None`` stands where there was nothing to count.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from yinju.evalset import Gold, Question
from yinju.figures.quantity import read_quantities
from yinju.figures.units import canonical_unit, unit_kind
from yinju.text import fold
from yinju.types import Answer, Hit, Kind, Span, Status, plain

RECALL_AT = (1, 5, 8)
"""Depths at which retrieval is looked at."""
MAX_CHARS = {"zh-Hant": 120, "zh-Hans": 120, "en": 240}
"""Longest answer in which a short text still counts as given: twice the contract's 60 characters of prose, and
twice that again for English, whose words take about twice the characters."""
MIN_POINTS = 2 / 3
"""Share of an explanation's key points that makes it right."""
_CURRENCY_SIGNS = {"$": "美元", "£": "英镑", "€": "欧元"}
# Measure words count things; which one is used says nothing about the number (五家 / 五個企業, students / 人).
_MEASURE_WORDS = frozenset("个家项件所名人位间座只支条处类种场台套户")

Evidence = Sequence[Sequence[Span]]
"""For each quote of a question's evidence, every place where it stands."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is right, and if not, why: in words for people.

    Attributes:
        right: Status and every part of the gold are met.
        why: What is missing; empty when right.
        found: Share of list items or points found, 0 to 1; ``None`` where there are none.
    """

    right: bool
    why: str = ""
    found: float | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """Everything measured on one question.

    Attributes:
        question: The question.
        verdict: Right or wrong.
        answer: What came; ``None`` when the program failed.
        citation_hit: A citation overlaps the evidence; ``None`` for questions without evidence or answer.
        evidence_cited: Share of the needed quotes that citations overlap, 0 to 1; ``None`` likewise.
        n_verbatim: Citations that are the document's words at the offsets they name.
        recall: Depth → share of the needed evidence among that many passages, 0 to 1; empty without evidence.
        reciprocal_rank: One over the rank of the first passage with evidence, 0 when there is none.
        milliseconds: Time of the answer, earlier turns left out.
    """

    question: Question
    verdict: Verdict
    answer: Answer | None = None
    citation_hit: bool | None = None
    evidence_cited: float | None = None
    n_verbatim: int = 0
    recall: Mapping[int, float] | None = None
    reciprocal_rank: float | None = None
    milliseconds: float = 0.0


# ── one answer ──────────────────────────────────────────────────────────────────────────────


def judge(question: Question, answer: Answer) -> Verdict:
    """Hold an answer against the gold: the status, and then every part the gold gives."""
    gold = question.gold
    if answer.status is not gold.status:
        nothing = 0.0 if gold.items or gold.points else None
        return Verdict(False, f"status is {answer.status}, expected {gold.status}", nothing)
    lacks = [lack for check in (_value, _values, _texts) if (lack := check(gold, answer))]
    found = None
    for name, groups, enough in (("items", gold.items, 1.0), ("points", gold.points, MIN_POINTS)):
        if groups:
            found = _share_found(groups, answer.text)
            # A share such as 2/3 has no exact float.
            if found < enough - 1e-9:
                lacks.append(f"{round(found * len(groups))} of {len(groups)} {name}")
    return Verdict(not lacks, "; ".join(lacks), found)


def _value(gold: Gold, answer: Answer) -> str:
    if gold.value is None:
        return ""
    if answer.result is None:
        return "no result"
    if not _near(answer.result.value, gold.value, gold.tolerance):
        return f"result is {plain(answer.result.value)}, expected {plain(gold.value)}"
    if not _same_unit(answer.result.unit, gold.unit):
        return f"unit is '{answer.result.unit}', expected '{gold.unit}'"
    return ""


def _values(gold: Gold, answer: Answer) -> str:
    if not gold.values:
        return ""
    quantities = [cited.figure.quantity for cited in answer.figures] + read_quantities(answer.text)
    given = [quantity.value for quantity in quantities if _same_unit(quantity.unit, gold.unit)]
    missing = [value for value in gold.values if not any(_near(each, value, gold.tolerance) for each in given)]
    return f"values not given: {', '.join(map(plain, missing))}" if missing else ""


def _texts(gold: Gold, answer: Answer) -> str:
    if not gold.texts:
        return ""
    if len(answer.text) > MAX_CHARS[answer.language]:
        return f"{len(answer.text)} characters for a short answer"
    return "" if _holds(gold.texts, answer.text) else f"none of: {', '.join(gold.texts)}"


def _near(value: Decimal, expected: Decimal, tolerance: Decimal | None) -> bool:
    return abs(value - expected) <= (tolerance or 0) * abs(expected)


def _same_unit(unit: str, expected: str | None) -> bool:
    return expected is None or _unit(unit) == _unit(expected)


def _unit(unit: str) -> str:
    folded = "".join(fold(unit).split()).removeprefix("个") if len(unit) > 1 else fold(unit)
    counted = folded in _MEASURE_WORDS or (folded.isascii() and unit_kind(folded) is Kind.COUNT)
    return "" if counted else _CURRENCY_SIGNS.get(folded) or canonical_unit(folded)


def _share_found(groups: Sequence[Sequence[str]], text: str) -> float:
    return sum(_holds(variants, text) for variants in groups) / len(groups)


def _holds(variants: Iterable[str], text: str) -> bool:
    folded = _squeeze(text)
    return any(_squeeze(variant) in folded for variant in variants)


def _squeeze(text: str) -> str:
    return "".join(fold(text).split())


# ── citations and retrieval ─────────────────────────────────────────────────────────────────


def same_document(name: str, other: str) -> bool:
    """Tell whether two names mean one document: a set names the file alone, an index may have its folder."""
    return name.rpartition("/")[2] == other.rpartition("/")[2]


def evidence_cited(question: Question, answer: Answer, evidence: Evidence) -> float | None:
    """Share of the needed evidence that the citations overlap, 0 to 1; ``None`` without evidence or answer."""
    if not evidence or answer.status is Status.ABSTAINED:
        return None
    spans = [cited.span for cited in answer.citations if same_document(cited.document, question.document)]
    return _share(question, [_overlap(places, spans) for places in evidence])


def count_verbatim(answer: Answer, text: str, document: str) -> int:
    """Count the citations that are ``text[start:end]`` of the document, character by character."""
    return sum(
        same_document(citation.document, document) and citation.quote != "" and citation.span.of(text) == citation.quote
        for citation in answer.citations
    )


def retrieval(question: Question, hits: Sequence[Hit], evidence: Evidence) -> tuple[dict[int, float], float]:
    """Return recall at each depth (0 to 1) and the reciprocal rank of the first passage with evidence."""
    spans = [hit.passage.span if same_document(hit.passage.document, question.document) else None for hit in hits]
    ranks = [_first_rank(places, spans) for places in evidence]
    recall = {depth: _share(question, [rank <= depth for rank in ranks]) for depth in RECALL_AT}
    return recall, 1 / min(ranks, default=math.inf)


def _first_rank(places: Sequence[Span], spans: Sequence[Span | None]) -> float:
    found = (rank for rank, span in enumerate(spans, 1) if span is not None and _overlap(places, [span]))
    return next(found, math.inf)


def _share(question: Question, met: Sequence[bool]) -> float:
    return float(any(met)) if question.evidence_any else sum(met) / len(met)


def _overlap(places: Sequence[Span], spans: Sequence[Span]) -> bool:
    return any(place.overlaps(span) for place in places for span in spans)


# ── many scores ─────────────────────────────────────────────────────────────────────────────


def summarise(scores: Sequence[Score]) -> dict[str, Any]:
    """Return the metrics of some questions by name, without anything that depends on the machine."""
    answerable = [score for score in scores if score.question.answerable]
    others = [score for score in scores if not score.question.answerable]
    abstained = [score for score in scores if _abstained(score)]
    reasons = [score for score in abstained if score.question.gold.reason is not None]
    ranked = [score for score in scores if score.recall]
    n_citations = sum(len(score.answer.citations) for score in scores if score.answer)
    return {
        "n": len(scores),
        "accuracy": _percent(scores, lambda score: score.verdict.right),
        "accuracy_answerable": _percent(answerable, lambda score: score.verdict.right),
        "found": _mean([100 * score.verdict.found for score in scores if score.verdict.found is not None]),
        "citation_hit": _percent([s for s in scores if s.citation_hit is not None], lambda s: bool(s.citation_hit)),
        "evidence_cited": _mean([100 * s.evidence_cited for s in scores if s.evidence_cited is not None]),
        "n_citations": n_citations,
        "verbatim": _ratio(sum(score.n_verbatim for score in scores), n_citations),
        "abstention_precision": _percent(abstained, lambda score: not score.question.answerable),
        "abstention_recall": _percent(others, _abstained),
        "refused_answerable": _percent(answerable, _abstained),
        "reason_right": _percent(reasons, lambda s: s.answer is not None and s.answer.reason is s.question.gold.reason),
        **{f"recall@{k}": _mean([100 * (score.recall or {})[k] for score in ranked]) for k in RECALL_AT},
        "mrr": _mean([100 * score.reciprocal_rank for score in ranked if score.reciprocal_rank is not None]),
        "failures": sum(score.answer is None for score in scores),
    }


def latency(scores: Sequence[Score]) -> dict[str, float | None]:
    """Return the 50th and 95th percentile of the answers' times, in milliseconds (nearest rank)."""
    times = sorted(score.milliseconds for score in scores if score.answer)
    return {f"p{share}_ms": round(percentile(times, share), 1) if times else None for share in (50, 95)}


def percentile(ordered: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile of values in ascending order; ``share`` is 0 to 100."""
    return ordered[max(0, math.ceil(share / 100 * len(ordered)) - 1)]


def _abstained(score: Score) -> bool:
    return score.answer is not None and score.answer.status is Status.ABSTAINED


def _percent(scores: Sequence[Score], holds: Callable[[Score], bool]) -> float | None:
    return _ratio(sum(map(holds, scores)), len(scores))


def _ratio(part: int, whole: int) -> float | None:
    return round(100 * part / whole, 2) if whole else None


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 2) if values else None
