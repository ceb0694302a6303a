"""The content words of a question, with weights, synonyms and whether they are names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import rjieba

import yinju.figures.cues as cues
from yinju.dictionary import is_common_word
from yinju.figures.periods import AskedPeriod
from yinju.vocabulary import longest_in, spoken


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question.

    Attributes:
        text: The word, folded.
        weight: How much it matters, 0 to 1, before rarity is taken into account.
        alternatives: Words that say the same; any of them covers the term.
        name: Whether it names a place, an organisation or a person.
    """

    text: str
    weight: float = 1.0
    alternatives: tuple[str, ...] = ()
    name: bool = False

    @property
    def forms(self) -> tuple[str, ...]:
        """The word and those that say the same."""
        return (self.text, *self.alternatives)


MIN_PHRASE = 3
"""Characters from which a spoken phrase is looked for across words."""
_NAME_TAGS = frozenset({"ns", "nt", "nz"})
_NO_NAMES = cues.word_set(
    """
    东西 普通 高层 新建 惠及 养老 上楼 通车 开发 中心 国家 世界
    """
)
# Tagged as names by the dictionary, but ending like common nouns (城镇人口, 新兴产业).
_COMMON_ENDING = re.compile(
    r".*(?:[口业品人员量率值额费法器机化力金款料物房车地家级型性片店权]|企业|公司|大学生|系统|平台|产业|园区)$"
)
_NO_NAME_START = frozenset("刚才曾已正将就都也还")
_PLACE = re.compile(r"[一-鿿]{2,7}(?:省|市|区|县|自治区|街道)$")
_COMMON_PLACE = cues.word_set(
    """
    园区 社区 地区 区县 城市 城区 市区 郊区 山区 全区 全市 全省 片区 辖区 景区 校区 灾区 林区 矿区 牧区 农区
    建区 工业区 高新区 开发区 示范区 自贸区 保护区 街区 县市 省市 都市 超市 上市 股市 门市
    """
)


_YEARS = re.compile(
    r"(?:过去|最近|[这近那前])*(?:[一二两三四五六七八九十几]+|\d{1,2})年(?:之间|期间|[来间里])?(?![级度])"
)
"""How many years, which say when and not what."""


def content_terms(folded: str, asked: Sequence[AskedPeriod]) -> tuple[Term, ...]:
    """The content words of a folded Chinese question: what is left without times, cues, units and courtesy."""
    rest = list(folded)
    masked = [(p.span.start, p.span.end) for p in asked]
    patterns = (cues.FRAME, cues.SCOPE, cues.GIVEN, cues.PER, _YEARS)
    masked += [m.span() for pattern in patterns for m in pattern.finditer(folded)]
    masked += [(start, end) for start, end, _scale, _unit in cues.asked_units(folded)]
    for start, end in masked:
        rest[start:end] = " " * (end - start)
    for pattern, word in cues.PHRASES:
        for match in pattern.finditer(folded):
            # Further replacements keep their places: the word stands in the first cell of what it replaces.
            rest[match.start() : match.end()] = [f" {word} ", *[""] * (match.end() - match.start() - 1)]
    said = _spoken_phrases("".join(rest))
    for phrase in said:
        rest = list("".join(rest).replace(phrase, " "))
    tagged = [part for word, tag in rjieba.tag("".join(rest), True) for part in _without_guess(word, tag)]
    plain = (_term(word, tag) for word, tag in tagged if _is_content(word, tag))
    return tuple(dict.fromkeys((*(Term(phrase, 1.0, spoken()[phrase]) for phrase in said), *plain)))


def _without_guess(word: str, tag: str) -> list[tuple[str, str]]:
    """Take apart a verb of two characters that the segmenter made up: 哪家店卖得多 sells in shops, it does not 店卖."""
    return (
        rjieba.tag(word, False) if tag == "v" and len(word) == _GUESSED and not rjieba.has_word(word) else [(word, tag)]
    )


_GUESSED = 2


def _spoken_phrases(text: str) -> list[str]:
    """Return the spoken phrases of several words (盖厂修路) that a text has, as they stand; longer ones win."""
    phrases = (phrase for phrase in spoken() if len(phrase) >= MIN_PHRASE and phrase in text and _is_several(phrase))
    return sorted(longest_in(text, phrases), key=text.find)


@cache
def _is_several(phrase: str) -> bool:
    return len(rjieba.cut(phrase)) > 1


def _is_content(word: str, tag: str) -> bool:
    if word in cues.STOP or not any(character.isalnum() for character in word):
        return False
    return not (len(word) == 1 and tag in {"m", "c", "p", "u", "y", "r", "ul", "uj", "uz", "ug", "f", "q", "d"})


def _term(word: str, tag: str) -> Term:
    weight = 0.2 if word in cues.LIGHT else 0.3 if len(word) == 1 else 1.0
    if weight == 1.0 and tag in {"v", "d", "a", "p", "f", "vd", "ad"}:
        weight = 0.6
    synonyms = cues.SYNONYMS.get(word, ())
    return Term(word, weight, synonyms, weight == 1.0 and not synonyms and _is_name(word, tag))


def _is_name(word: str, tag: str) -> bool:
    if word in _COMMON_PLACE or word in _NO_NAMES or len(word) < 2 or word[0] in _NO_NAME_START:
        return False
    tagged = tag in _NAME_TAGS and not _COMMON_ENDING.match(word) and not is_common_word(word)
    return bool(_PLACE.match(word)) or tagged
