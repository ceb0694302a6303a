"""Text as the other stages see it: folded for comparison, cut into sentences and clauses, told by language.

Folding never changes the length, so that an offset in folded text is an offset in the original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Literal

import opencc
import rjieba

from yinju.types import Span

Language = Literal["zh-Hant", "zh-Hans", "en"]

TERMINATORS = "。！？!?…"
OPENERS = "“‘「『（(《〈【〔[{"
CLOSERS = "”’」』）)》〉】〕]}"
_OPENING, _CLOSING = "（(《【[", "）)》】]"
_BRACKET = re.compile(r"[（(《【\[）)》】\]]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_LATIN_WORD = re.compile(r"[A-Za-z]+")
# What holds a sentence together in one language or the other, and what a title in the other language is put in.
_ENGLISH_FRAME = re.compile(
    r"\b(?:the|an?|of|in|on|at|to|for|and|or|is|are|was|were|did|does|do|has|have|had|how|what|which|who|when|where|why"
    r"|many|much|by|from|with|than|as|its|their|it|that|this|list|name|compare|total)\b",
    re.IGNORECASE,
)
_CHINESE_FRAME = re.compile("[的是誰谁哪幾几嗎吗呢了在有共]|什[麼么]|怎[麼么樣样]|多[少大高]|為何|为何|如何")
_QUOTED = re.compile("[《「『“][^》」』”]*[》」』”]")
_HAN_PER_WORD = 3
"""Han characters for each Latin word up to which a text may be English that names things in Chinese."""
# Abbreviations whose full stop does not end an English sentence.
_ABBREVIATION = re.compile(r"\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|No|Inc|Ltd|Co|Corp|vs|etc|e\.g|i\.e|approx|fig)$", re.I)


# Radicals that stand for characters, as PDF files have them (CJK Radicals Supplement, Unicode's equivalent ideographs);
# those of the Kangxi block have a normal form.
_RADICALS = str.maketrans(
    "\u2e81\u2e84\u2e85\u2e86\u2e87\u2e89\u2e8a\u2e8c\u2e8e\u2e92\u2e93\u2e95\u2e96\u2e98\u2e99"
    "\u2e9b\u2e9d\u2e9e\u2e9f\u2ea0\u2ea1\u2ea2\u2ea3\u2ea4\u2ea6\u2ea8\u2ea9\u2eab\u2eac\u2ead"
    "\u2eae\u2eaf\u2eb0\u2eb9\u2ebc\u2ebe\u2ec0\u2ec1\u2ec2\u2ec3\u2ec4\u2ec5\u2ec6\u2ec8\u2ec9"
    "\u2eca\u2ecb\u2ecc\u2ed0\u2ed1\u2ed2\u2ed3\u2ed4\u2ed6\u2ed8\u2ed9\u2eda\u2edb\u2edc\u2edd"
    "\u2ee0\u2ee2\u2ee3\u2ee4\u2ee5\u2ee6\u2ee7\u2ee8\u2ee9\u2eea\u2eec\u2eee\u2eef\u2ef0\u2ef1"
    "\u2ef2\u2ef3",
    "厂乙亻冂几刂卜小兀巳幺彐忄扌攵旡月歺母民氵氺灬爫丬犭王罒示礻竹糹纟耂月艹艹虎衤覀西见角讠贝足车辶钅長"
    "镸长门阝青韦页风飞食饣马骨鬼鱼鸟卤麦黄黾齐齿竜龙龜亀龟",
)
_RADICALS.update({code: ord(unicodedata.normalize("NFKC", chr(code))) for code in range(0x2F00, 0x2FD6)})


@cache
def _converter(config: str) -> opencc.OpenCC:
    return opencc.OpenCC(config)


@lru_cache(maxsize=65536)
def _fold_character(character: str) -> str:
    narrow = unicodedata.normalize("NFKC", character.translate(_RADICALS))
    narrow = narrow if len(narrow) == 1 else character
    simplified: str = _converter("t2s").convert(narrow.casefold() if len(narrow.casefold()) == 1 else narrow)
    return simplified if len(simplified) == 1 else character


def plain_radicals(text: str) -> str:
    """Write the characters that look like radicals of the Kangxi and supplement blocks as such; length is kept."""
    return text.translate(_RADICALS)


def fold(text: str) -> str:
    """Return ``text`` blind to script, width and case, of exactly the same length.

    Traditional becomes Simplified, full width becomes half width, capitals become small.
    """
    return "".join(map(_fold_character, text))


def language_of(text: str) -> Language:
    """Tell the language and script of a question or another short text.

    Mixed text is Chinese once two Han characters are in it, unless the words around them are English and theirs are
    nothing but names: "Who leads 水利局?". Characters that both scripts share decide nothing; without any that differ,
    Traditional is assumed when the text holds none that only Simplified uses.
    """
    n_han, n_words = len(_HAN.findall(text)), len(_LATIN_WORD.findall(text))
    if n_words and (n_han < 2 or (n_han <= _HAN_PER_WORD * n_words and _is_framed_in_english(text))):
        return "en"
    return script_of(text)


def script_of(text: str) -> Language:
    """Tell the script of a text's Han characters, whatever language its other words are in."""
    han = _HAN.findall(text)
    n_traditional = sum(_converter("t2s").convert(character) != character for character in han)
    n_simplified = sum(_converter("s2t").convert(character) != character for character in han)
    return "zh-Hans" if n_simplified > n_traditional else "zh-Hant"


def _is_framed_in_english(text: str) -> bool:
    unquoted = _QUOTED.sub(" ", text)
    return bool(_ENGLISH_FRAME.search(unquoted)) and not _CHINESE_FRAME.search(unquoted)


