"""What a word points back to: pronouns, demonstratives, 前者 and 後者, ordinals into the last list."""

from __future__ import annotations

import re
from dataclasses import replace

from yinju.followup.coordination import coordinated, parted
from yinju.followup.ellipsis import elliptical
from yinju.followup.naming import is_told
from yinju.followup.pieces import PROPERTY, core, is_slot, parsed, pieces, spans_of, tokens
from yinju.followup.subjectless import OF_METRIC, subjectless
from yinju.followup.topic import HEADS, Context, last_time, person, same_time, standalone, subjects_of, topic, with_last
from yinju.text import fold
from yinju.types import Span, Turn

_ORDINAL = re.compile(
    r"(?:其中)?(?:的)?(?:第(?P<number>[一二三四五六七八九十]|\d+)|(?P<last>最后[一那]?))(?:个|项|家|位|点|条|种|支|只|款|座|所|类|名)"
)
_DIGITS = "一二三四五六七八九十"


_SLICE = re.compile(r"(?P<side>前|后)(?P<number>[两二三四五])(?:个|项|家|位|种|支|只|款|座|所|类|名)")


def _sliced(match: re.Match[str], text: str, context: Context) -> str | None:
    """前兩家: that many items of the last list."""
    items, number = last_list(context), 2 if match["number"] == "两" else _DIGITS.index(match["number"]) + 1
    if number >= len(items):
        return None
    some = items[:number] if match["side"] == "前" else items[-number:]
    return "、".join(some[:-1]) + f"和{some[-1]}" + text[match.end() :]


def ordinal(text: str, context: Context) -> str | None:
    """第二個是什麼: the second item of the last list; 第三個呢 asks of it what was asked of the item before."""
    if match := _SLICE.match(fold(text)):
        return _sliced(match, text, context)
    match = _ORDINAL.search(fold(text))
    items = last_list(context) if match else []
    if match is None or not items or match.start() > 2:
        return None
    number = match["number"] or "0"
    position = int(number) if number.isdigit() else _DIGITS.index(number) + 1
    if position > len(items):
        return None
    item, rest = items[position - 1], text[match.end() :]
    if not re.fullmatch(r"呢?", fold(rest)):
        return text[: match.start()] + item + rest
    before = next((other for other in items if other in context.last), "")
    return context.last.replace(before, item) if before else f"{item}是什麼"


def last_list(context: Context) -> list[str]:
    """The items of the latest answer that is a list."""
    for turn in reversed(context.turns):
        if turn.answer.reason is None and (items := listed(turn.answer.text)):
            return items if any(map(_is_worded, items)) else _measured(turn) or items
    return []


def _is_worded(item: str) -> bool:
    return not re.match(r"[\d.,]+", item)


def _measured(turn: Turn) -> list[str]:
    """What the figures of an answer that lists numbers are figures of."""
    about = [(cited.figure.entity, cited.figure.metric) for cited in turn.answer.figures]
    same_entity = len({entity for entity, _metric in about}) == 1
    return [metric if same_entity else entity + metric for entity, metric in about]


def listed(answer: str) -> list[str]:
    """The items of a list in an answer, in its order; empty when it holds none."""
    runs = re.split(r"[。:：\n]|包括|分别是|分別是", answer)
    if "、" in answer:
        runs = [part for run in runs for part in re.split("[,，]", run)]
    best = max((re.split(r"[、;；]|以及", run) for run in runs), key=len)
    if len(best) < 2:
        best = max((re.split(r"[,，]|\band\b", run) for run in runs), key=len)
    if len(best) < 2:
        return []
    head, *others = (item.strip(" ,，.;") for item in best)
    last = re.split(r"[和及與与]|and ", others[-1])
    items = [re.split(r"[,，是為为有]", head)[-1], *others[:-1], *(last if len(last) == 2 else others[-1:])]
    items[-1] = _COUNTED_UP.sub("", items[-1]) or items[-1]
    return [item.strip() for item in items if item.strip()]


_COUNTED_UP = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:[两兩三四五六七八九十]|\d+)(?:大|个|個|家|只|支|项|項|座|所|种|種|位|名).*$"
)


