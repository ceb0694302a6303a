"""What stands around each figure, ready for matching: its own words, its clause, its sentence, its subject.

A ledger is profiled once and then asked many times.
"""

from __future__ import annotations

import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import rjieba

import yinju.figures.cues as cues
from yinju.figures.grid import Grid
from yinju.figures.ledger import Ledger
from yinju.figures.periods import Months, read_period
from yinju.text import fold, language_of, words
from yinju.types import TIMES, Figure, Kind, Role, Span, Table

N_BEFORE = 160
"""Characters before a sentence that may name its subject."""
_SEPARATORS = '、，,；;。：:（()）！!？?“”"\n'
_PLACE_SUFFIX = re.compile(r"(?:特别行政区|自治区|自治州|新区|省|市|区|县|州|镇|乡|村|街道)$")
_STARTS = re.compile(r"(?:从|由)(?!其中)(?:\d{4}年(?:的|底的?)?)?[^,，;；从由到至]{0,14}$")
_LEADS_TO = re.compile(r"^[^。；;]{0,24}?(?:到|至|为)")
PER_UNIT = re.compile(r"人均|户均|亩均|地均|每(?:一)?(?:[百千万亿]+)?(?:人|平方公里|公顷|亩|家|户|个|名|台|辆|吨)")
_WHOLE = re.compile(r"全(?:省|市|区|县|州|镇|国|球|岛)|本(?:省|市|区|县)|我(?:省|市|区|县|国)")


@dataclass(frozen=True, slots=True)
class Profile:
    """One figure's surroundings, all text folded.

    Attributes:
        figure: The ledger row.
        own: The words that belong to this figure alone: metric, and the text between its neighbours in the clause.
        clause: Its clause.
        prior: The clause before it in the sentence.
        sentence: Its sentence.
        before: The sentence before it in the same document, and headings the caller knows.
        entity: Its entity, folded; empty when none is known.
        per: Whatever makes it a per-unit value; empty otherwise.
        months: The months it speaks of; ``None`` when the text does not say.
        target: A plan or forecast.
        is_start: The value a change began with (從A升至B: A).
    """

    figure: Figure
    own: str
    clause: str
    prior: str
    sentence: str
    before: str
    entity: str
    per: str
    months: Months | None
    target: bool
    is_start: bool


LANGUAGE_SAMPLE = 2000
"""Characters at the beginning of a document that tell its language."""


