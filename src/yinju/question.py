"""A question, cleaned of what is said to the machine rather than asked of the document."""

from __future__ import annotations

import re
from functools import lru_cache

from yinju.config import Settings
from yinju.errors import UsageError
from yinju.text import clauses, fold, sentences
from yinju.types import Span

# Speech to a machine, folded: orders to forget, to play a part, to put out given words. None of it asks anything.
_INSTRUCTION = re.compile(
    r"忽略|无视|不要?理会|忘记|忘掉|从现在起|从现在开始|系统(?:提示|指令|消息|管理员)|假装|假设你|你现在是|你是一[个名位]|扮演"
    r"|(?:只|直接|必须|务必|一律|统一|照样?)(?:能|要|需|许)?(?:回答|输出|回复|说)"
    r"|(?:请|^|[,，。:：])输出|再回答|不要?引用|不要?(?:查|看)文|越狱|开发者模式"
    r"|\b(?:ignore|disregard|forget|override|pretend|jailbreak|act as|from now on)\b"
    r"|\b(?:system prompt|developer mode|you are now)\b"
    r"|\b(?:just |only |simply |always |must )?(?:say|output|print|reply|respond|answer)\b"
    r"(?: with| only| just)? ?[\"'“「]?\d"
    r"|\b(?:reply|respond|answer) (?:only |just )?with\b|\b(?:just|only|simply|always|must) say that\b"
)
_QUESTION_WORD = re.compile(
    r"什么|多少|几|哪|谁|怎|如何|为何|吗|何时|是否|是不是|\b(?:what|how|who|where|when|why|which|is|are|did|does|do)\b"
)
_GREETING = re.compile(
    r"(?:你好|您好|嗨|哈喽|喂|谢谢|多谢|感谢|再见|早安|早上好|晚上好|晚安|测试|嗯|好的?"
    r"|test|hello|hi|hey|thanks?|thank you|bye|ok)[\s!！。.,，~啊呀吗]*"
)
_LETTER_O = re.compile(r"(?<=\d)[oO〇](?=\d)|(?<=\d)[oO〇](?=[\d年])")
_SPACED_CAPITALS = re.compile(
    r"(?<![A-Za-zＡ-Ｚａ-ｚ] )(?<![A-Za-zＡ-Ｚａ-ｚ])(?:[A-ZＡ-Ｚ] )+[A-ZＡ-Ｚ](?! ?[A-Za-zＡ-Ｚａ-ｚ])"
)


_ENDS = r"\s,，。.…—:：!！\-"
_SLIP = re.compile(
    rf"(?P<wrong>[^{_ENDS}?？]{{1,16}})[{_ENDS}?？]+(?:[啊哦呃欸誒喔]+[{_ENDS}]*)?"
    rf"(?:(?<![对對])不[对對]|[说說打写寫讲講][错錯]了?|口[误誤]|更正)[{_ENDS}]*(?:[应應][该該]?是|我是[说說])?[{_ENDS}]*(?=\w)"
    r"|\S+?,? (?:no,|no wait,?|sorry,|i mean,?|or rather,?) (?=\w)",
    re.IGNORECASE,
)
_YEAR_AT_END = re.compile(r"(?:\d{2,4}|[〇零一二三四五六七八九]{2,4})年[底末初中]?$")


def _corrected(match: re.Match[str]) -> str:
    """Drop what somebody takes back in the same breath; of a phrase that ends with a year, only the year."""
    wrong = match["wrong"] or ""
    year = _YEAR_AT_END.search(wrong)
    return wrong[: year.start()] if year and re.match(r"\d", match.string[match.end() :]) else ""


def _closed_up(match: re.Match[str]) -> str:
    """G D P → GDP."""
    return match.group().replace(" ", "")


def check(question: str, settings: Settings) -> str:
    """Return the question without white space around it.

    Raises:
        UsageError: It is empty or too long.
    """
    if not isinstance(question, str):
        raise UsageError(f"A question is text, not {type(question).__name__}.", "Give the question as a string.")
    stripped = question.strip()
    if not stripped:
        raise UsageError("The question is empty.", "Ask something, for example: 2024年的GDP是多少?")
    if any("\ud800" <= character <= "\udfff" for character in stripped):
        raise UsageError("The question is not text: some of its bytes are no characters.", "Type it again, as UTF-8.")
    if len(stripped) > settings.max_question_chars:
        raise UsageError(
            f"The question has {len(stripped)} characters; at most {settings.max_question_chars} are allowed.",
            "Shorten it, or raise YINJU_MAX_QUESTION_CHARS.",
        )
    return stripped


def core(question: str) -> str:
    """Return what a question asks: orders to the machine and slips of the pen (2O24) are taken out.

    Empty when nothing is asked, as in a greeting or when there are only orders.
    """
    text = _SPACED_CAPITALS.sub(_closed_up, " ".join(_LETTER_O.sub("0", question).split()))
    text = _SLIP.sub(_corrected, text)
    if _GREETING.fullmatch(fold(text)) or not any(character.isalpha() for character in text):
        return ""
    kept = [span for span in sentences(text) if not _INSTRUCTION.search(fold(span.of(text)))]
    if kept:
        return " ".join(span.of(text) for span in kept)
    parts = [span.of(text) for span in clauses(text, Span(0, len(text)))]
    asking = [part for part in parts if not _INSTRUCTION.search(fold(part))]
    if asking:
        return ",".join(asking)
    return text if _QUESTION_WORD.search(fold(text)) else ""


def mend_latin(question: str, text: str) -> str:
    """Correct Latin words of three letters and more that the documents know with two letters swapped or one off.

    Args:
        question: As asked.
        text: Folded text of the documents.
    """
    known = _latin_words(text)

    def mended(match: re.Match[str]) -> str:
        word = match.group()
        if word.lower() in known:
            return word
        near = [other for other in known if _is_slip(word.lower(), other)]
        return near[0].upper() if len(near) == 1 and word.isupper() else near[0] if len(near) == 1 else word

    return re.sub(r"[A-Za-z]{3,}", mended, question)


@lru_cache(maxsize=8)
def _latin_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]{3,}", text))


def _is_slip(word: str, other: str) -> bool:
    """Tell whether two words differ by two neighbours swapped or, from five letters on, by one letter."""
    if len(word) == len(other):
        places = [i for i, (a, b) in enumerate(zip(word, other, strict=True)) if a != b]
        swapped = len(places) == 2 and places[1] == places[0] + 1 and sorted(word) == sorted(other)
        return swapped or (len(places) == 1 and len(word) >= 5)
    short, long = sorted((word, other), key=len)
    return len(long) == len(short) + 1 >= 6 and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))
