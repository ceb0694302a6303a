"""How answers are put into words: short sentences in Traditional Chinese, Simplified Chinese and English.

Words only: nothing is decided here. Chinese is written in Traditional script and converted when asked in Simplified.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from yinju.text import Language, fold, to_language
from yinju.types import Approx, Quantity, Reason, plain, spelled

_QUALIFIER: dict[Approx, tuple[str, str]] = {
    Approx.ABOUT: ("約", "about "),
    Approx.NEARLY: ("近", "nearly "),
    Approx.OVER: ("超過", "over "),
    Approx.UNDER: ("不到", "under "),
    Approx.AT_LEAST: ("至少", "at least "),
    Approx.AT_MOST: ("至多", "at most "),
}
_SAYS_MORE = tuple("多餘余幾几")
_UNIT_NAMES = {
    "元": "yuan", "美元": "US dollars", "港元": "Hong Kong dollars", "平方公里": "square kilometres",
    "平方米": "square metres", "倍": "times", "人": "people", "%": "%", "年": "years", "个百分点": "percentage points",
    "公里": "kilometres", "吨": "tonnes", "欧元": "euros",
    "日元": "yen", "英镑": "pounds", "韩元": "won", "新台币": "New Taiwan dollars", "澳门元": "patacas",
    "新加坡元": "Singapore dollars", "澳元": "Australian dollars", "加元": "Canadian dollars", "卢布": "roubles",
    "卢比": "rupees", "瑞士法郎": "Swiss francs", "公顷": "hectares", "亩": "mu", "英亩": "acres",
    "平方英里": "square miles", "平方英尺": "square feet", "米": "metres", "厘米": "centimetres", "毫米": "millimetres",
    "微米": "μm", "纳米": "nm", "海里": "nautical miles", "光年": "light years", "英尺": "feet", "英里": "miles",
    "英寸": "inches", "载重吨": "dwt", "公斤": "kilograms", "克": "grams", "毫克": "milligrams", "微克": "micrograms",
    "立方米": "cubic metres", "升": "litres", "毫升": "millilitres", "千瓦时": "kWh", "兆瓦时": "MWh", "吉瓦时": "GWh",
    "瓦时": "Wh", "千瓦": "kW", "兆瓦": "MW", "吉瓦": "GW", "瓦": "W", "千伏": "kV", "千伏安": "kVA", "字节": "bytes",
    "兆赫": "MHz", "吉赫": "GHz", "赫兹": "Hz", "参数": "parameters", "词元": "tokens", "摄氏度": "°C", "分贝": "dB",
    "分": "points", "岁": "years of age", "个月": "months", "周": "weeks", "天": "days", "小时": "hours",
    "分钟": "minutes", "秒": "seconds", "毫秒": "ms", "个季度": "quarters", "个工作日": "working days",
    "teu": "TEU",
}  # fmt: skip
_SCALE_NAMES = {
    Decimal(1): "", Decimal(1000): "thousand", Decimal(10) ** 6: "million", Decimal(10) ** 9: "billion",
    Decimal(10) ** 12: "trillion",
}  # fmt: skip
MAX_QUOTE_CHARS = 60


def quantity_text(quantity: Quantity, language: Language) -> str:
    """Write a quantity as the document does, its qualifier before it; in English with the plain number too."""
    surface = quantity.written
    if language == "en":
        return qualifier(quantity, language) + _english_quantity(quantity, surface)
    if quantity.value < 0 and not surface.startswith(("-", "−", "－", "负", "負")):
        surface = to_language("下降", language) + surface
    return qualifier(quantity, language) + to_language(surface, language)


def qualifier(quantity: Quantity, language: Language) -> str:
    """What a quantity is stated with (近, about); empty where its own characters say so, or it is stated plainly."""
    if quantity.approx is None:
        return ""
    chinese, english = _QUALIFIER[quantity.approx]
    if language == "en":
        return english
    says_so = quantity.approx is Approx.OVER and any(mark in quantity.surface for mark in _SAYS_MORE)
    return "" if says_so else to_language(chinese, language)


def as_written(quantity: Quantity, language: Language) -> str:
    """A quantity in its author's characters, its qualifier before it; what a table's head adds is in the language."""
    if quantity.written == quantity.surface.strip():
        return qualifier(quantity, language) + quantity.written
    return quantity_text(quantity, language).removesuffix(f" ({quantity.written})")


def unit_name(unit: str, language: Language) -> str:
    """The name of a ledger's unit in a language; in English, one that has none stays as it is."""
    if language == "en":
        return _UNIT_NAMES.get(fold(unit), unit)
    return to_language(unit, language) if not unit.isascii() else spelled(unit)


def _english_quantity(quantity: Quantity, surface: str) -> str:
    unit = _UNIT_NAMES.get(fold(quantity.unit), "")
    if surface.isascii():
        return surface
    if quantity.surface.isascii() and quantity.scale in _SCALE_NAMES:  # its unit stands in the head of its table
        return " ".join(filter(None, (quantity.surface.strip(), _SCALE_NAMES[quantity.scale], unit)))
    number = f"{quantity.value:,f}".rstrip("0").rstrip(".") if quantity.value % 1 else f"{quantity.value:,.0f}"
    if quantity.high is not None:
        number += f" to {plain(quantity.high)}"
    # Things counted one by one need no second reading: 216家 is 216.
    if quantity.unit == "%" or (not unit and number.replace(",", "") in surface):
        return f"{number}{unit}"
    return f"{number}{'' if unit in ('', '%') else ' '}{unit} ({surface})"


