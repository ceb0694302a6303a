"""Closed-class words by which a question shows what it wants, Chinese and English.

Everything is matched against folded text (Simplified, half width, small letters). No word here belongs to any one
document: question words, measure words, words of change, share, comparison, time and courtesy.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from yinju.figures.units import MEASURE, UNIT
from yinju.types import Kind
from yinju.vocabulary import spoken


def word_set(text: str) -> frozenset[str]:
    """The words of a text, separated by white space."""
    return frozenset(text.split())


_UNIT = UNIT.pattern.replace("?P<unit>", "?:")
_MEASURE = MEASURE.pattern.replace("?P<unit>", "?:")
WH = r"(?:多少|若干|(?<![好十近这那去哪最前后数])几(?![乎何十百千]))"
_ASKED_UNIT = re.compile(
    WH + rf"(?:来|多)?(?:个(?=[百千万亿](?!分)))?(?P<scale>[百千万亿]*)(?P<unit>个人(?![才工均民口])|{_UNIT}|"
    rf"{_MEASURE}|美金|块|套)?"
)


def asked_units(folded: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield where a question asks how many, with the scale and the unit it names: ``(start, end, scale, unit)``.

    A measure word of several characters before another noun is part of that noun (多少國家級企業).
    """
    for match in _ASKED_UNIT.finditer(folded):
        unit, end = match["unit"] or "", match.end()
        if len(unit) > 1 and not UNIT.fullmatch(unit) and re.match(r"[\u4e00-\u9fff](?<![和与的地、])", folded[end:]):
            unit, end = "", match.start("unit")
        if unit == "块" and not re.match(r"钱|[^\u4e00-\u9fff]|$", folded[end:]):  # 几块奖牌
            unit = "个"
        yield match.start(), end, match["scale"], unit


STRONG = re.compile(
    WH + r"|多[大高长久远重深宽厚快](?!的)|多[长久远重深宽]的|"
    r"多大的?(?:地|面积|款|规模|盘|数|钱|场|量|投)|几分之几|百分之几|何时|何年|哪一?[年天月]|哪一?个(?:年份|月)|"
    r"(?:什么|啥)(?:时候|时间|年份|比例|名次|日期|数(?![\u4e00-\u9fff])|水平|水准)|"
    r"第几|排名|名次|how (?:many|much|large|big|long|high|old|far|fast|tall|wide|often)|"
    r"\bshare of\b|\bwhat portion\b|\bprice tag\b|\bhow m[an]+y\b|"
    r"what(?:'s| is| was| are| were)?(?: [\w'’&-]+){0,7}? (?:percentage|percent|proportion|share|fraction|number|"
    r"amount|year|rate|ratio|"
    r"total|size|area|value|population|difference|sum|average|growth)|^when\b|\bwhich year|in what year|\brank"
)
WEAK = re.compile(
    r"占比|比重|比例|份额|增速|增幅|涨幅|降幅|减幅|跌幅|增长率|倍数|百分比|总量|总额|总数|数量|数目|人数|户数|家数|规模|面积|"
    r"均值|平均值|产值|增加值|gdp|"
    r"生产总值|收入|支出|投入|营收|人口|产量|价格|寿命|时长|速度|强度|年均|人均|浓度|里程|"
    r"\b(?:rate|growth|population|gdp|number|amount|total|revenue|output|area|percentage|income|expenditure)\b|"
    r"[\u4e00-\u9fff](?:量|额|率|值|价|数)(?![\u4e00-\u9fff])|率(?=是|为|有|呢)"
)
OPEN = re.compile(
    r"谁(?!更|的?.{0,6}[多少高低大小])|哪里|哪儿|哪些|哪几|哪两|哪(?:一)?(?:家|所|座|位|类|种|项|款|条|个|支|只)|"
    r"为什么|为何|为啥|怎么|怎样|如何|"
    r"(?:什么|啥)(?!时候|时间|年份|水平|比例|规模|程度|名次|日期)|介绍|说明|解释|列出|列举|概括|总结|"
    r"\bwho\b|\bwhy\b|\bwhere\b|\bhow (?:do|did|does|is|are|was|were|can|could|has|have|to|should)\b|"
    r"\bwhich\b(?! year)|"
    r"what (?:does|do|did|kind|role|makes|caused)|\bdescribe\b|\bexplain\b|\bname\b"
)
REASON = re.compile(
    r"为什么|为何|为啥|何以|凭什么|怎么会|(?:怎么|咋).{0,12}?(?:反而|反倒|反着|却|居然|竟|还[是成]了?)|"
    r"怎么解释|如何解释|^why\b|\bhow come\b"
)
YES_NO = re.compile(r"吗|是不是|是否|有没有|对不对|对吗|真的|一致|对得上|^(?:is|are|was|were|did|does|do|has|have)\b")
GIVEN = re.compile(rf"(?<![\d.a-z])\d[\d,]*(?:\.\d+)?\s*(?:[百千万亿]+)?(?:{_UNIT}|{_MEASURE})?")

