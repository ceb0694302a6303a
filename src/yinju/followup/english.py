"""English follow-ups, move by move."""

from __future__ import annotations

import re

from yinju.figures import cues
from yinju.figures.periods import periods_in
from yinju.followup.ellipsis import is_unit
from yinju.followup.reference import last_list
from yinju.followup.slots import beside
from yinju.followup.topic import Context, english_names, english_subjects, person, topic
from yinju.text import fold
from yinju.types import Span

_LEAD = re.compile(
    r"^(?:(?:and|but|so|ok|okay|then|also|now|well|thanks)\b[,\s]*)*(?:(?:what|how) about\b|what of\b)?[,\s]*", re.I
)
_CORRECTION = re.compile(
    r"^(?:(?:no|sorry|actually|wait)\b[,.!\s]*)*(?:not [\w .'-]+?[,;]\s*(?:but\s+)?)?"
    r"(?:i (?:meant|mean|(?:was asking|am asking|asked) (?:about|for))|make that)\s+(?P<rest>.+)$",
    re.I,
)
_NOT_BUT = re.compile(r"^(?:no[,.]?\s+)?not [\w .'-]+?(?:,|;| but)\s*(?:but\s+)?(?P<rest>.+)$", re.I)
_CLAUSE = re.compile(
    r"(?:what|how|who|whom|whose|when|where|which|why|is|are|was|were|does|do|did|has|have|can|could|will|tell|list|describe|"
    r"explain|name|give|show|compare|summari[sz]e)\b",
    re.I,
)
_PRONOUN = re.compile(
    r"\b(?P<own>its|their|his|her)\b|\b(?P<it>it|they|he|she|him|them|there)\b|\b(?:that|this|the|said) "
    r"(?:company|firm|fund|district|city|park|university|project|platform|province|county|enterprise|group|institution|school|"
    r"bank|person|founder|area|place|team|laboratory|lab)\b(?!\s+(?:of|in|that|which|for)\b)",
    re.I,
)
_SCOPE = re.compile(r"the (?:whole |entire )?(?:city|province|country|nation|district|county|world|region)", re.I)
_PROPERTY = re.compile(
    r"(?:(?:annual|yearly|year-on-year) )?(?:growth(?: rate)?|increase|rate|share|proportion|ranking|rank|target)|"
    r"per[ -]capita(?: \w+)?",
    re.I,
)


def write_out_english(question: str, context: Context) -> str | None:
    """Write an English follow-up out; ``None`` where it lacks nothing."""
    text = question.rstrip("?!. ")
    if match := _CORRECTION.match(text) or _NOT_BUT.match(text):
        rest = match["rest"]
        return sentence(rest) if _CLAUSE.match(rest) else _changed(context.base, rest, context)
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    if _WHEN_FOUNDED.fullmatch(rest):
        return _with_time(context.base, rest)
    if re.fullmatch(r"why(?: is that| so)?", rest, re.I):
        return sentence(f"what is the reason for {describe_english(context.base)}")
    for move in (_combine, _ordinal, _bare_count, _pronoun):
        if (found := move(rest, context)) is not None:
            return sentence(found)
    is_marked = rest != text or bool(re.match(r"in |for |not ", rest, re.I))
    if rest and not _CLAUSE.match(rest) and len(rest.split()) <= (12 if is_marked else 2):
        return _changed(context.base, rest, context)
    return _subjectless(rest, context)


def sentence(text: str) -> str:
    """Begin a question with a capital and end it with its mark."""
    return text[:1].upper() + text[1:] + ("" if text.endswith("?") else "?")


# ── a slot changed ──────────────────────────────────────────────────────────────────────────

_WHEN_FOUNDED = re.compile(r"when (?!was|were|did|does|is|are)[\w' -]+ (?:was|were) \w+", re.I)
_COUNTED = re.compile(
    r"(?:how (?:many|much)|what (?:is|was|are|were)(?: the)?(?: [A-Z][\w ]*?['’]s)?)\s+(?P<noun>.+?)"
    r"(?=\s+(?:are|is|were|was|do|does|did|have|has|had|of|in|for|account|make|live|work)\b|\?|$)",
    re.I,
)
_FILLER = re.compile(r"\b(?:in|for|during|by|at|the|year|of)\b", re.I)


