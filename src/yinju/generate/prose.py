"""Prose of a language model, cut into sentences with the ids they cite, while it is still being written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import opencc

from yinju.text import Language, to_language

_MARK = r"[\[［【]\^?[ \t]*\d{1,3}(?:[ \t]*[,，、;；][ \t]*\d{1,3})*[ \t]*[\]］】]"
_MARKER = re.compile(_MARK)
_BEGUN_MARKER = re.compile(r"[ \t]*[\[［【][\^ \t\d,，、;；]*$")
_END = re.compile(rf"(?:[。！？!?]+|\.(?=\s)|\n)[”’」』）)\"']*(?:[ \t]*(?:{_MARK}))*")
# A full stop after these ends no sentence: initials, abbreviations, the number of a list item.
_NO_END = re.compile(r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|No|St|Inc|Ltd|Co|vs|approx|e\.g|i\.e)|(?:^|\n)\s*\d{1,2})$")
_THINKING = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|\Z)", re.S | re.I)
_CLOSED_THINKING = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.S | re.I)
_BEGUN_THINKING = re.compile(r"<think(?:ing)?>|<[a-z]{0,8}$", re.I)
MAY_END = frozenset("。！？!?.\n>")
"""Without one of these in it, a piece of prose completes no sentence, but may show that one is over."""
_BULLET = re.compile(r"^\s*(?:(?:[-*•·>#]+|\d{1,2}[.)])\s+|\d{1,2}、\s*)+")
# Characters that are not seen but change what is: zero width, directions of writing, soft hyphens, controls.
_UNSEEN = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_STOPS = '。！？!?.”’」』）)"'
_CLOSING = re.compile(r"[。！？!?.\s]*[”’」』）)\"']*$")


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as it will be shown: markup and markers taken out, in the script of the question.

    Attributes:
        raw: As the model wrote it.
        text: To be checked and shown.
        ids: Cited evidence, in order, each once.
    """

    raw: str
    text: str
    ids: tuple[int, ...]


def split(prose: str) -> list[str]:
    """Cut finished prose into raw sentences, the markers after each included; thoughts are left out."""
    text, start, found = _THINKING.sub("", prose), 0, []
    for match in _ends(text):
        found.append(text[start : match.end()])
        start = match.end()
    return [sentence for sentence in (*found, text[start:]) if sentence.strip()]


def begin(prose: str) -> tuple[list[str], str]:
    """Cut unfinished prose into the raw sentences that nothing to come can change, and the rest.

    The sentences of the finished prose are the same ones, then those of the rest with what comes after it.
    """
    text, hidden = _CLOSED_THINKING.sub("", prose), ""
    if thought := _BEGUN_THINKING.search(text):
        text, hidden = text[: thought.start()], text[thought.start() :]
    found, start = [], 0
    for match in _ends(text):
        if not _is_settled(text[match.end() :]):
            break
        found.append(text[start : match.end()])
        start = match.end()
    return [sentence for sentence in found if sentence.strip()], text[start:] + hidden


def _ends(text: str) -> Iterator[re.Match[str]]:
    """Yield the ends of the sentences of a text."""
    start = 0
    for match in _END.finditer(text):
        if match.group()[0] != "." or not _NO_END.search(text[start : match.start()]):
            yield match
            start = match.end()


def _is_settled(rest: str) -> bool:
    """Tell whether a sentence is over: something follows that can be no marker of its own and no part of its end."""
    following = rest.lstrip(" \t")
    return bool(following) and not _BEGUN_MARKER.match(rest)


def draft(raw: str, language: Language) -> Draft:
    """Return a raw sentence as it will be shown, and what it cites."""
    numbers = (int(number) for marker in _MARKER.findall(raw) for number in re.findall(r"\d+", marker))
    ids = tuple(dict.fromkeys(numbers))
    text = _BULLET.sub("", _UNSEEN.sub("", raw))
    text = re.sub(r"[*`]+|__+", "", _MARKER.sub("", text))
    text = " ".join(text.split())
    text = re.sub(r"\s+(?=[。！？，,.、；;!?])", "", text)
    return Draft(raw, in_script(text, language), ids)


def in_script(text: str, language: Language) -> str:
    """Write text in the script of a language, single characters of the other script included; English stays."""
    if language == "en":
        return text
    converted = to_language(text, language)
    if language == "zh-Hans":
        return "".join(to_language(character, language) for character in converted)
    return "".join(_traditional(character) for character in converted)


def _traditional(character: str) -> str:
    """Return the Traditional form of a character that only Simplified has (后, 里, 占 are in both and stay)."""
    if character.isascii():
        return character
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        converted: str = _to_traditional().convert(character)
        return converted
    return character


def _to_traditional() -> opencc.OpenCC:
    from functools import cache

    return cache(opencc.OpenCC)("s2t")


def with_markers(text: str, numbers: tuple[int, ...]) -> str:
    """Put markers before the stop that ends a sentence (``9501億元[1]。``), which is added where there is none."""
    if text[-1:] not in _STOPS:
        text += "." if text.isascii() else "。"
    match = _CLOSING.search(text)
    place = match.start() if match and not text[match.start() :].strip("。！？!?. ") else len(text)
    return text[:place] + "".join(f"[{number}]" for number in numbers) + text[place:]