class Profiles(Sequence[Profile]):
    """The profiles of a ledger, in its order, with what they have in common."""

    def __init__(
        self,
        ledger: Ledger,
        texts: Mapping[str, str] | None = None,
        tables: Mapping[str, Sequence[Table]] = MappingProxyType({}),
    ) -> None:
        """Profile every figure.

        Args:
            ledger: The figures.
            texts: Readable text of each document by name; without it the ledger's own sentences are used.
            tables: Of each document, by its name.
        """
        self.texts = {name: fold(text) for name, text in (texts or _texts_of(ledger)).items()}
        self.grid = Grid(ledger, tables, self.texts)
        self._sentences: dict[tuple[str, Span], str] = {}
        self._profiles = tuple(self._profile(ledger, i) for i in range(len(ledger)))
        self.subjects = {name: _subject(self._profiles, name, self.texts) for name in {f.document for f in ledger}}
        self.years = {name: _year_of(self._profiles, name) for name in self.subjects}
        self.main_years = {name: _main_year(self._profiles, name) for name in self.subjects}
        self._english = {name for name, text in self.texts.items() if language_of(text[:LANGUAGE_SAMPLE]) == "en"}
        self._frequency: dict[str, int] = {}
        self._clauses: dict[tuple[str, int], list[Profile]] = defaultdict(list)
        for profile in self._profiles:
            self._clauses[profile.figure.document, profile.figure.clause.start].append(profile)

    def __len__(self) -> int:
        return len(self._profiles)

    def __getitem__(self, index: int) -> Profile:  # type: ignore[override]
        return self._profiles[index]

    @property
    def text(self) -> str:
        """All text known, folded: for the words of an English question."""
        if self.texts:
            return "\n".join(self.texts.values())
        return "\n".join(dict.fromkeys(profile.sentence for profile in self._profiles))

    def listed_with(self, profile: Profile) -> list[Profile]:
        """Return the other figures of a clause that have the same unit and role."""
        figure = profile.figure
        return [
            other
            for other in self._clauses[figure.document, figure.clause.start]
            if other.figure.quantity.unit == figure.quantity.unit and other.figure.role is figure.role
            if other is not profile
        ]

    def of_sentence(self, figure: Figure) -> list[Profile]:
        """Return the figures of the sentence that a figure stands in, itself among them, in order."""
        place = figure.document, figure.sentence
        return [p for p in self._profiles if (p.figure.document, p.figure.sentence) == place]

    def rarity(self, word: str) -> float:
        """How much a word tells figures apart, 0 (in every sentence) to 1 (in none)."""
        if word not in self._frequency:
            self._frequency[word] = sum(word in profile.sentence for profile in self._profiles)
        n = len(self._profiles) + 1
        return math.log(n / (1 + self._frequency[word])) / math.log(n) if n > 1 else 1.0

    def is_subject(self, name: str, profile: Profile) -> bool:
        """Tell whether a name means what the row's document is about."""
        subject = self.subjects.get(profile.figure.document, "")
        return bool(subject) and (core(name) in subject or subject in name)

    def is_english(self, document: str) -> bool:
        """Tell whether a document is in English."""
        return document in self._english

    def mentions(self, word: str) -> bool:
        """Tell whether any document has the word."""
        return any(word in text for text in self.texts.values()) or any(word in p.sentence for p in self._profiles)

    def _profile(self, ledger: Ledger, index: int) -> Profile:
        figure = ledger[index]
        text = self.texts.get(figure.document)
        if text is None:
            sentence, offset = fold(ledger.sentence(figure)), figure.sentence.start
        else:
            # Shared by its figures: that of a table's cell is the whole table.
            place = figure.document, figure.sentence
            if place not in self._sentences:
                self._sentences[place] = figure.sentence.of(text)
            sentence, offset = self._sentences[place], figure.sentence.start
        clause = sentence[figure.clause.start - offset : figure.clause.end - offset]
        around = _own(ledger, index, sentence, offset)
        if figure.quantity.kind in TIMES:
            around = f"{around} {_after(ledger, index, sentence, offset)}"
            if text is not None and (same := _THAT_YEAR.match(text[figure.sentence.end : figure.sentence.end + 80])):
                around = f"{around} {same.group()}"
        prior = _CLAUSE_CUT.split(sentence[: max(0, figure.clause.start - offset)].rstrip("，,；;:： "))[-1]
        before = "" if text is None else text[max(0, offset - N_BEFORE) : offset]
        own = " ".join((fold(figure.metric), around, fold(figure.base)))
        per = fold(figure.per) or (match.group() if (match := PER_UNIT.search(around)) else "")
        target = figure.target or figure.role is Role.TARGET
        ahead = sentence[max(0, figure.clause.start - offset) : figure.quantity.span.start - offset]
        is_start = bool(_STARTS.search(ahead)) and bool(_LEADS_TO.search(sentence[figure.quantity.span.end - offset :]))
        return Profile(
            figure,
            own,
            clause,
            prior,
            sentence,
            before,
            fold(figure.entity),
            per,
            read_period(figure.period),
            target,
            is_start,
        )


