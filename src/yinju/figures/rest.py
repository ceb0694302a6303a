"""What a text leaves to work out of one statement: a rest, the gap to a sum, the sum of a list, the year of an event.

A rest has a name and no figure (土地共5120畝，蘋果2300畝，其餘是雜糧): it is the whole without the parts before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from yinju.figures.compute import Refusal, compute, literal, same_measure
from yinju.figures.derive import convertible
from yinju.figures.operations import Operation
from yinju.figures.profiles import Profile, Profiles, covers
from yinju.figures.query import FigureQuestion
from yinju.figures.search import ANSWER_SCORE, Result, Search, scored
from yinju.text import fold, words
from yinju.types import TIMES, Computation, Figure, Kind, Role

MIN_NAMED = 0.6
"""Share of the question's words, by weight, that the name of a rest has to cover."""
MIN_SCORE = 0.35
"""Least score of a row that a gap or a sum starts from."""
_REST = re.compile(
    r"(?:其余|剩下|余下|剩余)(?:的|部分)*(?:都|均|全|则|也)*(?:是|为|系|属|来自|用于|归|由|种|做)(?P<thing>[^,，。;；\n0-9]{2,24})"
    r"|\bthe (?:rest|remainder)(?: of (?:it|them|[a-z ]{3,20}))? (?:is|are|was|were|went|goes|came|comes)"
    r"(?: (?:on|to|in|from|owed|spent|with|by|made|up|of))*(?P<other>[^,.;\n0-9]{3,60})"
    r"|\b(?:and|,) (?P<third>[a-z][a-z' -]{2,40}) for the (?:rest|remainder)\b"
)
_GAP = re.compile(
    r"(?:还|仍|尚)?(?:差|缺|短|欠)(?:了|着)?(?:多少|几)|没(?:凑齐|筹到|筹齐|到位)|缺口|\b(?:still|more) (?:to be |to )?"
    r"(?:needed|raised?|raise|find|found|go)\b|\bshort of\b"
)
_IN_HAND = re.compile(r"已|目前|累计|至今|迄今|so far|already|to date|raised")
_NEEDED = re.compile(r"总|目标|计划|需|预算|概算|拟|经费|造价|target|total|cost|need|goal|budget")
_OF_WHICH = re.compile(r"共|总|合计|其中|包括|total|in all|altogether|of wh(?:ich|om)|including|\ball\b")
N_SENTENCES = 2
"""How many sentences before the parts the whole may stand."""
_TOTAL = re.compile(r"共|合计|总|total|in all")
_ADDED_UP = re.compile(r"加起来|合起来|加总|加在一起|合在一起|合计|\bcombined\b|\btogether\b|add(?:ed)? up")


def of_rest(question: FigureQuestion, search: Search) -> tuple[Result, Figure] | None:
    """Return the rest that a question names, worked out, and the last of the parts; ``None`` where it names none."""
    for document, text in search.profiles.texts.items():
        for match in _REST.finditer(text):
            thing = next(part for part in match.groups() if part)
            if (named := _named(question, thing)) < MIN_NAMED:
                continue
            before = _before(document, match.start(), text, search.profiles)
            if before and (done := _without(before, match.start(), question)) is not None:
                return (done, named), before[-1].figure
    return None


def _named(question: FigureQuestion, thing: str) -> float:
    """How much a question names a rest, 0 to 1: of what it asks for or of the rest's own words, whichever is more."""
    told = [(t.weight, covers(thing, t.forms)) for t in question.terms if t.weight >= 0.5]
    if not any(covered >= 0.8 for _, covered in told):
        return 0.0
    of_question = sum(weight * covered for weight, covered in told) / sum(weight for weight, _ in told)
    asked, own = set(words(question.text)), [word for word in words(thing) if len(word) > 1]
    forms = asked.union(*(t.alternatives for t in question.terms))
    return max(of_question, sum(word in forms for word in own) / max(1, len(own)))


def _before(document: str, place: int, text: str, profiles: Profiles) -> list[Profile]:
    """The levels of the paragraph before a place that are of one measure with the last, in order."""
    start = text.rfind("\n", 0, place) + 1
    levels = [
        p
        for p in profiles
        if p.figure.document == document and start <= p.figure.quantity.span.start < place
        if p.figure.quantity.kind not in TIMES and p.figure.role in {Role.LEVEL, Role.SHARE, Role.TARGET}
    ]
    unit = next((p.figure.quantity.unit for p in reversed(levels) if p.figure.quantity.unit), "")
    return [p for p in levels if not p.figure.quantity.unit or same_measure(unit, p.figure.quantity.unit)]


