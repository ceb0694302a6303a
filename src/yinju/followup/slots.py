"""A question with one slot changed: another time, place, thing or measure, the rest as it was."""

from __future__ import annotations

import re
from collections.abc import Sequence

import rjieba

from yinju.figures import cues
from yinju.figures.periods import periods_in, year_months
from yinju.figures.units import unit_kind
from yinju.followup.naming import is_one_name_word, is_told, may_name, names_entity
from yinju.followup.parallel import LIKELY, STRONG, best_spot
from yinju.followup.pieces import (
    ASKED,
    COURTESY,
    INSTITUTION,
    LEVEL,
    MEASURE,
    PROPERTY,
    WH,
    core,
    describe,
    is_moment,
    pieces,
    spans_of,
    tokens,
)
from yinju.followup.topic import Sources
from yinju.text import fold
from yinju.types import Kind, Span

PER = re.compile(r"人均|户均|地均|亩均|平均每.+|每[万千百亿]?(?:人|户|家|亩|平方公里|公顷)")
_PLAN = re.compile(r"(?:目标|计划|预期)$")
# Ends of names of regions that are no administrative units.
_AREA_NAME = re.compile(r"[\u4e00-\u9fff]{2,8}?(?:都市圈|城市群|经济[圈带]|地区(?!生产)|片区|走廊|三角洲|湾区)")
_EDGES = " 的,，"
_STEPS = (
    (-1, re.compile(r"[在再]?往?(?:[前上]面?一年度?|上年度?)的?")),
    (-1, re.compile(r"(?:in |for )?(?:the )?(?:year (?:before|earlier)(?: that)?|(?:previous|preceding|prior) year)")),
    (1, re.compile(r"[在再]?往?(?:[后次下]面?一年度?|次年|下年度?)的?")),
    (1, re.compile(r"(?:in |for )?(?:the )?(?:year (?:after|later)(?: that)?|(?:following|subsequent) year)")),
)
"""How the year before and the year after what was asked are called, folded; 去年 and next year count from today."""


def changed(base: str, fragment: str, index: Sources) -> str:
    """Return the question ``base`` with the slots that a fragment names changed.

    Args:
        base: A question that stands on its own.
        fragment: What is to be put in: a time, a place, a thing, a measure, or several of them; 「2023年深圳」.
        index: Documents and ledger, asked where grammar does not tell a name from a measure.
    """
    if year := beside(base, fragment):
        return with_time(base, f"{year}年")
    if is_moment(fragment) and not periods_in(fold(fragment)):
        return with_time(base, re.sub(r"的$", "", fragment))
    rest = fragment
    for span in reversed(spans_of(fragment, "time")):
        base = with_time(base, span.of(fragment))
        rest = rest[: span.start] + rest[span.end :]
    is_modifier = rest.rstrip().endswith("的")
    rest = re.sub(r"^在(?!.的?$)", "", rest.strip(_EDGES))
    rest = re.sub(r"^(?:整个|整個)", "", rest)
    if _AREA_NAME.fullmatch(fold(rest)):
        return with_place(base, rest)
    places = spans_of(rest, "place")
    if places and not _is_one_name(rest, places[-1], index):
        place = Span(places[0].start, places[-1].end).of(rest)
        spot = best_spot(base, place, False, index) if not spans_of(base, "place") else None
        owns = spot is not None and spot.is_head and spot.score >= STRONG and base[spot.span.end :].startswith("的")
        base = _swap(base, spot.span, place, is_whole=False) if spot and owns else with_place(base, place)
        is_modifier = is_modifier and places[-1].end < len(rest)
        rest = (rest[: places[0].start] + rest[places[-1].end :]).strip(_EDGES)
    return _with_noun(base, rest, is_modifier, index) if rest else base


def _is_one_name(text: str, place: Span, index: Sources) -> bool:
    """Whether a region only begins the name of what is counted (全國重點實驗室), as the documents write it."""
    noun = fold(text)
    begins = place.start == 0 and place.end < len(text) and cues.SCOPE.fullmatch(place.of(noun))
    return bool(begins) and not MEASURE.search(noun) and is_told(noun, "", index)


def beside(base: str, fragment: str) -> str | None:
    """Return the year that a fragment (前一年, the year before) counts from the one year of a question, if it does."""
    step = next((step for step, pattern in _STEPS if pattern.fullmatch(fold(fragment).strip())), None)
    asked = [period.months for period in periods_in(fold(base))]
    if step is None or len(asked) != 1 or asked[0] is None or asked[0] != year_months(asked[0].last_year):
        return None
    return str(asked[0].last_year + step)


