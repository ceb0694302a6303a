"""Units and measure words: their canonical names, what they measure, and exact conversion between them.

Canonical names are folded (Simplified, half width). ``平方公里`` and ``平方米`` stay units of their own: a value is
only moved between them when somebody asks for it.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache
from typing import Any

from yinju.text import fold
from yinju.types import Kind

PRECISION = 28
"""Significant digits kept where a decimal cannot be exact (a third, one mu in square metres)."""

# Canonical name: (kind, other spellings). Longest spelling wins when text is read.
_UNITS: dict[str, tuple[Kind, str]] = {
    "元": (Kind.AMOUNT, "人民币元 元人民币 圆 块钱 cny rmb yuan renminbi"),
    "美元": (Kind.AMOUNT, "美金 usd us_dollars us_dollar dollars dollar"),
    "港元": (Kind.AMOUNT, "港币 港圆 hkd hk_dollars"),
    "欧元": (Kind.AMOUNT, "eur euros euro"),
    "日元": (Kind.AMOUNT, "日圆 日币 jpy yen"),
    "英镑": (Kind.AMOUNT, "gbp pounds pounds_sterling"),
    "韩元": (Kind.AMOUNT, "krw"),
    "新台币": (Kind.AMOUNT, "台币 twd"),
    "澳门元": (Kind.AMOUNT, "澳门币 mop"),
    "新加坡元": (Kind.AMOUNT, "新加坡币 新元 sgd"),
    "澳元": (Kind.AMOUNT, "aud"),
    "加元": (Kind.AMOUNT, "cad"),
    "卢布": (Kind.AMOUNT, "roubles rubles"),
    "卢比": (Kind.AMOUNT, "rupees"),
    "瑞士法郎": (Kind.AMOUNT, "瑞郎 chf"),
    "%": (Kind.PERCENT, "percent percents"),
    "‰": (Kind.PERCENT, ""),
    "个百分点": (Kind.PERCENT, "百分点 percentage_points percentage_point"),
    "倍": (Kind.MULTIPLE, "times"),
    "平方公里": (
        Kind.AREA,
        "平方千米 km² km2 sq_km square_kilometers square_kilometres square_kilometer square_kilometre",
    ),
    "平方米": (Kind.AREA, "平米 ㎡ m² m2 square_meters square_metres"),
    "公顷": (Kind.AREA, "hectares hectare ha"),
    "亩": (Kind.AREA, "mu"),
    "英亩": (Kind.AREA, "acres acre"),
    "平方英里": (Kind.AREA, "square_miles square_mile sq_miles"),
    "平方厘米": (Kind.AREA, "平方公分"),
    "坪": (Kind.AREA, ""),
    "公里": (Kind.OTHER, "千米 km kilometers kilometres kilometer kilometre"),
    "米": (Kind.OTHER, "公尺 m meters metres"),
    "厘米": (Kind.OTHER, "公分 cm centimetres centimeters"),
    "毫米": (Kind.OTHER, "mm millimetres millimeters"),
    "微米": (Kind.OTHER, "μm µm"),
    "纳米": (Kind.OTHER, "奈米 nm"),
    "海里": (Kind.OTHER, ""),
    "光年": (Kind.OTHER, ""),
    "英尺": (Kind.OTHER, "呎 feet ft"),
    "平方英尺": (Kind.AREA, "平方呎 平方尺 square_feet sq_ft"),
    "载重吨": (Kind.OTHER, "dwt"),
    "英里": (Kind.OTHER, "miles mile"),
    "英寸": (Kind.OTHER, "inches"),
    "吨": (Kind.OTHER, "公吨 tonnes tons tonne t"),
    "吨标准煤": (Kind.OTHER, "吨标煤"),
    "公斤": (Kind.OTHER, "千克 kg kilograms kilos"),
    "斤": (Kind.OTHER, ""),
    "克": (Kind.OTHER, "grams"),
    "毫克": (Kind.OTHER, "mg"),
    "微克": (Kind.OTHER, "μg µg"),
    "公担": (Kind.OTHER, ""),
    "担": (Kind.OTHER, ""),
    "立方米": (Kind.OTHER, "m³ m3 cubic_meters cubic_metres"),
    "立方公里": (Kind.OTHER, ""),
    "升": (Kind.OTHER, "公升 litres liters"),
    "毫升": (Kind.OTHER, "ml"),
    "千瓦时": (Kind.OTHER, "度电 千瓦小时 kwh kilowatt-hours kilowatt_hours"),
    "兆瓦时": (Kind.OTHER, "mwh megawatt-hours megawatt_hours"),
    "吉瓦时": (Kind.OTHER, "gwh gigawatt-hours gigawatt_hours"),
    "瓦时": (Kind.OTHER, "wh"),
    "千瓦": (Kind.OTHER, "kw kilowatts"),
    "兆瓦": (Kind.OTHER, "mw megawatts megawatt"),
    "吉瓦": (Kind.OTHER, "gw gigawatts gigawatt"),
    "瓦": (Kind.OTHER, ""),
    "千伏": (Kind.OTHER, "kv"),
    "千伏安": (Kind.OTHER, "kva"),
    "马力": (Kind.OTHER, ""),
    "卡路里": (Kind.OTHER, ""),
    "字节": (Kind.OTHER, "bytes"),
    "kb": (Kind.OTHER, ""),
    "mb": (Kind.OTHER, ""),
    "gb": (Kind.OTHER, ""),
    "tb": (Kind.OTHER, ""),
    "pb": (Kind.OTHER, ""),
    "mbps": (Kind.OTHER, ""),
    "gbps": (Kind.OTHER, ""),
    "eflops": (Kind.OTHER, ""),
    "pflops": (Kind.OTHER, ""),
    "tops": (Kind.OTHER, ""),
    "dpi": (Kind.OTHER, ""),
    "兆赫": (Kind.OTHER, "mhz"),
    "吉赫": (Kind.OTHER, "ghz"),
    "赫兹": (Kind.OTHER, "hz"),
    "像素": (Kind.OTHER, ""),
    "参数": (Kind.OTHER, "参数量 parameters"),
    "词元": (Kind.OTHER, "tokens token"),
    "摄氏度": (Kind.OTHER, "℃ °c"),
    "度": (Kind.OTHER, "°"),
    "分贝": (Kind.OTHER, "db decibels"),
    "分": (Kind.OTHER, "points"),
    "岁": (Kind.OTHER, "周岁"),
    "年": (Kind.DURATION, "周年 年时间 years year"),
    "个月": (Kind.DURATION, "个多月 months month"),
    "周": (Kind.DURATION, "个星期 星期 weeks"),
    "天": (Kind.DURATION, "days day"),
    "小时": (Kind.DURATION, "个小时 hours hour"),
    "分钟": (Kind.DURATION, "minutes minute"),
    "秒": (Kind.DURATION, "秒钟 seconds"),
    "毫秒": (Kind.DURATION, "ms"),
    "个工作日": (Kind.DURATION, "工作日"),
    "个季度": (Kind.DURATION, "quarters"),
    "月": (Kind.DATE, ""),
    "日": (Kind.DATE, ""),
    "时": (Kind.DATE, ""),
    "课时": (Kind.DURATION, ""),
    "学时": (Kind.DURATION, ""),
}

# Measure words of countable things. After "!": what may not follow, because it makes another word of it.
_MEASURES = (
    "方!面案式法向针位略正形便 "
    "个 家!庭 人!均民币才工 名!列 位!于居置列 项!目 件 条!件例 座 所!有以在 户!籍 台!湾州 台(套) 台套 辆 "
    "架!构 艘 只!有要需是 隻 匹 株 棵 种!子业 类 批!次准 批次 次!产性方之生序要 场!所景 支!持撑出 "
    "部!署门分队 部门 套!餐用 幢 栋 间!接 处!理于置在罚 片!区面 片区 块!状 份 张!开 桶 罐 "
    "本!地省市土科区级身次届 册 篇 颗 枚 粒 根!据本 把!握关 款!项 门!户类槛票诊市店牌 轮!流动换 层!次面 村!庄级民 "
    "村庄 城!市区镇乡 城市 国!家际道 国家 省!级内份委 市!级内场民州委区 县!级域城 镇 乡!村 街道 社区 "
    "对!外于接口标应 双 组!织 团!队 团队 队!伍 列!入为车 列车 趟 航班 班次 架次 车次 人次 户次 台次 辆次 "
    "艘次 列次 宗次 项次 点次 套(间) 床次 例 宗 起!步来到草飞 笔 箱 标箱 标准箱 teu 桩!基 袋 瓶 杯 盒 "
    "包!括含 床!位 床位 张床位 席 票 盏 扇 面!向对积临貌 尾!部 羽 峰 口!岸径 眼 孔 段 节!能约点 章 页 "
    "字!节 圈 环!境 股!份东权利息价民市本票灾 站!点在 点位 端口 端 集!中聚成体合群 幅!度 尊 车间 机位 泊位 车位 工位 "
    "学位 岗位 头!部号 重!点大要 船次 航次 箱次 件次 人天 字段 颗星 朵 桌 剂 剂次 针 针次 例次 平台 条次 "
    "期!间末初货限望 代!表码理价替 大!会学桥道赛奖厅楼病家型于约小中量部批力幅众数额街湾陆连庆理 "
    "companies people persons enterprises countries households projects universities"
)
_SAME_MEASURE = {
    "companies": "家",
    "enterprises": "家",
    "people": "人",
    "persons": "人",
    "countries": "个",
    "households": "户",
    "projects": "项",
    "universities": "所",
    "隻": "只",
}
_SPELLINGS: dict[str, str] = {
    spelling.replace("_", " "): name for name, (_, others) in _UNITS.items() for spelling in (name, *others.split())
}
_AFTER: dict[str, str] = {entry.partition("!")[0]: entry.partition("!")[2] for entry in _MEASURES.split()}

# What pint calls our units, and the few it lacks. Sources: 1 亩 = 2000/3 m² and 1 斤 = 500 g (State Council, 1984);
# 1 坪 = 400/121 m²; 1 tonne of standard coal is energy, not mass, and is left out.
_PINT_NAMES = {
    "平方公里": "kilometer**2", "平方米": "meter**2", "公顷": "hectare", "亩": "chinese_mu", "英亩": "acre",
    "平方英里": "mile**2", "平方厘米": "centimeter**2", "坪": "chinese_ping",
    "公里": "kilometer", "米": "meter", "厘米": "centimeter", "毫米": "millimeter", "微米": "micrometer",
    "纳米": "nanometer", "海里": "nautical_mile", "英里": "mile", "英寸": "inch",
    "英尺": "foot", "平方英尺": "foot**2", "光年": "light_year",
    "吨": "metric_ton", "公斤": "kilogram", "斤": "chinese_jin", "克": "gram", "毫克": "milligram", "微克": "microgram",
    "公担": "chinese_quintal",
    "立方米": "meter**3", "立方公里": "kilometer**3", "升": "liter", "毫升": "milliliter",
    "千瓦时": "kilowatt*hour", "兆瓦时": "megawatt*hour", "瓦时": "watt*hour", "千瓦": "kilowatt", "兆瓦": "megawatt",
    "吉瓦": "gigawatt", "瓦": "watt",
    "周": "week", "天": "day", "小时": "hour", "分钟": "minute", "秒": "second", "毫秒": "millisecond",
    "%": "percent", "‰": "permille",
}  # fmt: skip
_PINT_DEFINITIONS = (
    "chinese_mu = 2000/3 * meter**2",
    "chinese_ping = 400/121 * meter**2",
    "chinese_jin = 500 * gram",
    "chinese_quintal = 100 * kilogram",
)
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000, "兆": 1_000_000_000_000}
_MONTHS_PER_YEAR = 12


# What may not follow a unit of one character, because the two make another word.
_UNIT_NOT_BEFORE = {
    "天": "然津", "周": "边期转围", "度": "假量", "分": "别之布为类公行享散配析工支管层", "升": "至级到为高值",
    "克": "服", "米": "线粉", "担": "任保当忧", "元": "宵旦素月", "日": "本元圆均产前常", "月": "饼球", "时": "间代刻",
    "斤": "斤", "秒": "杀", "坪": "山地", "年": "轻", "瓦": "斯",
}  # fmt: skip


def _alternation(spellings: list[str]) -> str:
    return "|".join(re.escape(spelling) + _guard(spelling) for spelling in spellings)


def _guard(spelling: str) -> str:
    if spelling in _UNIT_NOT_BEFORE:
        return f"(?![{_UNIT_NOT_BEFORE[spelling]}])"
    return r"(?![a-z0-9])" if spelling[-1].isascii() and spelling[-1].isalpha() else ""


def _measure_pattern() -> str:
    words = sorted(_AFTER, key=len, reverse=True)
    return "|".join(
        re.escape(word)
        + (f"(?![{_AFTER[word]}])" if _AFTER[word] else "")
        + ("(?!植(?!物))" if word == "种" else "")  # 三種植物, but not 種植
        + (r"(?![a-z])" if word.isascii() and word.isalpha() else "")
        for word in words
    )


_FIXED = _alternation(sorted(_SPELLINGS, key=len, reverse=True))
UNIT = re.compile(rf"(?P<unit>(?:{_FIXED})(?:[/每](?:{_FIXED}|人|户|辆|台|次|头|只|个))?)")
"""A unit with a fixed meaning at the start of folded text, a quotient of two included."""

MEASURE = re.compile(rf"(?P<unit>(?:{_measure_pattern()})(?:/(?:平方公里|万人|千人|百人|人|户|年))?)")
"""A measure word at the start of folded text."""


def canonical_unit(unit: str) -> str:
    """Return the folded canonical name of a unit: ``平方千米`` → ``平方公里``, ``個百分點`` → ``个百分点``.

    A unit that is not known comes back folded. A scale in front (``億元``) is not taken off.
    """
    folded = fold(unit).strip()
    folded = folded[:1] + folded[1:].replace("每", "/")
    if "/" in folded:
        return "/".join(canonical_unit(part) for part in folded.split("/"))
    return _SPELLINGS.get(folded) or _SAME_MEASURE.get(folded) or folded


def unit_kind(unit: str) -> Kind:
    """Tell what sort of quantity a unit makes; measure words make a count, an unknown unit makes ``OTHER``."""
    name = canonical_unit(unit)
    if name in _UNITS:
        return _UNITS[name][0]
    if "/" in name:
        head = name.split("/")[0]
        return Kind.AMOUNT if head in _UNITS and _UNITS[head][0] is Kind.AMOUNT else Kind.OTHER
    counted = name in _AFTER or name in _SAME_MEASURE.values() or _ENGLISH_PLURAL.fullmatch(name)
    return Kind.COUNT if counted else Kind.OTHER


_ENGLISH_PLURAL = re.compile(r"(?!celsius)[a-z-]{3,}s|staff|people|men|women|children|cattle|sheep|fish|police")
"""Countable things of English texts: beds, doctors."""


def split_scale(unit: str) -> tuple[Decimal, str]:
    """Take a scale off a unit: ``億元`` → ``(1E+8, 元)``, ``萬千瓦`` → ``(1E+4, 千瓦)``, ``公頃`` → ``(1, 公顷)``."""
    rest, scale = fold(unit).strip(), Decimal(1)
    while rest and rest not in _SPELLINGS and rest[0] in _SCALES:
        scale *= _SCALES[rest[0]]
        rest = rest[1:]
    return scale, canonical_unit(rest)


def convert(value: Decimal, source: str, target: str) -> Decimal | None:
    """Convert a value between units of one dimension, exactly.

    Scales are understood on both sides (元 → 億元, 平方公里 → 萬畝). Currencies are never exchanged.

    Args:
        value: The number, in ``source``.
        source: Unit, in either script.
        target: Unit, in either script.

    Returns:
        The number in ``target``, rounded to 28 significant digits where it has no end; ``None`` when the units measure
        different things.
    """
    source_scale, source_name = split_scale(source)
    target_scale, target_name = split_scale(target)
    factor = Fraction(1) if source_name == target_name else _factor(source_name, target_name)
    if factor is None:
        return None
    return exact(Fraction(value) * factor * Fraction(source_scale) / Fraction(target_scale))


def exact(number: Fraction) -> Decimal:
    """Write a fraction as a decimal: exact where it ends, else with 28 significant digits."""
    denominator, n_digits = number.denominator, 0
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
            n_digits += 1
    with localcontext() as context:
        digits = len(str(abs(number.numerator))) + n_digits
        context.prec = max(PRECISION, digits) if denominator == 1 else PRECISION
        return Decimal(number.numerator) / Decimal(number.denominator)


@cache
def _factor(source: str, target: str) -> Fraction | None:
    if {source, target} == {"年", "个月"}:
        return Fraction(_MONTHS_PER_YEAR) if source == "年" else Fraction(1, _MONTHS_PER_YEAR)
    if source not in _PINT_NAMES or target not in _PINT_NAMES:
        return None
    registry = _registry()
    one = registry.Quantity(Fraction(1), registry.parse_units(_PINT_NAMES[source]))
    wanted = registry.parse_units(_PINT_NAMES[target])
    return Fraction(one.to(wanted).magnitude) if one.is_compatible_with(wanted) else None


@cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(non_int_type=Fraction)
    for definition in _PINT_DEFINITIONS:
        registry.define(definition)
    return registry
