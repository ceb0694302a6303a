"""Names told by their shape: places and organisations that no dictionary knows, by the word they end in."""

from __future__ import annotations

import re
from collections.abc import Sequence

import rjieba

MAX_NAME = 18
"""Longest name of an organisation, in characters."""
ORGANISATION_END = (
    "公司|集团|银行|证券|大学|学院|研究院|研究所|科学院|医院|卫生院|实验室|博物馆|图书馆|协会|学会|商会|基金会|"
    "俱乐部|中学|小学|机场|交易所|出版社|报社|电视台"
)
_ENDS_ORGANISATION = re.compile(rf"(?:{ORGANISATION_END})$")
# A word for the organisation that a document is about, by what its name ends in: 公司 in the report of a 集團.
_OWN_NOUN = (
    (re.compile(r"(?:公司|集团|证券)$"), ("公司", "集团", "母公司")),
    (re.compile(r"(?:大学|学院|中学|小学)$"), ("学校", "大学", "学院")),
    (re.compile(r"(?:医院|卫生院)$"), ("医院",)),
    (re.compile(r"银行$"), ("银行", "集团")),
)
# What a place's name ends in, and what may not follow, since the two make another word (县级, 区域, 市场, 村民).
_PLACE_END = (
    r"省(?![级份内委外])|自治区|自治州|自治县|开发区|高新区|新区|街道(?!办事处?主任)|社区|"
    r"县(?![域级委乡道])|镇(?![域区级村痛守])|乡(?![镇村土亲情愁贤])|村(?![庄民落委级镇居办医干两])|"
    r"区(?![域位块间级县划别分内外])|州(?![域级])|旗(?![下帜舰])|岛(?![屿内])|市(?![场民值级辖政面域委县容盟集])"
)
_PLACE = re.compile(rf"(?P<name>[\u4e00-\u9fff]{{2,4}}?)(?:{_PLACE_END})")
# Characters that do not stand in the name of a place but join or measure what stands around it.
_NO_NAME = re.compile(
    r"[一二三四五六七八九十的了在是为和与及或等有各全每该本我这那其从到于对由将被把以不第个座家所条年月日项级型化性类们也都已并较最多少数强超近约据按"
    r"占比增减升降达推进加快]"
)
_ALL_KNOWN = re.compile(r"[省市]$|自治[区州]$")
_RANKS = re.compile(r"[省市区县州乡镇村]+")
# Nouns and adjectives that make a kind of place of the word after them (重點鎮, 貧困縣), not one place.
_KIND_OF_PLACE = frozenset(
    (
        "贫困 重点 试点 示范 行政 自然 中心 先进 经济 旅游 生态 百强 农业 工业 产粮 边境 沿海 美丽 "
        "文明 特色 和美 新建 脱贫 集中 开发 保护 试验 合作 保税 综合 产业 核心 功能 中央 平安 幸福 "
        "未来 智慧 老旧 城市 农村 历史 文化 传统 革命 民族 少数 周边 城郊 乡镇 行政村 国家 省级 "
        "市级 全国 地级 县级 一般 中小 大型 小型 内陆 山区 库区 整个 所有 部分 多数 不少 许多 何种 "
        "哪些 上述 以上 以下 其他 其余 另外 偏远 发达 落后 薄弱 样板 标杆 明星 宜居 宜业 数字 无人 "
        "海洋 热带 亚热带 温带 主城 中心城 建成 规划 建设 改造 推进 服务 覆盖 加强 深化 促进 提升 "
        "完善 支持 集聚 先行 创新 科技 高新 自贸 自由贸易 物流 会展 商务 商业 居住 生活 办公 教学 "
        "住院 门诊 游客 停车 休闲 度假 风景 名胜 采煤 沉陷 淹没 地震 受灾 缓冲 安全 禁养 限行 步行 "
        "居民 职工 安置 移民 搬迁 新型 大学 军事 敏感 特别 特殊 少数民族 建制 整村 驻村 进村 入村 "
        "户户 村村 返乡 下乡 回乡 城乡 水乡 故乡 家乡 他乡 异乡 梦乡 古城 名镇 古镇 强镇 大镇 小镇 "
        "名村 古村 大县 强县 名城 都市 超市 股市 楼市 门市 上市 城区 市区 郊区 园区 辖区 片区 库存 "
        "共同 普通 对标"
    ).split()
)