def with_time(base: str, time: str) -> str:
    """Put a time in the place of the one that a question names, or before it."""
    folded = fold(base)
    spans = [span for span in spans_of(base, "time") if folded[span.start - 1 : span.start] not in {"比", "较"}]
    if not spans:
        lead = COURTESY.match(folded)
        at = lead.end() if lead else 0
        return base[:at] + time + base[at:]
    first, last = spans[-1], spans[-1]
    if len(spans) > 1 and re.fullmatch(r"\s*(?:到|至|[-—–~]+)\s*", folded[spans[-2].end : last.start]):
        first = spans[-2]
    return base[: first.start] + time + base[last.end :]


def _of_place(base: str, place: str) -> list[Span]:
    """The places of a question; not those that it only compares with, unless a scope stands for a scope."""
    folded, found = fold(base), spans_of(base, "place")
    if cues.SCOPE.search(fold(place)):
        return found
    return [span for span in found if folded[span.start - 1 : span.start] not in {"占", "比", "较", "于"}]


def with_place(base: str, place: str) -> str:
    """Put a place or a name in the place of the one that a question names, or before what it asks about."""
    if spans := _of_place(base, place):
        target = spans[0]
        for span in spans[1:]:
            target = Span(target.start, span.end) if span.start == target.end else target
        return base[: target.start] + place + base[target.end :]
    for span in spans_of(base, "noun"):
        if area := _AREA_NAME.match(fold(span.of(base))):
            return base[: span.start] + place + base[span.start + area.end() :]
        if INSTITUTION.search(fold(span.of(base))):
            return base[: span.start] + place + base[span.end :]
    return _put_first(base, place)


def _put_first(base: str, text: str) -> str:
    """Put a text before what a question asks about, behind the time it begins with."""
    found = pieces(base)
    at = found[0].span.end if found and found[0].sort == "time" and found[0].span.start == 0 else 0
    return base[:at] + text + base[at:]


# ── nouns ───────────────────────────────────────────────────────────────────────────────────


def _with_noun(base: str, noun: str, is_modifier: bool, index: Sources) -> str:
    folded = fold(noun)
    if PER.fullmatch(folded):
        return _with_per(base, noun)
    if PROPERTY.fullmatch(folded) or (LEVEL.fullmatch(folded) and _is_about_change(base)):
        return _with_property(base, noun)
    nouns = spans_of(base, "noun")
    if not nouns:
        return _without_nouns(base, noun, index)
    if MEASURE.search(folded) and (counted := counted_thing(base)):
        return f"{counted}{noun}是多少"
    spot = best_spot(base, noun, is_modifier, index)
    whole_measure = _measure_start(base, nouns[0]) == nouns[0].start and len(nouns) == 1
    is_name = names_entity(noun, index) or ((whole_measure or is_one_name_word(folded)) and may_name(folded))
    if is_name and (spot is None or spot.score < STRONG):
        is_measured = len(nouns) == 1 and bool(MEASURE.search(fold(nouns[0].of(base))))
        is_of_place = bool(spans_of(base, "place")) and not names_entity(nouns[0].of(base), index)
        put_first = is_measured or is_of_place
        return with_place(base, noun) if put_first else _swap(base, nouns[0], noun, is_whole=False)
    if spot is None:
        return with_place(base, noun)
    if is_modifier and (spot.is_head or spot.score < LIKELY):
        return _modified(base, noun, nouns[-1])
    part = fold(base).find("其中")
    if part >= spot.span.end:
        base = _without_part(base, part)
    elif part >= 0 and MEASURE.search(folded) and not MEASURE.search(fold(spot.span.of(base))):
        return _with_noun(_without_part(base, part), noun, is_modifier, index)
    return _swap(base, spot.span, noun, is_whole=spot.is_head)


_ASKS = re.compile(rf"的?(?:总共|一共|共|是|有|为|占)*{WH.pattern}")


def _without_part(base: str, part: int) -> str:
    """A question without the part that 其中 singles out from there on."""
    asked = _ASKS.search(fold(base), part)
    return base[:part] + (base[asked.start() :] if asked else "")


def _modified(base: str, modifier: str, noun: Span) -> str:
    """Put a modifier before a noun; a verb of the question that it repeats goes (建成 with 在建的)."""
    for verb in reversed(spans_of(base, "verb")):
        if verb.start >= noun.end and set(fold(modifier)) & set(fold(verb.of(base))):
            base = base[: verb.start] + base[verb.end :]
    return base[: noun.start] + modifier + "的" + base[noun.start :]