def _changed(base: str, fragment: str, context: Context) -> str:
    """The last question with the slot that a fragment names changed."""
    fragment = fragment.strip(" ,")
    if year := beside(base, fragment):
        return _with_time(base, year)
    if periods := periods_in(fold(fragment)):
        time = Span(periods[0].span.start, periods[-1].span.end)
        if not _FILLER.sub("", fragment[: time.start] + fragment[time.end :]).strip(" ,"):
            return _with_time(base, time.of(fragment))
    unit = re.fullmatch(r"(?:in|converted? (?:in)?to|as)\s+(?P<unit>[\w ]+)", fragment, re.I)
    if unit and is_unit(fold(unit["unit"])):
        return sentence(f"{base.rstrip('?. ')} converted to {unit['unit']}")
    noun = re.sub(r"^(?:(?:in|for|of|at|by)\s+)?(?:its|their|his|her)?\s*", "", fragment, flags=re.I)
    if _PROPERTY.fullmatch(re.sub(r"^the\s+", "", noun)):
        return sentence(f"what is the {re.sub(r'^the ', '', noun)} of {describe_english(base)}")
    own = re.match(r"(?:its|their|his|her)\s+", fragment, re.I)
    if own and (name := topic(context)):
        return sentence(f"what is the {noun} of {name}")
    names = english_names(base)
    scope = cues.SCOPE.search(fold(base)) or _SCOPE.search(base)
    if scope and (cues.SCOPE.search(fold(noun)) or _SCOPE.fullmatch(noun)):
        return sentence(base[: scope.start()] + re.sub(r"^the (?=national)", "", noun) + base[scope.end() :])
    is_name = bool(english_names(noun) or cues.SCOPE.search(fold(noun)) or _SCOPE.fullmatch(noun))
    if names and is_name:
        return sentence(base[: names[0].start] + re.sub(r"['’]s$", "", noun) + _kept_genitive(base, names[0]))
    return _with_noun(base, noun)


def _kept_genitive(base: str, name: Span) -> str:
    own = "" if not re.search(r"['’]s$", name.of(base)) else "'s"
    return own + base[name.end :].rstrip("?")


def _with_noun(base: str, noun: str) -> str:
    subjects = english_subjects(base)
    if subjects and re.match(r"how (?:many|much)\b", base, re.I) and re.match(r"the [\w -]*\w(?<!s)$", noun):
        return sentence(f"what is {noun} of {subjects[0]}")
    counted = _COUNTED.search(base)
    if counted and not re.match(r"(?:is|are|was|were|do|does|did)\b", counted["noun"], re.I):
        start, end = counted.span("noun")
        return sentence(base[:start] + re.sub(r"^the\s+", "", noun) + base[end:].rstrip("?"))
    if subjects:
        return sentence(base.replace(subjects[0], noun, 1).rstrip("?"))
    return sentence(f"{base.rstrip('?. ')} for {noun}")


def _with_time(base: str, time: str) -> str:
    if spans := [period.span for period in periods_in(fold(base))]:
        before = base[: spans[0].start]
        if time.lower().startswith("when"):
            before = re.sub(r"\b(?:in|for|during|by)\s+$", "", before, flags=re.I)
        return before + time + base[spans[-1].end :]
    link = "" if re.match(r"(?:this|last|next|when)\b", time, re.I) else "in "
    return sentence(f"{base.rstrip('?. ')} {link}{time}")


_BARE_COUNT = re.compile(r"how (?:many|much)(?: of them)?(?= (?:are|is|were|was|does|do|did|have|has|in)\b)", re.I)


def _bare_count(text: str, context: Context) -> str | None:
    """``How many are there in X?``, ``How many universities are there?`` → with the thing counted, with the place."""
    if re.fullmatch(r"how (?:many|much) [\w -]+ (?:are|is|were|was) there", text, re.I) and (name := topic(context)):
        return f"{text} in {name}"
    match, counted = _BARE_COUNT.match(text), _COUNTED.search(context.base)
    if match is None or counted is None:
        return None
    return f"{match.group().removesuffix(' of them')} {counted['noun']}{text[match.end() :]}"


# ── pronouns and ordinals ───────────────────────────────────────────────────────────────────


def _pronoun(text: str, context: Context) -> str | None:
    """its, they, that company, there → what they stand for."""
    if not _CLAUSE.match(text):
        return None
    match = next((m for m in _PRONOUN.finditer(text) if not english_names(text[: m.start()])), None)
    if that := re.search(r"(?<=\b(?:is|as) )(?:that|this)$|(?<=\bwas )(?:that|this)$", text, re.I):
        return text[: that.start()] + describe_english(context.base)
    if match is None or re.search(r"\bhow many (?:[\w-]+ )*(?:are|were) there\b", text, re.I):
        return None
    word = (match["own"] or match["it"] or "").lower()
    if word == "it" and re.match(r" (?:grow|increase|rise|fall|change|decline|drop|account|rank)", text[match.end() :]):
        return text[: match.start()] + describe_english(context.base) + text[match.end() :]
    if word in {"its", "their"} and _PROPERTY_OF.match(text[match.end() :]) and _COUNTED_VALUE.match(context.base):
        of = f"{text[match.end() :].strip()} of {describe_english(context.base)}"
        return f"{text[: match.start()]}the {of}"
    name = (person(context) if word in {"he", "she", "him", "his", "her"} else "") or topic(context)
    if not name:
        return None
    put = f"{name}'s" if match["own"] else f"in {name}" if word == "there" else name
    return text[: match.start()] + put + text[match.end() :]


_PROPERTY_OF = re.compile(r" (?:[\w-]+ )?(?:growth(?: rate)?|increase|share|rank(?:ing)?|target)$", re.I)
_COUNTED_VALUE = re.compile(r"what (?:is|was|are|were) (?:the )?", re.I)


_ORDINAL = re.compile(r"\bthe (?P<number>first|second|third|fourth|fifth|last)(?: one)?(?= |$)", re.I)
_NUMBERS = ("first", "second", "third", "fourth", "fifth")