_DEMONSTRATIVE = re.compile(
    rf"(?:这|那|该|此|本)(?:一)?(?:家|个|座|所|支|只|款|项|位|间|种|片|条|部|本|类|套|名|笔|只)?(?P<head>{HEADS})(?!公里|块)"
)
_PERSON = re.compile(r"[他她](?!们)(?:人)?")
_IT = re.compile(
    r"[它他她]们|它|[这那]一?(?:家|个|座|所|支|只|款|项|位)(?=[的是有在叫由占多])|^其(?!中|他|它|余|实|次)|前者|后者"
)
_THERE = re.compile(r"这里|那里|这儿|那儿|当地|(?:在)?(?:里面|里头|其中|当中)")
_THEN = re.compile(r"那一?年|这一?年|当年|同一?年|当时|那时候?|同期")


_ITS = re.compile(r"(?:它|其)(?!们|中)的?(?P<property>.+?)(?:呢|(?:是|有|为)?多少)$")
_EITHER = re.compile(r"前者|后者")


def _aside(text: str, context: Context) -> str | None:
    """前面那家公司, 另一家, 這個機場2019年的呢: what points elsewhere, or only repeats a noun."""
    folded = fold(text)
    if (match := _EARLIER.match(folded)) and (earlier := _before_last(context)):
        return pronoun(text[match.end() :], earlier)
    if (match := _OTHER.search(folded)) and not _has_subject(text[: match.start()]) and (name := _other(context)):
        return text[: match.start()] + name + text[match.end() :]
    match = _POINTING.match(folded)
    rest = _behind_noun(text[match.end() :]) if match else ""
    return elliptical(rest, context) if match and len(rest) < len(text) - match.end() else None


def pronoun(text: str, context: Context) -> str | None:
    """它, 這家公司, 前者, 他, 裡面, 那一年 → what they stand for."""
    folded = fold(text)
    if (match := _THEN.search(folded)) and not _has_content(text[: match.start()]) and (moment := last_time(context)):
        text = text[: match.start()] + moment + text[match.end() :]
        return pronoun(text, context) or subjectless(text, context) or text
    if (found := _aside(text, context)) is not None:
        return found
    match = re.match(r"(?:它|这个?(?:数字?|值|指标|比例|比率)?)(?:又|也)?", folded)
    if match and OF_METRIC.match(folded[match.end() :]) and parsed(context.base).is_numeric:
        return core(context.base) + text[match.end() :]
    if found := _pointed(text, context):
        return found
    if (match := _ITS.match(folded)) and parsed(context.base).is_numeric and PROPERTY.fullmatch(match["property"]):
        return elliptical(Span(*match.span("property")).of(text) + "呢", context)
    if (match := _EITHER.match(folded)) and (alone := parted(context.last)):
        one = alone[0 if match.group() == "前者" else -1]
        rest = text[match.end() :]
        return one if re.fullmatch("呢?", fold(rest)) else pronoun("它" + rest, with_last(context, one))
    if match := re.fullmatch(r"(?P<which>前者|后者)呢", folded):
        two = _of_two(context) if match["which"] == "后者" else _of_two(context)[::-1]
        return context.base.replace(two[0], two[-1]) if two[0] in context.base else f"{two[-1]}呢"
    for pattern in (_DEMONSTRATIVE, _PERSON, _IT, _THERE):
        match = pattern.search(folded)
        if match and not _has_subject(text[: match.start()]) and (name := _antecedent(pattern, match, context)):
            return _put(name, text, match, context)
    return None


_EARLIER = re.compile(r"(?:前面|刚才|之前|先前|上面)(?:[说提讲问](?:到|过)*)?的?(?=[那这])")
_OTHER = re.compile(r"另外?一?(?:家|个|座|所|支|只|款|项|位|者)")


def _before_last(context: Context) -> Context | None:
    """The conversation up to where the present topic began (前面那家公司); ``None`` where there was no other."""
    now = topic(context)
    for end in range(len(context.turns) - 1, 0, -1):
        earlier = replace(context, turns=context.turns[:end])
        if topic(earlier) not in {"", now}:
            return earlier
    return None


def _other(context: Context) -> str:
    """The one of two things spoken of that the last answer did not name."""
    two, answer = _of_two(context), fold(context.turns[-1].answer.text)
    rest = [name for name in two if fold(name) not in answer]
    return rest[0] if len(two) == 2 and len(rest) == 1 else ""