def _own(ledger: Ledger, index: int, sentence: str, offset: int) -> str:
    """Text from the figure before to the separator or the figure after, inside the sentence."""
    figure = ledger[index]
    span = figure.quantity.span
    start = figure.clause.start
    earlier = (ledger[i] for i in range(index - 1, max(-1, index - 4), -1))
    last = next((other for other in earlier if other.quantity.kind not in TIMES), None)
    if last is not None and last.document == figure.document:
        start = max(start, last.quantity.span.end)
    end = figure.sentence.end
    if index + 1 < len(ledger) and ledger[index + 1].document == figure.document:
        end = min(end, max(span.end, ledger[index + 1].quantity.span.start))
    after = sentence[span.end - offset : end - offset]
    cut = next((i for i, character in enumerate(after) if character in _SEPARATORS), len(after))
    return sentence[start - offset : span.start - offset] + " " + after[:cut]


def _texts_of(ledger: Ledger) -> dict[str, str]:
    """The documents as the ledger knows them: the sentence of a figure whose sentence is everything."""
    whole = {figure.document: replace(figure, sentence=Span(0, sys.maxsize)) for figure in ledger}
    return {name: text for name, figure in whole.items() if (text := ledger.sentence(figure))}


_THAT_YEAR = re.compile(r"\s*(?:那一?年|这一年|当年|同年)[^。！？!?\n]*")
"""A sentence that goes on about the year the one before it names."""
_CLAUSE_CUT = re.compile(r"[，；;：]|,(?!\d)|:(?!\d)")


def _after(ledger: Ledger, index: int, sentence: str, offset: int) -> str:
    """What happened at a time: the sentence from it to the next time named."""
    figure = ledger[index]
    end = figure.sentence.end
    for other in range(index + 1, min(index + 12, len(ledger))):
        quantity = ledger[other].quantity
        if ledger[other].document != figure.document or quantity.span.start >= end:
            break
        if quantity.kind in TIMES:
            end = quantity.span.start
    return sentence[figure.quantity.span.end - offset : end - offset]


def core(name: str) -> str:
    """A place name without its rank: 南山区 → 南山; names of two characters stay whole."""
    stripped = _PLACE_SUFFIX.sub("", name)
    return stripped if len(stripped) >= 2 else name


_NAME = re.compile(
    r".*(?:省|市|区|县|州|镇|乡|村|街道|国|盟|旗|岛|湾|集团|公司|大学|学院|医院|银行|研究院|实验室|科技|基金会|全国|全省|全市|全球)$"
)
_NO_NAME = re.compile(r".*(?:建区|园区|社区|地区|片区|全区|超市|城市|上市|都市|中国家)$")


@lru_cache(maxsize=4096)
def is_name(entity: str) -> bool:
    """Tell whether an entity reads like the name of a place or an organisation rather than of a thing."""
    if not entity or _NO_NAME.match(entity):
        return False
    return bool(_NAME.match(entity)) or any(tag in {"ns", "nt", "nrt", "nz"} for _, tag in rjieba.tag(entity, True)[:1])


@lru_cache(maxsize=4096)
def is_place(name: str) -> bool:
    """Tell whether a name reads like that of a place."""
    return bool(_PLACE_SUFFIX.search(name)) or any(tag == "ns" for _, tag in rjieba.tag(name, True)[:1])


@lru_cache(maxsize=256)
def whole_of(subject: str) -> frozenset[str]:
    """Words that mean the whole of a subject: 全市, 本市, 我市 for one that ends in 市."""
    return frozenset(f"{prefix}{subject[-1]}" for prefix in "全本我") if subject else frozenset()


def _subject(profiles: Sequence[Profile], document: str, texts: Mapping[str, str]) -> str:
    """What a document is about: its most frequent entity, the place in its name before all."""
    entities: Counter[str] = Counter()
    for profile in profiles:
        if profile.figure.document == document and profile.entity and not _WHOLE.fullmatch(profile.entity):
            entities[profile.entity] += 1
    if entities:
        return max(entities, key=lambda entity: (entities[entity], entity))
    text = texts.get(document) or "\n".join(p.sentence for p in profiles if p.figure.document == document)
    places = Counter(re.findall(r"[一-鿿]{2,3}?(?:省|市|区|县|州)(?![一-鿿]?[域级])", text))
    return max(places, key=lambda place: (places[place], place)) if places else ""