def sentence(text: str, language: Language) -> str:
    """Close a direct answer with a full stop of the language, in the script of the language."""
    bare = to_language(" ".join(text.split()), language).rstrip("。.!?！？;；,，:：、 ")
    return bare + ("." if language == "en" else "。")


def quoted(text: str, language: Language) -> str:
    """Quote the document, shortened to at most 60 characters, in the quotation marks of the language."""
    short = " ".join(text.split())
    short = short if len(short) <= MAX_QUOTE_CHARS else short[: MAX_QUOTE_CHARS - 1] + "…"
    return f"“{short}”" if language == "en" else f"「{to_language(short, language)}」"


def with_period(text: str, period: str, language: Language) -> str:
    """Add the period that was assumed because the question names none."""
    when = period_text(period, language)
    return f"{text} ({when})" if language == "en" else f"{text}（{when}）"


def as_plan(text: str, language: Language) -> str:
    """Mark a value that the document only plans or expects."""
    return f"{text} (planned or expected)" if language == "en" else f"{text}（{to_language('目標或預計', language)}）"


def labelled(label: str, text: str, language: Language) -> str:
    """Name what a comparison found and give its figure."""
    return f"{label} ({text})" if language == "en" else f"{to_language(label, language)}（{text}）"


def with_verdict(text: str, holds: bool, language: Language) -> str:
    """Put yes or no before the figure that decides a yes-or-no question."""
    if language == "en":
        return f"{'Yes' if holds else 'No'}, {text}"
    return f"{'是' if holds else '否'}，{text}"


def with_denial(text: str, formula: str, language: Language) -> str:
    """Add to a stated figure the arithmetic on the document's own figures that does not give it."""
    if language == "en":
        return f"{text}; but by the document's own figures, {formula}"
    return f"{text}，{to_language('但照文中的數字', language)}：{to_language(formula, language)}"


def period_text(period: str, language: Language) -> str:
    """Write a ledger period for people: ``2024`` → 2024年, ``2021/2025`` → 2021至2025年."""
    if language == "en":
        return period.replace("/", " to ").strip()
    parts = [_moment(part) for part in period.split("/") if part]
    return to_language("至".join(parts), language)


def _moment(part: str) -> str:
    if "Q" in part:
        year, quarter = part.split("Q")
        return f"{year}年第{'一二三四'[int(quarter) - 1]}季度"
    if "H" in part:
        year, half = part.split("H")
        return f"{year}年{'上' if half == '1' else '下'}半年"
    units = ("年", "月", "日")
    return "".join(f"{piece.lstrip('0')}{unit}" for piece, unit in zip(part.split("-"), units, strict=False))


def ask_back(choices: Sequence[str], language: Language) -> str:
    """Ask which of several readings is meant, in one short question."""
    if language == "en":
        return f"Do you mean {' or '.join(f'“{choice}”' for choice in choices)}"
    shown = [f"「{choice.rstrip('?？')}」" for choice in choices]
    return f"{to_language('請問是指', language)}{to_language('還是', language).join(shown)}？"


def disagreement(formula: str, language: Language) -> str:
    """Say that arithmetic on the document's own figures does not give what it states."""
    if language == "en":
        return f"The document's own figures do not agree: {formula}."
    return f"{to_language('文中的數字對不上', language)}：{to_language(formula, language)}。"


def conflict(values: Sequence[str], language: Language) -> str:
    """Say that the document gives different values."""
    if language == "en":
        return f"The document gives different values: {' and '.join(values)}."
    return f"{to_language('文中說法不一', language)}：{'、'.join(values)}。"


# What is missing, by reason: (Chinese, English); {asked} is what was asked for.
_MISSING: dict[Reason, tuple[str, str]] = {
    Reason.NO_EVIDENCE: ("文中沒有說到這一點", "The document does not say this"),
    Reason.OTHER_PERIOD: ("文中沒有{asked}的說法", "The document has nothing on this for {asked}"),
    Reason.OTHER_ENTITY: ("文中沒有{asked}的這項內容", "The document does not give this for {asked}"),
    Reason.OTHER_METRIC: ("文中沒有說到{asked}", "The document says nothing of {asked}"),
    Reason.OTHER_ROLE: ("文中這一項沒有{asked}的數字", "The document does not give {asked} of this"),
    Reason.FALSE_PREMISE: ("文中的說法與問題的前提不符", "The document does not bear out what the question assumes"),
    Reason.INCOMPATIBLE: ("這些數字不能這樣計算", "These figures cannot be combined in this way"),
    Reason.NOT_A_QUESTION: ("請問一個文件能回答的問題", "Please ask something that the document can answer"),
    Reason.AMBIGUOUS: ("這個問題有不止一種讀法", "The question can be read in more than one way"),
}
_PLAIN_MISSING = {Reason.OTHER_PERIOD, Reason.OTHER_ENTITY, Reason.OTHER_METRIC, Reason.OTHER_ROLE}


def abstention(reason: Reason, asked: str, nearest: str, language: Language) -> str:
    """Say what is missing and, where there is one, the nearest thing that the document does say.

    Args:
        reason: Why there is no answer.
        asked: What is missing, in the question's words; may be empty.
        nearest: A short piece of the document; may be empty.
        language: Of the question.
    """
    shown = Reason.NO_EVIDENCE if reason in _PLAIN_MISSING and not asked else reason
    chinese, english = _MISSING[shown]
    if language == "en":
        tail = f"; the nearest it says is {quoted(nearest, language)}" if nearest else ""
        return english.format(asked=asked) + tail + "."
    tail = f"；{to_language('最接近的是', language)}{quoted(nearest, language)}" if nearest else ""
    return to_language(chinese, language).format(asked=to_language(asked, language)) + tail + "。"
