"""What a question wants: the sort of thing, its content words and their weights, the years it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import rjieba

from yinju.dictionary import HAN_RUN, chinese_words, is_common_word, terms_in_documents
from yinju.text import Language, fold, language_of


class Asks(StrEnum):
    """What sort of thing a question wants."""

    PERSON = "person"
    PLACE = "place"
    TIME = "time"
    ORGANISATION = "organisation"
    REASON = "reason"
    MANNER = "manner"
    LIST = "list"
    VERDICT = "verdict"
    DESCRIPTION = "description"
    THING = "thing"


@dataclass(frozen=True, slots=True)
class Term:
    """A content word of the question.

    Attributes:
        word: Folded, as asked.
        weight: Its rarity in the documents, 0 and up.
        is_name: A place, person, organisation or foreign word: the documents have to know it.
        is_noun: A noun: what is asked about rather than how.
        alternatives: Folded words that say the same, such as synonyms or translations.
    """

    word: str
    weight: float
    is_name: bool = False
    is_noun: bool = False
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the reader understands it."""

    question: str
    asks: Asks
    language: Language
    terms: tuple[Term, ...]
    years: tuple[str, ...]


# ── the question ────────────────────────────────────────────────────────────────────────────

# Question words of both languages, folded; the first pattern that matches decides.
_ASKS: tuple[tuple[Asks, re.Pattern[str]], ...] = tuple(
    (asks, re.compile("|".join(patterns)))
    for asks, patterns in (
        (
            Asks.REASON,
            ("为什么|为何|为啥|何以|怎么会|凭什么|原因|缘故|缘由|理由", r"\bwhy\b|\breasons?\b|what caused|how come"),
        ),
        (
            Asks.DESCRIPTION,
            (
                "[哪什]么?[些几个]?方面|什么(?:好处|坏处|影响|作用|意义|优势|特点|用处|区别)|(?:优势|特点|意义|区别)(?:到底|究竟)?(?:在|是)?(?:哪|什么)",
                r"\b(?:in )?(?:what|which) ways\b|what (?:benefits?|advantages?|effects?|difference)",
            ),
        ),
        (
            Asks.LIST,
            (
                "哪些|哪几|哪[两二三四五六七八九十]|有什么[^?]*[和与]|分别[是为叫]|各是|列出|列举|罗列|逐一|都有什么|有哪|包括什么|包含什么",
                r"\blist\b|\bname the\b|what are\b|which .*\bare\b|\bwhich (?:two|three|four|five|six|seven)\b",
            ),
        ),
        (Asks.PERSON, ("谁|何人|哪位|哪个人|什么人", r"\bwho(?:se|m)?\b")),
        (
            Asks.TIME,
            (
                "什么时候|何时|何年|哪一?年|哪一?天|哪个?月|几时|几月|啥时候|什么年代|几几年",
                r"\bwhen\b|what year|which year|what date",
            ),
        ),
        (
            Asks.PLACE,
            (
                "哪里|哪儿|何处|何地|什么地方|在哪|啥地方|位于|哪个?(?:国家|城市|省|市|区|县|地方|街道|地区|州)",
                r"\bwhere\b|which (?:city|country|district|place|province)",
            ),
        ),
        (
            Asks.ORGANISATION,
            (
                "哪一?家|哪个?(?:公司|企业|机构|单位|部门|大学|学校|组织|集团)|什么(?:公司|企业|机构)",
                r"\b(?:which|what) (?:company|firm|organi[sz]ation|institution|university)",
            ),
        ),
        (
            Asks.MANNER,
            (
                "怎么|怎样|如何|靠什么|用什么(?:办法|方法|方式)|什么(?:办法|方法|方式|途径|手段)",
                r"\bhow (?!many|much|large|big|long|old|far|high)",
            ),
        ),
        (
            Asks.DESCRIPTION,
            (
                "介绍|说说|谈谈|讲讲|讲一下|概述|概括|总结|描述|解释|怎么回事|什么意思|含义|体现在|干嘛|干什么用|做什么用",
                r"\bdescribe\b|\bexplain\b|tell me about|\bsummar",
            ),
        ),
        (
            Asks.VERDICT,
            (
                "是不是|是否|有没有|能不能|会不会|可不可以|吗|对不对",
                "^(?:is|are|was|were|does|do|did|has|have|can) ",
            ),
        ),
    )
)
# Closed-class words of questions; they say how something is asked, not about what.
_FUNCTION = frozenset(
    """
    的 了 是 在 有 和 与 及 或 呢 吗 吧 啊 请 请问 问 什么 多少 哪 哪些 哪个 哪家 哪里 哪儿 哪位 谁 几 几个 怎么
    怎样 如何 为什么 为何 为啥 何时 时候 什么样 到底 究竟 一下 一共 总共 大概 大约 知道 想 想知道 告诉 告诉我 我
    你 您 它 他 她 他们 它们 这 那 这个 那个 其 该 被 把 由 对 从 到 于 以 为 因 而 则 都 也 还 就 又 才 会 能
    可以 要 得 地 着 过 么 啥 叫 叫做 叫什么 名字 属于 来 去 上 下 里 中 内 后 前 时 年 月 日 个 家 人 项 文中
    文章 文 里面 提到 提及 说 介绍 哪一 哪年 主要 具体 分别 有没有 是不是 是否 关于 根据 按照 之 所 让 给 跟 用 靠
    做 the a an of in on at to for and or is are was were be been do does did has have had how what which who whom
    whose when where why that this these those it its by with from as about please tell me i you we they he she
    many much there their his her than then according document text article
    """.split()
)
# The hundred or so most frequent surnames, folded (Ministry of Public Security, report on names, 2021).
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏"
    "付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常"
)
_CONTENT_TAGS = ("n", "v", "a", "eng", "m", "j", "i", "l", "z", "s", "t", "f", "b", "q", "x", "g", "vn", "nz")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)(?=\s*年|[^\d万亿%.]|$)")
_PLACE_SUFFIX = re.compile(r"(?:特别行政区|自治区|自治州|自治县|新区|地区|[省市区县镇乡州])$")


