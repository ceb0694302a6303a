"""One thing with two values: which figures are of one thing, and when they differ beyond doubt."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from yinju.figures.findings import (
    GDP,
    LIGHT,
    MOST_COMPARED,
    AuditFinding,
    DocumentFigures,
    SentenceFigures,
    core,
    finding_language,
    stated,
)
from yinju.figures.intervals import are_near, interval
from yinju.figures.subjects import STAND_IN
from yinju.figures.units import canonical_unit
from yinju.text import fold, to_language
from yinju.types import Figure, Role

# One thing stated twice seldom differs by more; a year and a five-year total do.
_FAR_APART = Decimal(2)
_TIME = re.compile(r"(?:截至|截止|到|至)?(?:\d{4}年?|\d{1,2}月|\d{1,2}日)(?:年?[末底初])?|年[末底初]|全年|去年|今年")
_SHARE_WORDS = re.compile(r"占比重?|所?占|比重|比例|份额")
_ENUMERATED = re.compile(
    r"[(（]?(?:[一二三四五六七八九十]+(?:是|、|[)）])|第[一二三四五六七八九十]|其[一二三四五六]|\d+[.、)）])"
)
_STANDING_IN = "全区市省县国我本该这那"
_ENGLISH_LIGHT = frozenset("the a an of in at by to was is were had has have reached stood with and it its".split())
_MOVED = re.compile(r"增长|增加|提高|提升|上升|下降|降低|减少|回落|[增长升降]")
_OPENING = re.compile(
    r"(?:(?:[^，,。;；]{0,6}\d{4}年?[^，,。;；]{0,6}|如今|目前|现在|近年来?|此外|同时)[，,]|[到在至]?\d{4}年?)?\s*"
)
# 松花江:在省境內長約939公里 is of what stands before the colon.
_LABEL = re.compile(r"[^，,。;；：:\d]{1,16}[：:](?!\d)")
# A name shorter than this could be that of anything.
_SHORTEST_NAME = 3
_SEVERAL = re.compile(r"其中|分别|依次|年均|年平均|每个|各自|另有|其他|其余|之一|某|单个|respectively|each|annual")


def conflicts(document: DocumentFigures) -> Iterator[AuditFinding]:
    """Find the figures of one thing that stand in several sentences, and say whether they agree."""
    groups: dict[tuple[object, ...], list[Figure]] = defaultdict(list)
    for sentence in document.sentences:
        for figure in sentence.figures:
            if (key := _identity(sentence, figure)) and not sentence.is_origin(figure):
                groups[key].append(figure)
    for group in groups.values():
        figures = group[:MOST_COMPARED]
        if len({figure.sentence for figure in figures}) > 1:
            finding = _compared(figures)
            if _is_near(figures) if finding.holds else _is_plain_conflict(document, figures):
                yield finding


def _is_near(figures: Sequence[Figure]) -> bool:
    sizes = [abs(figure.quantity.value) for figure in figures]
    return max(sizes) < min(sizes) * _FAR_APART


def _is_plain_conflict(document: DocumentFigures, figures: Sequence[Figure]) -> bool:
    """Whether values that differ are of one thing beyond doubt.

    Within one sentence an author tells things apart; more than two values, or items of an enumeration, are several
    things; and values far apart are of several times unless each sentence says its own.
    """
    if len({figure.quantity.value for figure in figures}) > 2:
        return False
    sentences = {sentence.start: sentence.text for sentence in document.sentences}
    texts = [sentences[figure.sentence.start] for figure in figures]
    if any(_ENUMERATED.match(text) for text in texts):
        return False
    if not all(_is_of_the_subject(document, text, f) for text, f in zip(texts, figures, strict=True)):
        return False
    spans = [interval(figure.quantity) for figure in figures]
    apart = [(a, b) for a, b in combinations(range(len(figures)), 2) if not spans[a].meets(spans[b])]
    if any(figures[a].sentence == figures[b].sentence for a, b in apart):
        return False
    return _is_near(figures) or all(_says_time(*pair) for pair in zip(texts, figures, strict=True))


def _is_of_the_subject(document: DocumentFigures, text: str, figure: Figure) -> bool:
    """Whether no one else may have come between: the sentence begins with whom it is about, or with the figure."""
    begins = _OPENING.match(text)
    head = text[begins.end() :] if begins else text
    who = document.who(figure)
    if figure.clause.start - figure.sentence.start <= len(text) - len(head):
        return True
    names = [name for name in (who, who[-3:], fold(figure.entity)) if len(name) > 1]
    return bool(STAND_IN.match(head)) or head[:1] in "这此其" or any(name in head[:12] for name in names)


def _says_time(text: str, figure: Figure) -> bool:
    return bool(figure.period) and figure.period[:4] in text and "/" not in figure.period


def _identity(sentence: SentenceFigures, figure: Figure) -> tuple[object, ...] | None:
    """What a figure is the value of; ``None`` where the words do not tell exactly."""
    start = figure.clause.start - sentence.start
    clause = sentence.text[start : figure.clause.end - sentence.start]
    who = sentence.in_document.who(figure)
    metric = fold(figure.metric) or fold(figure.entity)
    metric = metric.replace(who, "", 1) if who else metric
    what = _share_core(sentence, metric, figure) if figure.role is Role.SHARE else core(metric, figure.per)
    unexplained = _unexplained(sentence, figure)
    shortest = _SHORTEST_NAME if figure.entity else 2 * _SHORTEST_NAME
    if len(what) + len(unexplained) < shortest or _SEVERAL.search(clause):
        return None
    label = _LABEL.match(sentence.text)
    return (
        "".join(sorted(who)), what, figure.period, figure.role, figure.target,
        canonical_unit(figure.quantity.unit), core(figure.per, "平均"),
        "" if figure.role is Role.SHARE else core(figure.base), unexplained,
        label.group() if label else "",
    )  # fmt: skip


def _share_core(sentence: SentenceFigures, metric: str, figure: Figure) -> str:
    """A share's part and whole; a part of GDP is measured by its value added, said or not."""
    metric = GDP.sub("gdp", metric)
    base = GDP.sub("gdp", fold(figure.base)) or ("gdp" if GDP.search(sentence.text) else "")
    part = _SHARE_WORDS.sub("", metric.replace(base, "", 1) if base else metric)
    part = part.replace("增加值", "") if base == "gdp" else part
    return core(part) + "/" + core(base)