CHANGE_WORD = (
    r"(?:变动|变化|增长|增加(?!值)|上涨|上升|提高|提升|下降|减少|下滑|下跌|回落|降低|缩减|收窄|增多|涨|降|升|跌)"
)
CHANGE = re.compile(
    r"增速|增长率|增长幅度|增幅|涨幅|降幅|减幅|跌幅|升幅|变化率|同比|环比|增长的?(?:预期)?(?:目标|预期|计划)|"
    r"(?:几|多少)个点|(?<!比)(?:多|少)了(?:多少|几|百分)|(?<![全总多周延边航])长了?(?:多少|几|百分)(?!公里|千米|米|里)|"
    + CHANGE_WORD
    + r"(?:了|幅度|的?速度|的?百分点|多快|率)*(?:约|大概|大约|超过|是|为|有|达|到)?(?:多少|几|百分|多大|多快)|"
    r"(?:多少|几个?百分点|百分之几|多快)的?(?:速度|幅度)?" + CHANGE_WORD + r"|" + CHANGE_WORD + r"得(?!到)|"
    r"比(?:上年|去年|前年|上一年|前一年|往年).{0,12}(?:" + CHANGE_WORD + r"|[多少高低大小长鼓瘪])|"
    r"(?:[多少][\u4e00-\u9fff]{0,3}|掉|缩水?|鼓|瘪|跑|窜|长|增|升|翻)了?(?:约|大概)?(?:百分之|几成|几趴|(?:几|多少)个?百分点)|"
    r"(?:(?<![卖烧换拆关丢扔撤裁砍花用吃去除扣])掉|缩水)了(?:多少|几)|鼓了?多少|[每一]年(?:平均)?(?:能|要|该)?(?:增|多|长|涨)多少|长多快|翻了?(?:多少|几)倍|"
    r"多出来?了?(?:多少|几)|\b(?:go(?:es|ne)?|went) (?:up|down)\b|"
    r"growth rate|\bgrow|\bgrew\b|\bgrown\b|\bgrowth\b|increased? by|"
    r"\b(?:rise|rose|risen|fell|fall|fallen|drop|dropped|decline[ds]?|decrease[ds]?|increased?|change[ds]?)\b|"
    r"\b(?:jump|surge|climb|soar|expand|shrink|shrank|plunge|slip)(?:ed|s|d)?\b"
)
CHANGE_TO = re.compile(CHANGE_WORD + r"(?:到|至|为)了?" + WH)
"""提高到多少 asks for the level reached, not for the change."""
FALL = re.compile(
    r"下降|减少|(?<![多至不])少了|下滑|下跌|回落|降低|降幅|减幅|跌幅|跌|缩减|负增长|萎缩|\bf[ae]ll\b|\bdrop|\bdecline|\bdecrease"
)
RISE = re.compile(r"增长|增加|上涨|上升|提高|提升|涨|增幅|增速|\bgrow|\bgrew|\brise|\brose|\bincrease")
INCREMENT = re.compile(
    r"新增|新设|新登记|净增|新认定|新注册|新开工|新添|增添|[又再]?添了|"
    r"\bnewly\b|\bnew (?:added|established|registered|ones)"
)
TARGET = re.compile(
    r"目标|计划|预计|预期(?!寿命)|力争|争取|希望(?!小学|工程)|(?<![虚模])拟(?=[建投增于将设定新])|打算|有望|预测|"
    r"指望|准备(?=[再新在把建增开投修装让提])|想[让把要]|(?:[当起]初|原本|本来|原先|原来|年初|先前)想|[原预]定|"
    r"要(?:做|达|增|涨|提高|提升)到|要(?:建成|完成|实现|新增|保住)|"
    r"\b(?:hope|want|intend|aim)s? to\b|\btarget|\bplan(?:ned|s)?\b|expect|forecast|\bgoal|\baim|project(?:ed|ion)"
)
_IN_FACT = (
    r"实际(?!使用|利用|到位|对外|投资|控制|增速|增长(?!了)|增幅|利率|工资|汇率|收益|gdp)|真正(?!的)|\bactual(?:s|ly)?\b"
)
IN_FACT = re.compile(_IN_FACT)
"""What is asked for is what came of it: no plan is an answer."""
RESULT = re.compile(rf"{_IN_FACT}|实际(?=增)|(?:达到|完成|实现)了|已经|\balready\b|\bachieved\b")
FIRST = re.compile(
    r"(?:建|成立|创办|创立|创建|设立|开办|起步)[省市区县国校厂]?(?:的)?(?:时候?|之初|初期|当年|伊始|那时|那年)|"
    r"最早|最初|当初|起初|一开始|刚.{1,6}(?:时|的时候|那会)|之初|最开始|起步(?:时|的时候|阶段)|"
    r"原来(?=的?.{0,6}(?:是|有|多少|几))|原先|"
    r"\boriginally\b|\binitially\b|\bat first\b|in the beginning|\bwhen .{0,20}(?:founded|established|set up)"
)
SHARE = re.compile(
    r"占(?!地|用|领|据(?!了))|比重|占比|份额|百分之几|几成|几分之几|百分比|市占率|构成比|比例|"
    r"what (?:percentage|percent|proportion|share|fraction)|"
    r"\bshare of|percentage of|proportion of|account(?:s|ed)? for|makes? up|made up"
)
PER = re.compile(
    r"人均|户均|地均|亩均|(?:平均)?每(?:一?[百千万亿]*个[\u4e00-\u9fff]{0,3}?|个?[\u4e00-\u9fff]{0,3}?(?<![万千百亿]))(?P<head>人)(?!均)|"
    r"一个?人(?=(?:一年)?平均)|(?:平均|摊)(?:下来|算下来|起来|到)?每?一?个?人(?!口|数)|"
    r"(?:平均)?每(?:一)?(?P<many>[百千万亿]*)(?P<unit>人|平方公里|平方千米|公顷|亩|家|户|个(?!月|星期|季度|小时|百分点)|名|位|辆|台|件|所|吨|元)"
    r"|(?:^|[,，])(?:平均)?一(?:个|平方公里|亩|公顷)(?P<one>人|平方公里|亩|公顷)?(?=.{0,10}(?:产|创|贡献|有))|"
    r"(?:按|除以|平均到)(?:每个?)?人(?:头|口)?|"
    r"per (?P<english>capita|person|square kilomet\w+|household|hectare|\d+,?\d* (?:people|residents|inhabitants|"
    r"persons)|"
    r"ten thousand \w+)|every 10,?000 (?:people|residents)"
)
PER_ANY = re.compile(
    rf"(?:平均|均摊)(?:下来|算下来|来说|起来|到)?[每一](?:个(?=[\u4e00-\u9fff]))?"
    rf"(?P<any>{_UNIT}|{_MEASURE}|[\u4e00-\u9fff](?<![年天月日般样些直起旦次共]))"
    rf"|[每一](?P<each>{_UNIT}|{_MEASURE})(?:大概|大约|约)?(?:平均|均摊)"
)
YEARLY = re.compile(r"年均|年平均|每年|annual|yearly")
"""What happens each year, or in the mean of several, in a question or in the words of a metric."""
PER_ENGLISH = {"capita": "人", "person": "人", "household": "户", "hectare": "公顷"}
SCOPE = re.compile(
    r"全国|全球|全世界|世界|全省|全市|全区|全县|全州|全镇|全岛|本市|本省|本区|我国|我省|我市|我区|国内|"
    r"\bnational(?: average|ly)|\bnationwide|\bcountrywide|\bcitywide|\bcity-wide|\bglobal(?:ly)?|\bworldwide"
)
SCOPE_ENGLISH = {
    "national average": "全国", "nationally": "全国", "nationwide": "全国", "countrywide": "全国", "citywide": "全市",
    "city-wide": "全市", "global": "全球", "globally": "全球", "worldwide": "全球",
}  # fmt: skip

