"""Whether the words of prose are those of its evidence: covered, quoted verbatim, and not turned round."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import rjieba

import yinju.figures.cues as cues
from yinju.asked import covers
from yinju.dictionary import terms_in_documents
from yinju.text import Language, fold

LEAST_COVERAGE = {"zh-Hant": 0.6, "zh-Hans": 0.6, "en": 0.6}
"""Share of a sentence's content that its evidence has to have."""
LEAST_OWN_COVERAGE = 0.5
"""The same for the words that go with one number, in the sentence of the evidence that has it."""
MOST_HOLE = 0.3
"""Share of a sentence's content that may lie on one word which the evidence does not have."""
LEAST_NAME = 0.9
"""How far a name has to stand in the evidence: 南山 for 南山區 does, 福田 does not."""
LEAST_LIKENESS = 0.5
"""From this likeness on, two clauses are about one thing, and one may not deny what the other says."""
_CONTENT = ("n", "v", "a", "eng", "j", "i", "l", "z", "s", "x", "g")
# What prose says about its sources and how it joins sentences; folded.
_SAYING = frozenset(
    """
    根据 依据 按照 资料 文件 文档 文中 文本 原文 显示 表示 指出 提到 说明 可知 可见 数据 内容 信息 具体 如下
    达到 达 实现 为 是 有 占 即 共 约 并 且 其中 此外 同时 另外 以及 因此 方面 情况 来说 来看 而言 分别 总体
    相关 进行 属于 成为 作为 包括 包含 according document text states says reports stated reported
    respectively also data figure figures given shows
    """.split()
)
_GRAMMAR = frozenset("比的和与及是在了被把从向对由较")
_BECOMES = re.compile(r"翻|扩|缩|增|减|降|升|倍|times|doubl|tripl")
_QUOTES = re.compile(r"「([^「」]+)」|『([^『』]+)』|“([^“”]+)”|‘([^‘’]+)’|《([^《》]+)》|\"([^\"]+)\"")
_NOT_NEGATIVE = re.compile(
    r"不仅|不但|不断|不同|不少|不到|不足|不超过|不低于|不高于|不少于|不多于|不久|不管|不论|不只|不光|不过|不久|非常|无论|未来"
    r"|无疑|不错|不得不|不可不|莫不|无不|not only|no (?:less|more|fewer) than|not (?:less|more) than"
)
_NEGATIVE = re.compile(
    r"不|没|未|无|非(?!洲|遗|公|税|农)|否|勿|莫|别(?=[再有去让])|\b(?:not|no|never|none|nor|neither|without|cannot)\b|n't\b"
)
# Claims that evidence has to make in so many words: each of the prose needs one of the same kind in the evidence.
_CLAIMS = tuple(
    re.compile(pattern)
    for pattern in (
        r"最(?!近|后|初|终)|首[位个次家批创]|唯一|第一|冠|领先|居首|\b(?:(?:larg|high|low|bigg|fast|small|great|long"
        r"|strong|earli)est|most|only|first|leading|top|best|unique)\b",
        r"因为|由于|导致|使得|致使|因此|因而|所以|从而|得益于|归功于|because|due to|caus(?:e|ed|es)\b|therefore"
        r"|thanks to|result",
        r"全部|所有|一律|均为|无一|\b(?:all|every|entire(?:ly)?|always)\b",
        r"可能|或许|也许|大概率|\b(?:may|might|perhaps|possibly|likely)\b",
        r"建议|应当|应该|必须|\b(?:should|must|ought|recommend)\b",
    )
)
_ASIDE = re.compile(r"[（(][^（）()]*[）)]|“[^“”]*”|「[^「」]*」")
_RESERVED = re.compile(r"https?:|www\.|://|\]\(|<[a-z/!]|&#|\bdata:|\bjavascript:", re.I)


@dataclass(frozen=True, slots=True)
class Word:
    """A content word of prose: folded, its weight, whether it names, and words of the evidence that say the same."""

    text: str
    weight: float
    is_name: bool
    alternatives: tuple[str, ...] = ()

    def found(self, folded: str) -> float:
        """Tell how far folded text has it, 0 to 1."""
        if any(word in folded for word in self.alternatives):
            return 1.0
        return covers(self.text, folded)


def content_words(text: str, language: Language, evidence: str) -> list[Word]:
    """Return the content words of prose.

    Args:
        text: Prose without its numbers.
        language: Of the prose.
        evidence: Folded; English words are translated into words of it.
    """
    if language == "en":
        return _english_words(text, evidence)
    return [
        Word(word, float(len(word)), _is_name(word, tag), cues.SYNONYMS.get(word, ()))
        for word, tag in rjieba.tag(fold(text))
        if tag.startswith(_CONTENT) and _is_content(word)
    ]


def _is_content(word: str) -> bool:
    meaningless = word in _SAYING or word in cues.STOP or not any(character.isalpha() for character in word)
    if meaningless or (len(word) == 1 and not word.isascii()):
        return False
    # Two characters, one of them of grammar: mostly cut across a word that no dictionary has (市|比).
    return not (len(word) == 2 and _GRAMMAR & set(word))


def _is_name(word: str, tag: str) -> bool:
    if word.isascii() and word.isalpha():
        return True
    return tag in ("nr", "nrt", "nrfg", "ns", "nt") and len(word) >= 2