def _unexplained(sentence: SentenceFigures, figure: Figure) -> str:
    """Characters (English: words) of the clause around a figure that its record does not account for."""
    start, end = figure.clause.start - sentence.start, figure.clause.end - sentence.start
    own, after = figure.quantity.span.start - sentence.start, figure.quantity.span.end - sentence.start
    before, following = sentence.neighbours(figure)
    start = start if before is None else max(start, before.quantity.span.end - sentence.start)
    end = end if following is None else min(end, following.quantity.span.start - sentence.start)
    words = sentence.text[start:own] + " " + re.split("[、，,;；(（]", sentence.text[after : max(after, end)])[0]
    known = fold(figure.metric + figure.entity + figure.per + figure.base)
    left = LIGHT.sub("", GDP.sub("", _TIME.sub("", words.replace("同比", "").replace("环比", ""))))
    left = _MOVED.sub("", left) if figure.role is Role.CHANGE else left
    han = {c for c in left if "\u3400" <= c <= "\u9fff" and c not in known and c not in _STANDING_IN}
    latin = {w for w in re.findall("[a-z]+", _TIME.sub(" ", words)) if w not in known and w not in _ENGLISH_LIGHT}
    return "".join(sorted(han)) + " ".join(sorted(latin))


def _compared(figures: Sequence[Figure]) -> AuditFinding:
    spans = [interval(figure.quantity) for figure in figures]
    holds = all(a.meets(b) for a, b in combinations(spans, 2))
    distinct = tuple({(f.quantity.value, f.quantity.approx): f for f in reversed(figures)}.values())[::-1]
    shown = tuple(figures) if holds else distinct
    values = " ; ".join(stated(figure) for figure in shown)
    name = f"{figures[0].entity}{figures[0].period and ' '}{figures[0].period} {figures[0].metric}"
    language = finding_language(figures[0])
    if language == "en":
        summary = f"“{name}” {'agrees' if holds else 'has different values'}: {values}."
    else:
        verdict = to_language("前后一致" if holds else "有不同的值", language)
        summary = f"「{name}」{verdict}：{'、'.join(stated(figure) for figure in shown)}。"
    certain = not holds or all(are_near(a.quantity, b.quantity) for a, b in combinations(figures, 2))
    return AuditFinding("conflict", holds, summary, values, shown, certain)