def _together(head: str, context: Context) -> str:
    """這些基金 → the things of that sort that one question named together."""
    for question in reversed(context.plain if head else (context.last,)):
        found = coordinated(question)
        if found is not None and fold(found.last.of(question)).endswith(head):
            return Span(found.first.start, found.last.end).of(question)
    return ""


_POINTING = re.compile(r"(?:这|那|该|此)一?(?:家|个|座|所|支|只|款|项|位|间|种|片|条|部|本|类|套|名|笔|些)")


def _pointed(text: str, context: Context) -> str | None:
    """這款眼鏡 → the noun spoken of that ends like that."""
    folded = fold(text)
    match = _POINTING.search(folded)
    head = next((word for word, _tag, start in tokens(folded) if match and start == match.end()), "")
    if match is None or len(head) < 2 or _has_subject(text[: match.start()]):
        return None
    if match.group().endswith("些") and (names := _together(head, context)):
        return text[: match.start()] + names + text[match.end() + len(head) :]
    for question in reversed(context.plain):
        for span in spans_of(question, "noun"):
            if fold(span.of(question)).endswith(head) and len(span) > len(head):
                return text[: match.start()] + span.of(question) + text[match.end() + len(head) :]
    return None


def _behind_noun(text: str) -> str:
    """What follows the noun that a text begins with, where it is no predicate: 機場2019年的呢 → 2019年的呢."""
    word = next((word for word, tag, _start in tokens(fold(text)) if tag[0] == "n"), "")
    rest = text[len(word) :]
    return rest if word and fold(text).startswith(word) and is_slot(re.sub(r"[呢吧?？]+$", "", rest)) and rest else text


def _has_content(before: str) -> bool:
    return any(tag[0] in "nv" for _word, tag, _start in tokens(fold(before)))


def _has_subject(before: str) -> bool:
    return any(piece.sort in {"noun", "place"} for piece in pieces(before)) if before.strip() else False


def _put(name: str, text: str, match: re.Match[str], context: Context) -> str:
    """Write a name for a pronoun; a place needs no 裡, and the time of the last question goes along where it holds."""
    before, after = text[: match.start()], text[match.end() :]
    is_place = is_slot(name)
    link = "裡" if not is_place and re.fullmatch(r"在?里.|其中|当中", match.group()) else ""
    time = "" if spans_of(name, "time") else same_time(text, context.base, context.index)
    return time + before + name + link + after


_REGION_ENDS = "省|市|区|县|州|镇|乡|国"
_SAME_HEAD = {
    **dict.fromkeys(("区", "市", "县", "省", "城市", "地区", "地方"), _REGION_ENDS),
    **dict.fromkeys(("公司", "企业", "集团"), "公司|企业|集团|科技|股份|银行|电子|通信|医疗"),
    **dict.fromkeys(("大学", "学校"), "大学|学院|学校|中学|小学"),
    **dict.fromkeys(("园区", "园"), "园区|园|新区|开发区|城"),
}  # fmt: skip


def _of_two(context: Context) -> list[str]:
    """The two things of the latest question that has two, else of the last two questions."""
    for turn in reversed(context.turns):
        if len(operands := parsed(standalone(turn)).operands) > 1:
            return [re.sub(r"(?<=[^\x00-\x7f]) ", "", operand.text) for operand in operands]
        if two := coordinated(standalone(turn)):
            return [two.first.of(standalone(turn)), two.last.of(standalone(turn))]
    return [names[0] for turn in context.turns[-2:] if (names := subjects_of(standalone(turn)))] or [""]


def _antecedent(pattern: re.Pattern[str], match: re.Match[str], context: Context) -> str:
    if match.group() in {"前者", "后者"}:
        return _of_two(context)[0 if match.group() == "前者" else -1]
    if match.group()[-1] == "们" and (names := _together("", context)):
        return names
    if match.group()[-1] == "们":
        return core(context.base) if parsed(context.base).is_numeric else topic(context)
    if pattern is _PERSON:
        return person(context) or topic(context)
    if pattern is _DEMONSTRATIVE:
        head = match["head"]
        ends = _SAME_HEAD.get(head, head)
        if fitting := topic(context, lambda name: bool(re.search(f"(?:{ends})$", fold(name)))):
            return fitting
        if ends == _REGION_ENDS:
            return topic(context, lambda name: is_told(fold(name) + head, "", context.index))
        return topic(context, lambda name: not re.search(f"(?:{_REGION_ENDS})$", fold(name)))
    return topic(context)