def _year_of(profiles: Sequence[Profile], document: str) -> int | None:
    """The year a document was written in: the latest day or month it names, else its latest year of a result."""
    dates = [
        int(str(int(p.figure.quantity.value))[:4])
        for p in profiles
        if p.figure.document == document and p.figure.quantity.kind is Kind.DATE and p.figure.quantity.value >= 10**5
    ]
    if dates:
        return max(dates)
    years = [p.months.last_year for p in profiles if p.figure.document == document and p.months and not p.target]
    return max(years) if years else None


LEAST_DATED = 0.2
"""Share of a document's results that have to be of a year for the others to be taken to be of it as well."""


def _main_year(profiles: Sequence[Profile], document: str) -> int | None:
    """The year most results of a document are of; the later one of two that have as many; none where few say a time."""
    results = [
        p for p in profiles if p.figure.document == document and not p.target and p.figure.quantity.kind not in TIMES
    ]
    years = Counter(p.months.last_year for p in results if p.months)
    main = max(years, key=lambda year: (years[year], year), default=None)
    return main if main is not None and years[main] >= len(results) * LEAST_DATED else None


def covers(text: str, forms: Sequence[str]) -> float:
    """How far the best of some words is found in a text, 0 to 1; parts of long words count for less."""
    best = 0.0
    for word in forms:
        if (share := _covered(text, word)) == 1.0:
            return 1.0
        best = max(best, share)
    return best


# The rows of a sentence share its text, and a question asks for the same words of each.
@lru_cache(maxsize=1 << 15)
def _covered(text: str, word: str) -> float:
    for inner, container in _CONTAINERS.items():
        if inner in word and container not in word and container in text:
            text = text.replace(container, " ")
    if word in text:
        return 1.0
    share = _partial(text, word)
    if share < _ABBREVIATED and len(word) in (3, 4) and _abbreviation(word).search(text):
        return _ABBREVIATED
    if share == 0.0 and _is_coined(word) and _abbreviation(word).search(text):
        return _COINED
    return share


_CONTAINERS = {"出口": "进出口", "进口": "进出口", "收入": "收入比"}
"""Words that are not themselves inside a longer one that means another thing."""


_ABBREVIATED = 0.85
_COINED = 0.7
"""What a short form of two characters counts that no dictionary has: 战新 for 战略性新兴."""


@lru_cache(maxsize=4096)
def _is_coined(word: str) -> bool:
    return len(word) == 2 and not word.isascii() and not rjieba.has_word(word)


_SUFFIXES = frozenset("级型性类式化量数额")
"""Endings that one text adds to a word and another leaves out: 国家级, 国家."""


@lru_cache(maxsize=4096)
def _abbreviation(word: str) -> re.Pattern[str]:
    """The long form of a short one: 中科院 is in 中国科学院, each character at most two after the one before."""
    return re.compile("[^\\W\\d]{0,2}?".join(map(re.escape, word)))


def _partial(text: str, word: str) -> float:
    if len(word) < 3 or word.isascii():
        return 0.0
    if word[-1] in _SUFFIXES and word[:-1] in text:
        return 0.9
    pieces, pairs = _parts(word)
    if pieces and all(any(w in text for w in forms) for forms in pieces):
        return 0.95
    n_found = sum(any(w in text for w in forms) for forms in pairs)
    return 0.8 * n_found / len(pairs) if n_found * 2 >= len(pairs) else 0.0


@lru_cache(maxsize=4096)
def _parts(word: str) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """The words a long word is made of, if it is, and its pairs of characters, each with its synonyms."""
    pieces = [piece for piece in words(word) if piece != word]
    if len("".join(pieces)) != len(word):
        pieces = []
    pairs = [word[i : i + 2] for i in range(len(word) - 1)]
    with_synonyms = [tuple((part, *cues.SYNONYMS.get(part, ())) for part in parts) for parts in (pieces, pairs)]
    return with_synonyms[0], with_synonyms[1]