def understand(
    question: str, rarity: Callable[[str], float], everything: str, synonyms: Mapping[str, tuple[str, ...]]
) -> Asked:
    """Read a question: what sort of thing it wants, its content words with weights, the years it names.

    Args:
        question: A standalone question.
        rarity: Word (folded) → weight, 0 and up; inverse document frequency is meant.
        everything: Folded text of all documents; English words are translated into words of it.
        synonyms: Words of the question → folded words that say the same.
    """
    folded = fold(question)
    language = language_of(question)
    asks = next((asks for asks, pattern in _ASKS if pattern.search(folded)), Asks.THING)
    years = tuple(dict.fromkeys(_YEAR.findall(folded)))
    if language == "en":
        terms = _english_terms(question, rarity, everything)
    else:
        terms = _chinese_terms(folded, rarity, synonyms)
    return Asked(question, asks, language, tuple(term for term in terms if term.word not in years), years)


def _chinese_terms(folded: str, rarity: Callable[[str], float], synonyms: Mapping[str, tuple[str, ...]]) -> list[Term]:
    found: dict[str, Term] = {}
    for word, tag in rjieba.tag(folded):
        if _is_content(word, tag):
            is_name = _is_name(word, tag)
            others = synonyms.get(word, ()) or _translations(word)
            found[word] = Term(word, rarity(word), is_name, tag.startswith("n"), others)
    return list(found.values())