def counted_thing(base: str) -> str:
    """What a question counts, or what has what it counts: 外資企業有多少家 → 外資企業, 集群有多少家企業 → 集群."""
    folded = fold(base)
    asked = ASKED.search(folded)
    is_measured = any(MEASURE.search(span.of(folded)) for span in spans_of(base, "noun"))
    if asked is None or is_measured or re.search(cues.CHANGE_WORD, folded):
        return ""
    is_count = unit_kind(asked["unit"]) == Kind.COUNT if asked["unit"] else folded[: asked.start()].endswith("有")
    if not is_count:
        return ""
    after = re.sub(r"[?？的\s]", "", base[asked.end() :])
    return re.sub(r"(?:[一总總]?共)?有?$", "", base[: asked.start()]) if after else describe(base)


def _without_nouns(base: str, noun: str, index: Sources) -> str:
    verbs = spans_of(base, "verb")
    if verbs and not names_entity(noun, index):
        return base[: verbs[0].start] + noun + base[verbs[0].end :]
    if not names_entity(noun, index) and (places := spans_of(base, "place")):
        return base[: places[-1].end] + noun + base[places[-1].end :]
    return with_place(base, noun)


def _with_per(base: str, per: str) -> str:
    if match := cues.PER.search(fold(base)):
        return base[: match.start()] + per + base[match.end() :]
    nouns = spans_of(base, "noun")
    at = nouns[0].start if nouns else 0
    return base[:at] + per + base[at:]


def _is_about_change(base: str) -> bool:
    """Whether a question asks for the growth or the share of something rather than for the thing itself."""
    about = core(base)
    return about != describe(base) or bool(PROPERTY.search(fold(about)))


def _with_property(base: str, name: str) -> str:
    about = describe(base) if _PLAN.search(fold(name)) else core(base)
    if (match := PROPERTY.search(fold(about))) and not (_PLAN.search(fold(name)) and not _PLAN.search(match.group())):
        about = about[: match.start()]
    return f"{about or describe(base)}{name}是多少"


def alike(base: str, folded: str, nouns: Sequence[Span]) -> Span | None:
    """The noun of a question, or the modifier in it, that ends like a fragment (國家級創新載體, 市級 → 國家級)."""
    text, best = fold(base), (0, Span(0, 0))
    for noun in nouns:
        for word, _tag, start in tokens(text):
            end = start + len(word)
            if not noun.start < end <= noun.end:
                continue
            common = 0
            while common < min(len(folded), end - noun.start) and folded[-1 - common] == text[end - 1 - common]:
                common += 1
            is_class = common == 1 and folded[-1] in "级型类层档等"
            if common > best[0] and (end == noun.end or (common < len(folded) and (common > 1 or is_class))):
                best = (common, Span(noun.start, end))
    return best[1] if best[0] else None


def _measure_start(base: str, noun: Span) -> int:
    """Where the measure at the end of a noun begins; the end of the noun where there is none, its start for all."""
    words = [token for token in tokens(fold(base)) if noun.start <= token[2] < noun.end]
    if not words or not MEASURE.search(words[-1][0]):
        return noun.end
    start = len(words) - 1
    while start > 1 and words[start - 1][1] in {"v", "vn", "d", "b"}:
        start -= 1
    if start == 1 and words[0][0] in {"地区", "总", "常住", "户籍"}:
        return noun.start
    return words[start][2] if start else noun.end - _inner_measure(words[0][0])


def _inner_measure(word: str) -> int:
    """Length of the measure inside one word of the dictionary (糧食產量), the whole where it cannot be cut."""
    parts = [part for part in rjieba.cut_for_search(word, True) if len(part) < len(word) and word.endswith(part)]
    fitting = [len(part) for part in parts if len(part) > 1 and MEASURE.search(part) and len(word) - len(part) > 1]
    return max(fitting, default=len(word))


def _swap(base: str, target: Span, noun: str, is_whole: bool) -> str:
    """Put a noun in the place of another; the other's property stays, its measure word and 多大 go."""
    old, new = fold(target.of(base)), fold(noun)
    kept = ""
    if (match := PROPERTY.search(old)) and match.start() and not PROPERTY.search(new):
        kept = target.of(base)[match.start() :]
    before, after = base[: target.start], base[target.end :]
    for asked in ASKED.finditer(fold(base)):
        if asked["unit"] in {None, "个"} or new[-2:] == old[-2:]:
            continue
        if asked.end() == target.start:
            before = base[: asked.start()] + "多少"
        elif asked.start() >= target.end and is_whole and unit_kind(asked["unit"]) in {Kind.COUNT, Kind.OTHER}:
            after = base[target.end : asked.start()] + "多少" + base[asked.end() :]
    if wide := re.match(r"[是有为]?多[大高长久远重]", fold(after)):
        after = ("是多少" if MEASURE.search(new) else after[: wide.end()]) + after[wide.end() :]
    return before + noun + kept + after