SCALES = {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
UNIT_NAMES = {"块": "元", "个人": "人", "美金": "美元", "成": "%"}
NOUN_UNITS = {
    r"(?:几|多少)个点": "%",
    r"多少(?:的)?(?:[\u4e00-\u9fff]{0,3}钱|资金|投资|经费|预算|营收|收入|产值)": "元",
    r"(?:多少|几)(?:名|位)?[^,，。?？多少几]{0,4}(?:学生|员工|职工|人口|居民|教师|医生|老人|儿童)": "人",
    r"多少(?:人口|员工|学生|职工|院士|居民|熟练工|工人)|几个人|how many (?:people|persons|residents|employees|"
    r"students|academicians|workers)": "人",
    r"(?:面积|占地).{0,8}(?:多大|多少|几)|多大(?:的)?(?:面积|地方|地盘|地)|多少地(?!方|区|下)|how large .{0,30}area|"
    r"(?:地方|地盘|土地|辖区|区域|园区).{0,6}多大|"
    r"\b(?:land |total )?area of\b|\bhow (?:large|big) is\b(?!.*(?:econom|gdp|market|fund))|"
    r"what.{0,20} area\b": "平方公里",
    r"几成|百分之几|what (?:percentage|percent)\b|百分比": "%",
    r"percentage points?": "个百分点",
    r"how many times": "倍",
    r"how many square kilomet": "平方公里",
    r"\bhectares?\b": "公顷",
    r"\bsquare met(?:re|er)s\b": "平方米",
    r"how many (?:us )?dollars": "美元",
}
KINDS: tuple[tuple[str, frozenset[Kind]], ...] = (
    (r"第几|排名|名次|位列|\brank", frozenset({Kind.RANK})),
    (r"哪一?年|何年|什么年份|哪个年份|which year|what year", frozenset({Kind.YEAR, Kind.DATE})),
    (r"何时|(?:什么|啥)时候|什么时间|哪一?(?:[天月]|个月)|^when\b|什么日期", frozenset({Kind.YEAR, Kind.DATE})),
    (r"how long|多长(?!时间)", frozenset({Kind.DURATION, Kind.OTHER})),
    (r"多久|多长时间|(?:多少|几)个?(?:年|月|天|周|小时|分钟|星期|季度|时间)|how many (?:years|months|days|weeks|hours)",
     frozenset({Kind.DURATION})),
    (r"(?:多少|几)倍|倍数|how many times|what multiple", frozenset({Kind.MULTIPLE, Kind.RATIO})),
    (r"几比几|之比|(?<!占)(?<!的)比例|\bratio\b", frozenset({Kind.RATIO, Kind.PERCENT})),
    (r"占比|比重|份额|百分|几成|几分之几|市占率|占.{0,20}(?:多少|多大)(?!.?[亿万元家人个平亩])|"
     r"率(?:是|为|有|达|高|只有|多|呢|[?？]|$)|"
     r"what (?:percentage|percent|proportion|share|fraction)|\b(?:un)?employment rate|\brate\b|\bshare of",
     frozenset({Kind.PERCENT, Kind.RATIO})),
)  # fmt: skip

AMOUNT_NOUN = re.compile(
    r"(?:gdp|生产总值|经济总量|经济体量|经济规模|产值|增加值|营收|营业收入|收入|支出|利润|贸易额|进出口额?|销售额|"
    r"零售额|总额|税收|经费|市值|注册资本|投资额|融资|成交额|造价|售价)"
    r"(?!.{0,12}(?:强度|比|率|倍|增长|家|个|户|占))|"
    r"^(?:how much|what (?:is|was)).*\b(?:gdp|revenue|income|output|value added|spending|expenditure)\b(?!.*(?:rate|"
    r"growth|ratio|share))"
)
"""Things measured in money, where the question names no unit."""

COUNTED = re.compile(r"(?<!率)(?<!比)(?<!重)(?<!额)(?:有|是|为|達|达)(?:多少|几)|多少(?:个|人|家|亿|万|元)")
"""How many, asked of something that is no rate: a percentage does not answer."""

_OPPOSED = (
    (r"(?<!进)出口", r"进出口|进口"),
    (r"(?<![进出])进口", r"(?<!进)出口|进出口"),
    (r"总产值|(?<!增加)产值(?!增加)", r"增加值"),
    (r"增加值", r"总产值|(?<!增加)产值(?!增加)"),
    (r"支出|开支|花[了费]", r"收入(?!比)|财收"),
    (r"收入(?!比)|营收", r"(?<!收入)支出"),
    (r"户籍", r"常住"),
    (r"常住", r"户籍"),
    (r"出生", r"死亡"),
    (r"死亡|去世", r"出生"),
    (r"存款|存贷款", r"(?<!存)贷款"),
    (r"贷款", r"存款"),
    (r"存栏", r"出栏"),
    (r"出栏", r"存栏"),
    (r"外资|外商", r"内资"),
    (r"(?<!外)内资", r"外资|外商"),
    (r"利润", r"营收|营业收入|增加值|产值"),
    (r"第一产业|一产", r"第[二三]产业"),
    (r"第二产业|二产", r"第[一三]产业"),
    (r"第三产业|三产|服务业", r"第[一二]产业"),
)
CONTRASTS = tuple((re.compile(asked), re.compile(other)) for asked, other in _OPPOSED)
"""What is measured, and its counterpart, which is another thing however alike the sentences."""

# Words that say the same in any text about numbers; each covers the others.
SAME = (
    ("gdp", "生产总值", "地区生产总值", "经济总量", "国内生产总值", "经济体量", "经济规模"),
    ("研发", "研究与试验发展", "r&d", "科研"),
    ("cpi", "居民消费价格", "物价", "消费价格"),
    ("企业", "公司", "厂商"),
    ("第一产业", "一产"),
    ("第二产业", "二产"),
    ("第三产业", "三产", "服务业"),
    ("规上", "规模以上"),
    ("经费", "资金", "投入", "支出", "花费"),
    ("营收", "营业收入", "收入", "销售收入"),
    ("高校", "大学", "院校", "学校"),
    ("人口", "人数", "居民"),
    ("面积", "占地", "土地", "平方公里", "平方米", "亩", "公顷"),
    ("市场主体", "经营主体", "商事主体"),
    ("外贸", "进出口"),
    ("员工", "职工", "从业人员", "就业人员", "就业"),
    ("社零", "社会消费品零售总额"),
    ("固投", "固定资产投资"),
    ("用户", "使用者", "客户"),
    ("创立", "成立", "设立", "创办", "建立", "诞生", "建成"),
    ("启动", "开始", "动工", "开工", "起步"),
    ("发布", "出台", "公布", "推出", "印发"),
    ("价格", "售价", "单价", "卖"),
    ("占地", "面积"),
    ("掉", "减少"),
    ("全球", "世界"),
    ("入境", "境外", "海外", "外国"),
    ("农村", "乡村"),
    ("岗位", "就业"),
    ("大型企业", "大企业"),
    ("新车", "汽车"),
    ("外资", "外商投资"),
    ("猪", "生猪"),
    ("稻米", "稻谷"),
    ("出生", "生育"),
    ("去世", "死亡", "过世"),
    ("农民", "农村", "乡村", "乡下"),
    ("城里", "城镇", "城市"),
    ("地盘", "面积", "占地"),
    ("饭碗", "就业", "工作"),
    ("科学家", "院士"),
    ("旅客", "乘客", "游客"),
    ("老年人", "老人"),
    ("手机", "移动电话"),
    ("失业率", "失业"),
)
SYNONYMS = {
    word: tuple(dict.fromkeys(w for group in SAME if word in group for w in group if w != word))
    for g in SAME
    for word in g
}
SYNONYMS |= {word: tuple(dict.fromkeys((*SYNONYMS.get(word, ()), *others))) for word, others in spoken().items()}

LIGHT = word_set(
    """
    做到 实际 结束 换成 之际 数量 数目 总数 总量 总额 情况 水平 规模 数字 数据 总计 整体 总体 平均 目前 现在
    当前 同期 全年 年底 年末 左右 大约 程度 方面 总 总规模 总共 一共 合计 累计 金额 数额 速度 幅度 达到 拥有
    超过 突破 实现 完成 具体 分别 全部 所有 其中 当地 这里 该 率 值 量 额 数 属于 提供 进行 整个 位于 成为 作为
    之间 水准 钱 资金 家 个 人 名 位 件 项 户 家数 人数 个数 增长 增加 上涨 上升 提高 提升 下降 减少 下滑 下跌
    回落 降低 涨 升 降 跌 产出 做出 创造 贡献 单位 时期 年度 变化 部分 范围 大小 高低 多寡 长短 占地 占 存在
    地方 地块 那块 这块 一块 那边 这边 那一块 这一块 一带
    包括 包含 持有 手上 手里 裡頭 里头 当中 带来 带动 报告 提到 公告 公报 发展 建设 工作 领域 类 型 级 层 种
    种类 开始 开始的 变成 变为 弄 搞 做 花 用 赚 卖 买 走 出现 发生 发生的
    """
)
STOP = word_set(
    """
    的 了 是 有 在 和 与 及 或 这 那 这个 那个 一个 吗 呢 啊 吧 呀 请问 一下 大概 大约 约 到 为 被 把 给 对 从
    向 于 以 就 也 都 还 要 会 能 可以 能够 我 你 他 她 它 我们 你们 他们 想 知道 告诉 问 说 讲 文中 文章 文件
    材料 里 里面 中 上 下 内 外 时 时候 年 月 日 等 等等 之 其 所 者 得 地 着 过 去 来 按 按照 根据 据 关于 由
    跟 同 比 比较 相比 多 少 大 小 高 低 更 最 很 较 又 再 才 只 仅 共 各 每 某 另 谁 哪 哪个 什么 究竟 到底 请
    麻烦 帮 帮我 查 查一下 看看 算 算算 计算 换算 成 当 当时 那么 如果 话 并 且 而 但 因为 所以 虽然 几 多少
    若干 不 没 没有 是不是 是否 有没有 多大 多高 多长 多久 倍 百分之 百分点 个百分点 可 嘛 么 已 已经 共有 约为
    大致 据说 听说 真 真的 区别 出 起来 差 达 呈 竟 底 何 何时 之前 之后 以前 以后 以来 前 后 期间 截至 截止 起
    止 间 块 档 名 万 亿 千 百 十 啥 欸 哦 嗯 哈 唉 好 就是 约合 折合 等于 相当于 相当 拿 拿到 下来 出来 而言
    来说 来讲 至今 如今 个 此 该 呐 喔 多多少少 一年 那年 当年 这里 那里 这座 自己 打算 比前 要花 东西 整年 真正
    最后 一次 那些 这些 人家 眼下 每年 每月 那种 这种 准备 那条 这条 那趟 那回 一回 进去 出去 为了 那天 前前后后 前后
    一份 上一年 前一年 当初 原来 以上 大家 这次 本来 上面 底下 不能 还是 拿来 直接 拢共 得到 回来 一块儿 重新 那一带
    人里 那座 这款 那款 这家 那家 the a an
    of in is are was were what how
    """
)
PHRASES = (
    (re.compile(r"经济(?:总)?(?:体量|规模|总量|盘子)"), "gdp"),
    (re.compile(r"经济(?=的?(?:增速|增长|增幅|涨|增加))"), "gdp"),
    (re.compile(r"经济(?=占|$)"), "gdp"),
    (re.compile(r"规模以上"), "规上"),
    (re.compile(r"研究与试验发展|研究与开发|科研经费|研究开发"), "研发"),
    (re.compile(r"国内生产总值|地区生产总值|生产总值"), "gdp"),
)
"""Ways of saying one thing that are several words, and the word they stand for."""

FRAME = re.compile(
    r"在(?=[\u4e00-\u9fff]{1,6}(?:时|期间|里|中|上|内))|(?<=[\u4e00-\u9fff]{2})时(?=[有是的,，?？多共]|$)|"
    r"(?:一共|总共|共)?(?:有|是|为|达到|达|到)(?=(?:约|大约|大概)?(?:多少|多[大高长久远]|几[^十百千]|若干))|(?:我要|"
    r"我想要?|想要)|"
    r"请问|请告诉我|告诉我|我想知道|想知道|能不能|可不可以|麻烦|根据(?:文章|文中|文档|材料|报告|上文|资料)|"
    r"文[中里章](?:提到|说|写)?的?|"
    r"大概|大约|差不多|究竟|到底|总共|一共|合计|加起来|加在一起|合起来|共计|之和|总和|相差|差距|差额|之差|换算成?|"
    r"折合|约合|等于|相当于|"
    r"是不是|是否|有没有|几分之几|百分之几|百分之|什么时候|啥时候|什么时间|何时|何年|哪一?年|"
    r"多[大高长久远重深宽厚快]|第几|名次|几比几|"
    r"增长率|增长幅度|增速|增幅|涨幅|降幅|减幅|跌幅|同比|环比|比重|占比|份额|比例|百分比|百分点|目标|计划|预计|预期|力争|有望|"
    r"人均|户均|平均|新增|"
    r"占(?!地|用|领)"
)