def _without(before: Sequence[Profile], place: int, question: FigureQuestion) -> Computation | None:
    """The whole without its parts: those of the last sentence, the whole being its first or one before it."""
    last = before[-1]
    if last.figure.sentence.end < place - 1:
        return None
    parts = [p.figure for p in before if p.figure.sentence == last.figure.sentence]
    ahead = last.sentence[: parts[min(1, len(parts) - 1)].quantity.span.start - last.figure.sentence.start]
    if len(parts) > 1 and _OF_WHICH.search(ahead) and parts[0].quantity.value > _sum(parts[1:]):
        whole, parts = parts[0], parts[1:]
    elif parts[0].quantity.unit == "%" and _sum(parts) < 100:
        whole = literal(Decimal(100), "100%", "%")
    elif (found := _told_before(before, parts)) is not None:
        whole = found
    else:
        return None
    done = compute(Operation.REMAINDER, (whole, *_in_unit_of(whole, parts)), convertible(question.unit), question.scale)
    return None if isinstance(done, Refusal) else done


def _told_before(before: Sequence[Profile], parts: Sequence[Figure]) -> Figure | None:
    """What a sentence before says first that is more than the parts: the last such sentence but one at most."""
    earlier = [p.figure for p in before if p.figure.sentence != parts[0].sentence]
    for sentence in sorted({figure.sentence for figure in earlier}, reverse=True)[:N_SENTENCES]:
        first = next(figure for figure in earlier if figure.sentence == sentence)
        if first.quantity.value > _sum(parts):
            return first
    return None


def _in_unit_of(whole: Figure, parts: Sequence[Figure]) -> Iterator[Figure]:
    """Give parts that stand without a unit that of the whole: 812,000 customers, 341,000 of them here."""
    for part in parts:
        bare = not part.quantity.unit
        yield replace(part, quantity=replace(part.quantity, unit=whole.quantity.unit)) if bare else part


def _sum(figures: Sequence[Figure]) -> Decimal:
    return sum((figure.quantity.value for figure in figures), Decimal(0))


def gap(question: FigureQuestion, search: Search) -> Result | None:
    """Return what is lacking of a sum that a text says is needed and of which it says how much there is."""
    if not _GAP.search(fold(question.text)):
        return None
    wanted = replace(question, operation=Operation.LOOKUP, operands=(), role=None, target=None)
    for candidate in search.plausible(wanted, MIN_SCORE)[:3]:
        figure = candidate.figure
        units = ("", figure.quantity.unit)
        rows = search.profiles.of_sentence(figure)
        beside = [p for p in rows if any(same_measure(p.figure.quantity.unit, unit) for unit in units)]
        in_hand = [p for p in beside if _IN_HAND.search(p.clause)]
        needed = [p for p in beside if _NEEDED.search(p.own) and p not in in_hand]
        if len(in_hand) == len(needed) == 1 and needed[0].figure.quantity.value > in_hand[0].figure.quantity.value:
            operands = tuple(_in_unit_of(needed[0].figure, (needed[0].figure, in_hand[0].figure)))
            done = compute(Operation.DIFFERENCE, operands, convertible(question.unit), question.scale)
            return None if isinstance(done, Refusal) else (done, candidate.score)
    return None


def sum_of_list(question: FigureQuestion, search: Search) -> Result | None:
    """Return the sum of a list that a question means as a whole: 三條在建線路加起來."""
    if not _ADDED_UP.search(fold(question.text)) or question.operands:
        return None
    wanted = replace(question, operation=Operation.LOOKUP)
    best = next(iter(search.plausible(wanted, 0.0)), None)
    if best is None or best.figure.quantity.kind in TIMES or search.profiles.grid.place(best.figure) is not None:
        return None
    listed = [best.profile, *search.profiles.listed_with(best.profile)]
    if len(listed) < 2 or any(_TOTAL.search(p.own) for p in listed) or len({p.figure.period for p in listed}) > 1:
        return None
    figures = tuple(p.figure for p in sorted(listed, key=lambda p: p.figure.quantity.span))
    done = compute(Operation.SUM, figures, convertible(question.unit), question.scale)
    return scored(done, best.belief)


def anniversary(question: FigureQuestion, search: Search) -> Result | None:
    """Return the year of an event of which the text names an anniversary: 2025年迎來建區35周年."""
    wanted = replace(question, kinds=frozenset({Kind.DURATION}), unit="")
    for candidate in search.rank(wanted):
        figure = candidate.figure
        named = fold(figure.quantity.surface).endswith("周年")
        if candidate.failure or candidate.score < ANSWER_SCORE or not named:
            continue
        beside = [p.figure for p in search.profiles.of_sentence(figure)]
        years = [other for other in beside if other.quantity.kind is Kind.YEAR]
        if len(years) == 1 and (found := scored(compute(Operation.DIFFERENCE, (years[0], figure)), candidate.score)):
            return found
    return None