def _english_terms(question: str, rarity: Callable[[str], float], everything: str) -> list[Term]:
    found: dict[str, Term] = {}
    for term in terms_in_documents(question, everything):
        word = term.term.lower()
        candidates = [fold(candidate) for candidate, _ in term.candidates]
        # A single character says little: 长 of 市长 stands in a hundred other words.
        alternatives = tuple(word for word in candidates if len(word) > 1) or tuple(candidates)
        weight = max((rarity(alternative) for alternative in alternatives), default=0.0)
        capital = term.term[:1].isupper() and term.span.start > 0 and _is_foreign_name(word)
        is_name = not alternatives and (capital or bool(HAN_RUN.fullmatch(term.term)))
        if word not in _FUNCTION and (alternatives or is_name):
            found[word] = Term(word, weight or rarity(word), is_name, alternatives=alternatives)
    return list(found.values())


def _is_name(word: str, tag: str) -> bool:
    """Tell whether a word names something; common words that a tagger takes for persons do not."""
    if len(word) < 2:
        return False
    if tag in ("nr", "nrt", "nrfg"):
        return word[0] in SURNAMES and len(word) <= 3 and not rjieba.has_word(word)
    return (tag in ("ns", "nt") and not is_common_word(word)) or (
        word.isascii() and word.isalpha() and _is_foreign_name(word)
    )


@lru_cache(maxsize=1024)
def _translations(word: str) -> tuple[str, ...]:
    """Return what a Latin word may mean in Chinese, folded: English words and pinyin; nothing for Chinese ones."""
    if not (word.isascii() and word.isalpha()):
        return ()
    candidates = (fold(candidate) for term in chinese_words(word) for candidate, _ in term.candidates)
    return tuple(candidate for candidate in dict.fromkeys(candidates) if len(candidate) > 1)


def _is_foreign_name(word: str) -> bool:
    """Tell whether a Latin word names something: no dictionary has it, or it is a place or the like in Chinese."""
    meanings = _translations(word)
    return not meanings or any(tag in ("ns", "nt", "nr") for each in meanings for _, tag in rjieba.tag(each))


def _is_content(word: str, tag: str) -> bool:
    if word in _FUNCTION or not any(character.isalnum() for character in word):
        return False
    return tag.startswith(_CONTENT_TAGS) and not (len(word) == 1 and not word.isdigit() and tag not in ("n", "eng"))


# ── coverage ────────────────────────────────────────────────────────────────────────────────


def covers(word: str, text: str) -> float:
    """Tell how far folded ``text`` holds ``word``: 1 for the word itself, less for its parts, 0 for nothing.

    A Chinese compound half of whose characters stand together counts in part (創辦 for 創立 shares 創); a Latin
    word counts whole or not at all.
    """
    if _stands(word, text):
        return 1.0
    if word.isascii():
        return 0.0
    stem = _PLACE_SUFFIX.sub("", word)
    if len(stem) >= 2 and stem != word and stem in text:
        return 0.9
    pairs = [word[i : i + 2] for i in range(len(word) - 1)] if len(word) > 2 else []
    n_pairs = sum(pair in text for pair in pairs)
    if n_pairs:
        return 0.8 * n_pairs / len(pairs)
    return 0.3 * sum(character in text for character in word) / len(word)


def _stands(word: str, text: str) -> bool:
    """Tell whether a word stands in a text otherwise than behind 副 and the like, which make it another thing."""
    place = text.find(word)
    while place > 0 and text[place - 1] in "副非准":
        place = text.find(word, place + 1)
    return place >= 0


def covers_term(term: Term, text: str) -> float:
    """Tell how far folded ``text`` holds a term or one of its alternatives, 0 to 1."""
    own = covers(term.word, text)
    return own if own == 1.0 else max(own, 0.95 * any(word in text for word in term.alternatives))


def coverage(terms: Sequence[Term], text: str) -> float:
    """Return the weighted share of the terms that folded ``text`` covers, 0 to 1; 0 without terms."""
    total = sum(term.weight for term in terms)
    return sum(term.weight * covers_term(term, text) for term in terms) / total if total else 0.0