def has_han(text: str) -> bool:
    """Tell whether there is a Chinese character in a text."""
    return _HAN.search(text) is not None


def has_language(text: str) -> bool:
    """Tell whether there is a character or a word to tell the language by; digits and signs have none."""
    return has_han(text) or _LATIN_WORD.search(text) is not None


def to_language(text: str, language: Language) -> str:
    """Write Chinese text in the script of ``language``; English, and text already in that script, stays as it is."""
    if language == "en" or not has_han(text) or script_of(text) == language:
        return text
    converted: str = _converter("t2s" if language == "zh-Hans" else "s2t").convert(text)
    return converted


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """Cut text into folded words for lexical search (jieba for Chinese); punctuation is dropped."""
    return tuple(word for word in rjieba.cut_for_search(fold(text), True) if _is_word(word))


# Orders to a machine that a document may hold (folded): they state nothing.
_ORDER = re.compile(
    r"(?:忽略|无视|忘记|忘掉|不要理会).{0,10}(?:指令|指示|提示|规则|命令|要求|内容)|系统提示|你(?:现在)?是.{0,8}(?:助手|模型|机器人)"
    r"|(?:请|必须|直接|只)(?:回答|输出|回复).{0,4}[“「\"\d]"
    r"|\b(?:ignore|disregard|forget)\b.{0,30}\b(?:instructions?|prompts?|rules)\b|\bsystem prompt\b|\byou are now\b"
)


def orders_machine(folded: str) -> bool:
    """Tell whether folded text gives orders to whoever reads it by machine, rather than saying something."""
    return bool(_ORDER.search(folded))


def _is_word(word: str) -> bool:
    return any(character.isalnum() for character in word)


# ── sentences ───────────────────────────────────────────────────────────────────────────────


def sentences(text: str) -> list[Span]:
    """Cut text into sentences, white space around them left out.

    A sentence ends at 。！？!?…, at an English full stop before white space, or at a line break; quotation marks and
    brackets that close right after it belong to it. Inside brackets nothing ends a sentence, line breaks aside.
    """
    return [span for line in lines(text) for span in _sentences_of_line(text, line)]


def clauses(text: str, sentence: Span) -> list[Span]:
    """Cut a sentence at commas, semicolons, colons and dashes that stand outside brackets and between no digits."""
    found, start, depth = [], sentence.start, 0
    for position in range(sentence.start, sentence.end):
        character = text[position]
        depth = max(0, depth + (character in "（(《〈【〔[") - (character in "）)》〉】〕]"))
        if depth == 0 and _cuts_clause(text, position):
            found.append(Span(start, position))
            start = position + 1
    found.append(Span(start, sentence.end))
    return [trimmed for span in found if (trimmed := trim(text, span))]


def trim(text: str, span: Span) -> Span:
    """Return the span without white space at its ends."""
    start, end = span.start, span.end
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def _cuts_clause(text: str, position: int) -> bool:
    character = text[position]
    if character in "，；：;—":
        return True
    if character not in ",:":
        return False
    before = text[position - 1 : position]
    after = text[position + 1 : position + 2]
    return not (before.isdigit() and after.isdigit())


def lines(text: str) -> Iterator[Span]:
    """Yield the lines of a text, empty ones between line breaks left out, in order."""
    start = 0
    for match in re.finditer(r"[\r\n\u2028\u2029\f]+", text):
        yield Span(start, match.start())
        start = match.end()
    yield Span(start, len(text))


def _sentences_of_line(text: str, line: Span) -> Iterator[Span]:
    brackets = _bracket_pairs(text, line)
    start = position = line.start
    while position < line.end:
        if position in brackets:
            close = brackets[position]
            # A bracket that is a whole sentence by itself ends as one; in any other, nothing ends a sentence.
            is_whole = text[close - 1] in TERMINATORS and not text[start:position].strip()
            position = close + 1
            ends = is_whole
        else:
            ends = _ends_sentence(text, start, position, line.end)
            position += 1
        if ends:
            position = _past_closers(text, position, line.end)
            if span := trim(text, Span(start, position)):
                yield span
            start = position
    if span := trim(text, Span(start, line.end)):
        yield span


def _bracket_pairs(text: str, line: Span) -> dict[int, int]:
    """Position of each opening bracket that is closed on its line, with that of the closing one."""
    pairs: dict[int, int] = {}
    stack: list[int] = []
    n_open = dict.fromkeys(_OPENING, 0)
    for match in _BRACKET.finditer(text, line.start, line.end):
        if match.group() in _OPENING:
            stack.append(match.start())
            n_open[match.group()] += 1
            continue
        wanted = _OPENING[_CLOSING.index(match.group())]
        while n_open[wanted]:
            opened = stack.pop()
            n_open[text[opened]] -= 1
            if text[opened] == wanted:
                pairs[opened] = match.start()
                break
    return pairs


def _ends_sentence(text: str, start: int, position: int, end: int) -> bool:
    character = text[position]
    if character in TERMINATORS:
        return True
    if character != ".":
        return False
    after = text[position + 1 : min(position + 4, end)].lstrip(CLOSERS + "\"'")
    if after and not after[0].isspace():
        return False
    before = text[max(start, position - 12) : position].strip()
    # "1." and "一." number what follows.
    return bool(before) and not (len(before) <= 3 and before.isnumeric()) and not _ABBREVIATION.search(before)


def _past_closers(text: str, position: int, end: int) -> int:
    while position < end and (text[position] in TERMINATORS or text[position] in CLOSERS or text[position] in "\"'"):
        position += 1
    return position