# What makes a sort of organisation of the word after it (上市公司, 公立醫院), not one organisation.
_KIND_OF_ORGANISATION = re.compile(
    r"(?:上市|归属|公立|民营|三级|二级|一级|高水平|智慧|大力|国际|对标|办理|私立|国有|各|股份制?|商业|政策性|外资|合资|中资|内资|三甲|综合|专科|公办|民办|普通|高等|职业|本科|大型|中小|"
    r"控股|全资|参股|子|母|分|总|龙头|平台|物业|房地产|保险|证券|信托|担保|劳务|旅游|建筑|科技|文化|地方|国家|省|市|县|区|乡镇|社区|"
    r"村|中央|全国|重点|示范|互联网|跨国|头部|新设|新建|新增|入选|省级|市级|县级|公募|私募|独立|附属|定点|本|该|我)"
)
_NOT_IN_NAME_TAGS = frozenset({"x", "m", "d", "p", "uj", "r", "c", "t", "u", "ul"})


def place_at(folded: str, start: int, end: int) -> int | None:
    """Return where the name of a place ends that begins at ``start``, told by its last word: 青石縣, 赤水村.

    ``folded`` is folded text, as everywhere in this module.
    """
    match = _PLACE.match(folded, start, end)
    if (
        match is None
        or _NO_NAME.search(match["name"])
        or _RANKS.fullmatch(match["name"])
        or match["name"] in _KIND_OF_PLACE
    ):
        return None
    if any(match.group().endswith(kind) or match.group().startswith(kind) for kind in _KIND_OF_PLACE):
        return None
    tagged = rjieba.tag(match["name"])
    if _ALL_KNOWN.search(match.group()) and not all(
        tag in {"ns", "nr", "nz", "nrt"} or not rjieba.has_word(word) for word, tag in tagged
    ):
        return None
    if match["name"][-1] in "乡城农新老山小大中" or any(tag[:1] in "vdpcum" for _, tag in tagged):
        return None
    return None if _is_common(match.group()) else match.end()


def _is_common(word: str) -> bool:
    """Whether the dictionary has the word and knows it as something else than a name (自然村, 示範區)."""
    tagged = rjieba.tag(word)
    return len(tagged) == 1 and rjieba.has_word(word) and tagged[0][1] not in {"ns", "nr", "nz"}


def organisation_end(words: Sequence[tuple[str, str]]) -> int:
    """Return how many of the first words, each with its part of speech, name an organisation; 0 if they do not.

    It has to end in what organisations are called, and to hold a name: 恆達集團, but not 上市公司.
    """
    found, phrase, named = 0, "", False
    for number, (word, tag) in enumerate(words, 1):
        phrase += word
        if len(phrase) > MAX_NAME or tag in _NOT_IN_NAME_TAGS or _KIND_OF_ORGANISATION.match(phrase):
            break
        if found and _KIND_OF_ORGANISATION.match(word):
            break
        if _ENDS_ORGANISATION.search(word) and (number > 1 or tag == "nt"):
            named = named or tag == "nt" or place_at(phrase, 0, len(phrase)) is not None
            found = number if named else 0
        elif tag[:1] == "v" and tag != "vn":
            break
        named = named or tag in {"ns", "nz", "nr", "nrt", "nt", "eng"} or not rjieba.has_word(word)
    return found


def own_nouns(main: str) -> tuple[str, ...]:
    """Words by which a document calls the organisation that it is about, from the folded name; empty for a place."""
    return next((nouns for pattern, nouns in _OWN_NOUN if pattern.search(main)), ())