def _ordinal(text: str, context: Context) -> str | None:
    match = _ORDINAL.search(text)
    items = last_list(context) if match else []
    if match is None or not items or re.match(r" (?:quarter|half|time|year|in)\b", text[match.end() :]):
        return None
    number = match["number"].lower()
    position = len(items) - 1 if number == "last" else _NUMBERS.index(number)
    if position >= len(items):
        return None
    before = next((other for other in items if other in context.last), "")
    if before and match.end() - match.start() == len(text):
        return context.last.replace(before, items[position])
    written = text[: match.start()] + items[position] + text[match.end() :]
    return written if _CLAUSE.match(text) else f"what is {written}"


# ── comparison and arithmetic ───────────────────────────────────────────────────────────────

_HOW_MANY = re.compile(
    r"how (?:many|much)\s+(?P<noun>.+?)\s+(?:(?:are|is|were|was)(?: there)?|(?P<do>does|do|did))\s+(?P<rest>.+)$", re.I
)


def describe_english(question: str) -> str:
    """Turn a question for a number into what it asks about: ``How many firms are in X?`` → ``firms in X``."""
    text = question.rstrip("?. ")
    if match := re.match(r"what (?:is|was|are|were)\s+(?P<rest>.+)$", text, re.I):
        return match["rest"]
    if match := _HOW_MANY.match(text):
        rest = re.sub(r"\s+(?:have|own|has|employ)\b", "", match["rest"])
        return f"{match['noun']} of {rest}" if match["do"] else f"{match['noun']} {rest}"
    if match := re.match(r"how (?:large|big)\s+(?:is|was)\s+(?P<rest>.+)$", text, re.I):
        return f"the area of {match['rest']}"
    if match := re.match(
        r"what (?P<part>share|percentage|proportion) of (?P<whole>.+?) (?:is|was) (?P<rest>.+)$", text, re.I
    ):
        return f"{match['rest']} as a {match['part']} of {match['whole']}"
    return re.sub(r"^how (?:many|much)\s+", "", text, flags=re.I)


_MORE = r"(?:larger|bigger|higher|greater|more|smaller|lower|less|fewer)"
_THAT = r"(?:it|the former|the latter|that|this|them|those|these|the two|both|before)"
_SUM = re.compile(
    rf"(?:what (?:is|are|do)\s+)?(?:they|{_THAT})?\s*"
    r"(?:add up|altogether|together|combined|in total|the sum|the total|sum)\b.*",
    re.I,
)
_GAP = re.compile(
    rf"by how much|(?:what(?:'s| is)\s+)?(?:the )?(?:difference|gap)(?: between {_THAT})?|"
    rf"how (?:much|many)(?: more| less| larger| higher| fewer)?(?: is {_THAT})?(?: than {_THAT})?",
    re.I,
)
_TIMES = re.compile(
    r"how many times(?: (?:larger|bigger|more|higher|that|as (?:much|many|large)))*"
    rf"(?: is {_THAT})?(?: (?:than )?{_THAT})?",
    re.I,
)
_THAN = re.compile(
    rf"how (?:much|many) (?:more|less|larger|higher|fewer|bigger)(?: is {_THAT})? than (?:in )?(?P<other>.+)|"
    rf"how does {_THAT} compare (?:to|with) (?P<with>.+)|compared (?:to|with) (?P<to>.+)",
    re.I,
)


def _combine(text: str, context: Context) -> str | None:
    """``how much more than the city?``, ``and together?``: operands are the last questions."""
    if match := _THAN.fullmatch(text):
        other = next(group for group in match.groups() if group)
        if not re.fullmatch(_THAT, other, re.I):
            second = describe_english(_changed(context.base, other, context))
            return f"what is the difference between {describe_english(context.base)} and {second}"
    which = re.fullmatch(rf"which (?:one |of them |of the two )?is (?P<more>{_MORE})", text, re.I)
    sum_, gap, times = (pattern.fullmatch(text) for pattern in (_SUM, _GAP, _TIMES))
    if len(context.plain) < 2 or not (sum_ or gap or times or which):
        return None
    first, second = (describe_english(question) for question in reversed(context.plain[-2:]))
    if sum_:
        return f"what is the sum of {second} and {first}"
    if which:
        return f"which is {which['more']}: {first} or {second}"
    if times:
        return f"how many times is {first} as large as {second}"
    return f"what is the difference between {first} and {second}"


def _subjectless(text: str, context: Context) -> str | None:
    """``How many employees?``, ``Founded when?`` → with the last subject."""
    name = topic(context)
    if not name or english_names(text) or len(text.split()) > 6 or periods_in(fold(text)):
        return None
    if re.fullmatch(r"how (?:many|much) (?:(?!\b(?:are|is|do|does|did|have|has|in|of)\b)[\w -])+", text, re.I):
        return sentence(f"{text} does {name} have")
    if match := re.fullmatch(
        r"(?P<wh>when|where) (?P<verb>founded|established|started|built|located|based)", text, re.I
    ):
        return sentence(f"{match['wh']} was {name} {match['verb']}")
    return None