def _english_words(text: str, evidence: str) -> list[Word]:
    found = []
    for term in terms_in_documents(text, evidence):
        word = term.term.lower()
        if word in _SAYING or word in cues.STOP or not any(c.isalpha() for c in word):
            continue
        is_name = term.term[:1].isupper() and text[: term.span.start].strip() != ""
        found.append(Word(word, 1.0, is_name, tuple(fold(candidate) for candidate, _ in term.candidates)))
    return found


def coverage(words: Sequence[Word], folded: str) -> float:
    """Return the weighted share of words that folded text has, 0 to 1; 1 where there are none."""
    total = sum(word.weight for word in words)
    return sum(word.weight * word.found(folded) for word in words) / total if total else 1.0


def shared_pairs(folded: str, other: str) -> float:
    """Return the share of the pairs of characters of folded text that another has, 0 to 1; 1 where there are none."""
    pairs = [a + b for a, b in pairwise(folded) if a.isalnum() and b.isalnum()]
    return sum(pair in other for pair in pairs) / len(pairs) if pairs else 1.0


def hole(words: Sequence[Word], folded: str) -> float:
    """Return the largest share of the weight of words that lies on one word which folded text has not, 0 to 1."""
    total = sum(word.weight for word in words)
    return max((word.weight / total for word in words if word.found(folded) < 0.5), default=0.0)


def strange_names(words: Iterable[Word], folded: str) -> list[str]:
    """Return the names among words that folded text does not have."""
    return [word.text for word in words if word.is_name and word.found(folded) < LEAST_NAME]


def false_quotations(text: str, folded: str) -> list[str]:
    """Return what stands between quotation marks and is not, character for character, in folded evidence."""
    quoted = [next(filter(None, match.groups())) for match in _QUOTES.finditer(text)]
    bare = "".join(folded.split())
    return [quote for quote in quoted if "".join(fold(quote).split()) not in bare]


def new_claims(folded: str, evidence: str) -> bool:
    """Tell whether folded prose ranks, explains, generalises or advises where folded evidence does not."""
    return any(claim.search(folded) and not claim.search(evidence) for claim in _CLAIMS)


def negates(folded: str) -> bool:
    """Tell whether folded text denies something."""
    return bool(_NEGATIVE.search(_NOT_NEGATIVE.sub("", folded)))


def turns_round(folded: str, reference: str) -> bool:
    """Tell whether folded prose says the opposite of a folded clause about the same thing."""
    if negates(folded) != negates(reference):
        return True
    rises, falls = bool(cues.RISE.search(folded)), bool(cues.FALL.search(folded))
    rose, fell = bool(cues.RISE.search(reference)), bool(cues.FALL.search(reference))
    return (rises and not rose) or (falls and not fell)


def says_change(folded: str) -> bool:
    """Tell whether folded text says that something became more or less."""
    return any(pattern.search(folded) for pattern in (cues.CHANGE, cues.RISE, cues.FALL, _BECOMES))


def says_newly(folded: str) -> bool:
    """Tell whether folded text counts what was added rather than what there is."""
    return bool(cues.INCREMENT.search(folded))


def likeness(words: Sequence[Word], clause: str) -> float:
    """Return how far a folded clause is about what words say: 0 to 1."""
    return coverage(words, clause) if words else 0.0


def plans(folded: str) -> bool:
    """Tell whether folded text speaks of a plan or forecast."""
    return bool(cues.TARGET.search(folded))


# ── form ────────────────────────────────────────────────────────────────────────────────────


def has_markup(text: str) -> bool:
    """Tell whether prose holds addresses, links or tags, which no evidence has to give."""
    return bool(_RESERVED.search(text))


def wrong_language(text: str, language: Language) -> bool:
    """Tell whether prose is not in the language of the question; names in Latin letters do not matter."""
    bare = _ASIDE.sub("", text) if language == "en" else text
    letters = [character for character in bare if character.isalpha()]
    n_han = sum("\u3400" <= character <= "\u9fff" or ord(character) >= 0x20000 for character in letters)
    n_latin = sum(_is_latin(character) for character in letters)
    if n_han + n_latin < len(letters) or not letters:
        return True
    return n_han > 0.2 * len(letters) if language == "en" else n_han < 2 or n_han < 0.3 * len(letters)


def _is_latin(character: str) -> bool:
    return character.isascii() or unicodedata.name(character, "").startswith("LATIN")


_MORE = re.compile(r"多|高|大于|超过|领先|胜过|\b(?:more|higher|larger|greater|above|exceed\w*)\b")
_LESS = re.compile(r"少|低|小于|落后|不及|\b(?:less|lower|fewer|smaller|below)\b")


def says_more(folded: str) -> bool:
    """Tell whether folded text says that something is more than something."""
    return bool(_MORE.search(folded))


def says_less(folded: str) -> bool:
    """Tell whether folded text says that something is less than something."""
    return bool(_LESS.search(folded))


def compares_with_first(folded: str, place: int) -> bool:
    """Tell whether what is named at ``place`` is what others are compared with (比福田…, than Futian …)."""
    return bool(re.search(r"(?:比|较|相比|compared (?:with|to) |than )$", folded[:place]))
