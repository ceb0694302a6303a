"""Follow-up questions written out: references by hand, over the seed document."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from yinju.conversation import ask_back, rewrite, understand
from yinju.types import Answer, Document, Figure, Kind, Quantity, Reason, Result, Span, Status, Turn

EVALUATION = Path(__file__).parents[1] / "evals" / "nanshan.jsonl"
SEED = Path(__file__).parents[1] / "seeds" / "nanshan.txt"


@dataclass
class FakeIndex:
    documents: Mapping[str, Document]
    ledger: tuple[Figure, ...] = ()


def turn(question: str, text: str = "", standalone: str = "", value: str = "", unit: str = "") -> Turn:
    result = Result(text, Decimal(value), unit) if value else None
    status = Status.ANSWERED if text or value else Status.ABSTAINED
    return Turn(question, Answer(question, standalone or question, status, text, "zh-Hant", result))


@pytest.fixture(scope="module")
def index() -> FakeIndex:
    text = SEED.read_text(encoding="utf-8")
    document = Document("0" * 16, "nanshan.txt", text, text, str(SEED), "0" * 64, "text/plain")
    return FakeIndex({document.name: document})


# Earlier question (or question | answer), …, follow-up, expected.
CASES = [
    # ── a slot changed ──
    ("南山區戰略性新興產業占GDP多少?", "那全市呢?", "全市戰略性新興產業占GDP多少?"),
    ("2024年南山區戰略性新興產業增加值占GDP比重是多少?", "深圳全市的呢?",
     "2024年深圳全市戰略性新興產業增加值占GDP比重是多少?"),
    ("2024年南山区GDP是多少?", "2023年的呢?", "2023年南山区GDP是多少?"),
    ("2024年南山区GDP是多少?", "那2023年呢", "2023年南山区GDP是多少?"),
    ("2023年番茄收了多少?", "那前一年呢?", "2022年番茄收了多少?"),
    ("2023年番茄收了多少?", "後一年的呢?", "2024年番茄收了多少?"),
    ("2023年番茄收了多少?", "去年呢?", "去年番茄收了多少?"),
    ("2023年番茄收了多少?", "前年呢?", "前年番茄收了多少?"),
    ("人均GDP是多少?", "南山區呢?", "南山區人均GDP是多少?"),
    ("How much profit was left for 2023?", "And the year before?", "How much profit was left for 2022?"),
    ("How much profit was left for 2023?", "What about the following year?", "How much profit was left for 2024?"),
    ("南山2024年GDP多少?", "建區的時候呢?", "南山建區的時候GDP多少?"),
    ("南山2024年GDP多少?", "福田區那個呢?", "福田區2024年GDP多少?"),
    ("南山2024年GDP多少?", "建區時是多少?", "南山建區時GDP多少?"),
    ("南山2024年GDP多少?", "那福田區呢?", "福田區2024年GDP多少?"),
    ("南山區人均GDP是多少?", "最初呢?", "最初南山區人均GDP是多少?"),
    ("南山有多少家千亿级企业?", "百亿级的呢?", "南山有多少家百亿级企业?"),
    ("南山有多少家千億級企業?", "那百億級企業呢?", "南山有多少家百億級企業?"),
    ("工業在南山2024年占多少?", "服務業呢?", "服務業在南山2024年占多少?"),
    ("國家級創新載體有幾家?", "市級的有多少", "市級創新載體有幾家?"),
    ("國家級創新載體有幾家?", "省級呢", "省級創新載體有幾家?"),
    ("南山區有多少家上市企業?", "那制造業單項冠軍呢?", "南山區有多少制造業單項冠軍?"),
    ("概念驗證基金有多少錢?", "中試熟化基金呢?", "中試熟化基金有多少錢?"),
    ("紅花嶺園區原來多大?", "改造後呢?", "紅花嶺園區改造後多大?"),
    ("大疆成立軟件子公司2023年營收多少?", "2024年呢?", "大疆成立軟件子公司2024年營收多少?"),
    ("2024年南山區GDP是多少?", "那人均呢?", "2024年南山區人均GDP是多少?"),
    ("2024年南山區工業增加值是多少?", "增速呢?", "2024年南山區工業增加值增速是多少?"),
    ("南山區GDP是多少?", "研發投入呢?", "南山區研發投入是多少?"),
    ("南山區GDP是多少?", "2024年的研發投入呢?", "2024年南山區研發投入是多少?"),
    ("2024年南山區GDP是多少?", "2023年深圳呢?", "2023年深圳GDP是多少?"),
    ("南山區面積多大?", "浦東新區呢?", "浦東新區面積多大?"),
    ("南山區面積多大?", "ping?", None),
    # ── units ──
    ("南山區面積多大?", "換成平方米呢?", "南山區面積換算成平方米是多少?"),
    ("2024年南山區GDP是多少?", "換成美元呢?", "2024年南山區GDP換算成美元是多少?"),
    ("2024年南山区GDP是多少?", "换算成万元是多少?", "2024年南山区GDP换算成万元是多少?"),
    ("2024年南山区GDP是多少?", "等于多少万元?", "2024年南山区GDP换算成万元是多少?"),
    # ── pronouns ──
    ("云天励飞是做什么的?", "它有多少发明专利?", "云天励飞有多少发明专利?"),
    ("元象科技是誰創的?|騰訊前副總裁姚星", "他以前在騰訊當什麼?", "騰訊前副總裁姚星以前在騰訊當什麼?"),
    ("元象科技是誰創立的?|姚星", "這家公司的模型有多少參數?", "元象科技的模型有多少參數?"),
    ("西麗湖國際科教城占地多大?", "裡面有多少大學生?", "西麗湖國際科教城裡有多少大學生?"),
    ("西麗湖國際科教城占地多大?", "這個園區有幾所高校?", "西麗湖國際科教城有幾所高校?"),
    ("哪家公司的無人機占全球70%?|大疆", "該公司有多少專利?", "大疆有多少專利?"),
    ("南山區有多少家上市企業?", "它的GDP是多少?", "南山區的GDP是多少?"),
    ("南山區有多少家上市企業?", "該區面積多大?", "南山區面積多大?"),
    ("深圳虛擬大學園哪年成立?|1998年", "那一年南山發生了什麼?", "1998年南山發生了什麼?"),
    ("概念驗證基金和成果轉化基金哪個大?", "後者是多少?", "成果轉化基金是多少?"),
    # ── comparisons ──
    ("南山區戰略性新興產業占GDP比重是多少?", "跟全市比差多少?",
     "南山區戰略性新興產業占GDP比重比全市戰略性新興產業占GDP比重多多少?"),
    ("2024年南山區GDP是多少?", "比2023年多多少?", "2024年南山區GDP比2023年南山區GDP多多少?"),
    ("2024年南山區GDP是多少?", "是建區時的幾倍?", "2024年南山區GDP是建區時南山區GDP的幾倍?"),
    ("國家級創新載體有幾家?", "市級創新載體有幾家?", "比它多多少?", "市級創新載體比國家級創新載體多多少?"),
    ("概念驗證基金有多少錢?", "中試熟化基金有多少錢?", "兩個加起來呢?", "概念驗證基金和中試熟化基金加起來是多少?"),
    ("概念验证基金有多少钱?", "中试熟化基金有多少钱?", "成果转化基金有多少钱?", "三个加起来是多少?",
     "概念验证基金、中试熟化基金和成果转化基金加起来是多少?"),
    ("南山千億級企業有幾家?", "南山百億級企業有幾家?", "差多少?", "南山百億級企業比南山千億級企業多多少?"),
    ("概念驗證基金和成果轉化基金哪個大?", "差多少?", "概念驗證基金比成果轉化基金多多少?"),
    # ── ordinals ──
    ("首創了哪三只配套基金?|概念驗證、中試熟化、成果轉化", "第二個有多少錢?", "中試熟化有多少錢?"),
    ("首創了哪三只配套基金?|概念驗證、中試熟化、成果轉化", "第三個是什麼?", "成果轉化是什麼?"),
    # ── corrections ──
    ("南山區GDP是多少?", "不是,我是問深圳", "深圳GDP是多少?"),
    ("2023年南山區GDP是多少?", "我是說2024年", "2024年南山區GDP是多少?"),
    ("2023年南山區GDP是多少?", "不是2023年,是2024年", "2024年南山區GDP是多少?"),
    ("南山區GDP是多少?", "不對,我要問的是人均GDP", "南山區人均GDP是多少?"),
    # ── predicates without a subject ──
    ("元象科技做什麼?", "什麼時候成立的?", "元象科技什麼時候成立的?"),
    ("云天励飞是做什么的?", "有多少员工?", "云天励飞有多少员工?"),
    ("云天励飞是做什么的?", "谁创办的?", "云天励飞谁创办的?"),
    ("2024年南山區工業增加值是多少?", "增長了多少?", "2024年南山區工業增加值增長了多少?"),
    ("2024年南山區研發投入是多少?", "占GDP多少?", "2024年南山區研發投入占GDP多少?"),
    ("南山區有多少家上市企業?", "有多少家獨角獸企業?", "南山區有多少家獨角獸企業?"),
    # ── a full question takes nothing over ──
    ("南山區GDP是多少?", "大疆的全球市場份額是多少?", None),
    ("南山區GDP是多少?", "西麗湖國際科教城占地多大?", None),
    ("云天励飞是做什么的?", "南山区有多少家上市企业?", None),
    ("大疆有多少專利?", "深圳虛擬大學園哪年成立?", None),
    ("大疆有多少專利?", "2024年南山區研發投入是多少?", None),
    ("大疆有多少專利?", "誰說過「就像大樹底下長滿小草」?", None),
    ("南山區GDP是多少?", "介紹一下元象科技", None),
    # ── English ──
    ("What is Nanshan's GDP in 2024?", "and in 2023?", "What is Nanshan's GDP in 2023?"),
    ("What was Nanshan's GDP in 2024?", "What about Shenzhen?", "What was Shenzhen's GDP in 2024?"),
    ("How many listed companies are in Nanshan?", "And unicorns?", "How many unicorns are in Nanshan?"),
    ("How large is Nanshan?", "And what about the high-tech park started in 1996?",
     "How large is the high-tech park started in 1996?"),
    ("What does Intellifusion do?", "How many patents does it have?", "How many patents does Intellifusion have?"),
    ("What does Intellifusion do?", "Who founded the company?", "Who founded Intellifusion?"),
    ("How many listed companies are in Nanshan?", "No, I meant Shenzhen",
     "How many listed companies are in Shenzhen?"),
    ("What is Nanshan's GDP in 2024?", "How many patents does DJI have?", None),
    # ── learnt from conversations ──
    ("元象科技的大模型有多少參數?", "用戶數呢?", "元象科技的用戶數有多少?"),
    ("概念驗證基金規模多大?", "中試熟化的呢?", "中試熟化基金規模多大?"),
    ("中試熟化基金規模多大?", "概念驗證基金規模多大?", "中試熟化比概念驗證多多少?",
     "中試熟化基金規模比概念驗證基金規模多多少?"),
    ("2024年南山區每萬人發明專利擁有量是多少?", "全國平均呢?", "2024年全國平均每萬人發明專利擁有量是多少?"),
    ("2024年南山區研發投入是多少?", "它佔GDP多少?", "2024年南山區研發投入佔GDP多少?"),
    ("2024年南山區GDP是多少?", "比上年增長多少?", "2024年南山區GDP比上年增長多少?"),
    ("2024年南山區GDP比上年增長多少?", "跟全市比呢?", "2024年南山區GDP比上年增長比2024年全市GDP比上年增長多多少?"),
    ("南山區納統單位有多少家?", "其中科研院校多少家?", "南山區納統單位其中科研院校多少家?"),
    ("南山區有多少國家級創新載體?", "省級呢?", "南山區有多少省級創新載體?"),
    ("南山區上市企業有多少家?", "南山區研發單位有多少家?", "哪個多?", "南山區研發單位和南山區上市企業哪個多?"),
    ("南山區工業占比是多少?", "南山區服務業占比是多少?", "二者相差多少個百分點?",
     "南山區服務業比重比南山區工業比重多多少個百分點?"),
    ("南山區面積多大?", "浦東新區的幾分之幾?", "南山區面積是浦東新區面積的幾分之幾?"),
    ("紅花嶺產業園原建築面積多少?", "擴容後是多少?", "紅花嶺產業園擴容後建築面積多少?"),
    ("深圳虛擬大學園是哪年成立的?", "比高新區晚幾年?", "深圳虛擬大學園成立比深圳高新區成立晚幾年?"),
    ("雲天勵飛有多少專利?", "主要做什麼?", "雲天勵飛主要做什麼?"),
    ("雲天勵飛專利有多少項?", "雲天勵飛從哪裡起步?", "它的第二代芯片叫什麼?", "雲天勵飛的第二代芯片叫什麼?"),
    ("云天励飞什么时候推出了AI眼镜?", "这款眼镜有什么功能?", "AI眼镜有什么功能?"),
    ("南山區區長是誰?", "他什麼時候就任的?", "南山區區長什麼時候就任的?"),
    ("騰訊和大疆哪個專利多?", "前者有多少?", "騰訊專利有多少?"),
    ("2024年南山區GDP是多少?", "全國排第幾?", "2024年南山區GDP全國排第幾?"),
    ("南山區GDP是多少?", "再說一遍", "南山區GDP是多少?"),
    ("How many listed companies does Nanshan have?", "How many are there in Shenzhen?",
     "How many listed companies are there in Shenzhen?"),
    ("How many towns does Nanshan have?", "and the population?", "What is the population of Nanshan?"),
    ("What was Nanshan's GDP in 2024?", "And its growth rate?", "What is the growth rate of Nanshan's GDP in 2024?"),
    ("What was the GDP of Nanshan in 2024?", "And when the district was founded?",
     "What was the GDP of Nanshan when the district was founded?"),
    ("How many firms are in Nanshan?", "How many schools are in Nanshan?", "What is the difference?",
     "What is the difference between schools in Nanshan and firms in Nanshan?"),
    ("Who founded XVERSE?|Yao Xing", "Where did he work before?", "Where did Yao Xing work before?"),
    ("Who founded XVERSE?|Yao Xing", "What does the company do?", "What does XVERSE do?"),
    # ── what stands parallel, by the document ──
    ("概念驗證基金有多少錢?", "成果轉化的呢?", "成果轉化基金有多少錢?"),
    ("南山人均GDP以前是多少?", "現在呢?", "南山人均GDP現在是多少?"),
    ("南山區2025年GDP增長多少?", "2026年的目標呢?", "南山區2026年GDP增長目標是多少?"),
    ("南山區GDP增速是多少?", "總量呢?", "南山區GDP總量是多少?"),
    ("南山區GDP是多少?", "2025年增長了多少?", "2025年南山區GDP增長了多少?"),
    ("南山區GDP是多少?", "年均增長多少?", "南山區GDP年均增長多少?"),
    ("南山區外資企業有多少家?", "註冊資本多少?", "南山區外資企業註冊資本多少?"),
    # ── pointing elsewhere ──
    ("元象科技和云天勵飛哪一家做芯片?|云天勵飛", "那另一家是誰創立的?", "元象科技是誰創立的?"),
    ("大疆有多少專利?", "騰訊WeMake平台服務多少家企業?", "前面那家公司的份額是多少?", "大疆的份額是多少?"),
    ("種子基金和天使基金總規模多少?", "這些基金最多允許虧多少?", "種子基金和天使基金最多允許虧多少?"),
    ("南山和福田的GDP分別是多少?", "後者的增速呢?", "福田的GDP增速是多少?"),
    ("首創了哪三只配套基金?|概念驗證、中試熟化、成果轉化", "前兩個各有多少錢?", "概念驗證和中試熟化各有多少錢?"),
    ("首創了哪三只配套基金?|概念驗證、中試熟化、成果轉化", "最後那個呢?", "成果轉化是什麼?"),
    ("介紹一下元象科技", "它有多少員工?", "元象科技有多少員工?"),
    ("設了哪三只基金?|同時有配套,首創概念驗證、中試熟化、成果轉化三只配套基金,首期規模共2億元。", "最後一個有多少錢?",
     "成果轉化有多少錢?"),
    ("南山區一般公共預算收入是多少?", "支出呢?", "南山區一般公共預算支出是多少?"),
    ("長株潭都市圈GDP占全省的比重是多少?", "成渝經濟圈呢?", "成渝經濟圈GDP占全省的比重是多少?"),
    ("南山區GDP是多少?", "跟前一年相比呢?", "南山區GDP比上年增長多少?"),
    ("南山區出口額是多少?", "南山區進口額是多少?", "前者占後者百分之幾?",
     "南山區出口額占南山區進口額百分之幾?"),
    ("南山區新能源汽車產量多少萬輛?", "出口了多少?", "南山區新能源汽車出口了多少?"),
    ("南山區有幾個國家級園區?", "都有哪些?", "南山區國家級園區都有哪些?"),
    ("What is the GDP of Nanshan?", "And Futian?", "What is the GDP of Futian?"),
    # ── openings and corrections ──
    ("南山區GDP是多少?", "再問一下,研發投入有多少?", "南山區研發投入有多少?"),
    ("南山區有多少家上市企業?", "我說的是整個深圳", "深圳有多少家上市企業?"),
    ("南山區有多少家上市企業?", "不對,還是問福田區吧", "福田區有多少家上市企業?"),
    ("2019年南山區GDP是多少?", "不對,我要的是2024年的數據", "2024年南山區GDP是多少?"),
    ("How fast did Nanshan's GDP grow?", "And its population?", "What is the population of Nanshan?"),
]  # fmt: skip


def conversation(*questions: str) -> list[Turn]:
    return [turn(q, a or "…") for q, _, a in (question.partition("|") for question in questions)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[-2])
def test_follow_ups_are_written_out(case: tuple[str | None, ...], index: FakeIndex) -> None:
    *earlier, question, expected = case
    assert question is not None
    assert rewrite(question, conversation(*(q for q in earlier if q)), index) == (expected or question)


def chained(index: FakeIndex, *questions: str) -> str:
    """Ask question after question, each written out with the help of those before; return the last one."""
    turns: list[Turn] = []
    for question in questions:
        turns.append(turn(question, "…", standalone=rewrite(question, turns, index)))
    return turns[-1].answer.standalone_question


def test_slots_are_changed_one_after_the_other(index: FakeIndex) -> None:
    asked = chained(index, "2024年南山區GDP是多少?", "那人均呢?", "2023年呢?", "深圳全市的呢?")
    assert asked == "2023年深圳全市人均GDP是多少?"


def test_a_unit_is_changed_of_what_was_asked_last(index: FakeIndex) -> None:
    asked = chained(index, "南山區外資企業有多少家?", "註冊資本呢?", "換成人民幣呢?")
    assert asked == "南山區外資企業註冊資本換算成人民幣是多少?"


def test_who_is_only_told_of_with_somebody_is_no_topic(index: FakeIndex) -> None:
    turns = [turn("元象科技是誰創立的?", "姚星"), turn("他以前在騰訊做什麼?", "CTO", "姚星以前在騰訊做什麼?")]
    assert rewrite("它有多少員工?", turns, index) == "元象科技有多少員工?"


def test_several_fragments_are_summed_together(index: FakeIndex) -> None:
    asked = chained(index, "南山區有多少國家級創新載體?", "省級呢?", "市級呢?", "總共多少?")
    assert asked == "南山區國家級創新載體、南山區省級創新載體和南山區市級創新載體加起來是多少?"


def test_after_a_sum_fragments_change_what_was_asked_before_it(index: FakeIndex) -> None:
    asked = chained(index, "南山區上市企業有多少家?", "福田區呢?", "兩個區加起來呢?", "那羅湖區呢?")
    assert asked == "羅湖區上市企業有多少家?"


def test_without_turns_a_question_is_unchanged(index: FakeIndex) -> None:
    assert rewrite("  那全市呢? ", [], index) == "  那全市呢? "


def test_greetings_are_no_topic(index: FakeIndex) -> None:
    thanks = Turn("謝謝", Answer("謝謝", "謝謝", Status.ABSTAINED, "…", "zh-Hant", reason=Reason.NOT_A_QUESTION))
    assert rewrite("那人均呢?", [turn("南山區GDP是多少?", "9501億元"), thanks], index) == "南山區人均GDP是多少?"
    assert rewrite("那人均呢?", [thanks], index) == "那人均呢?"


def test_an_abstention_carries_over(index: FakeIndex) -> None:
    assert rewrite("那2024年呢?", [turn("2019年南山GDP是多少?")], index) == "2024年南山GDP是多少?"


def test_the_larger_value_comes_first_in_a_difference(index: FakeIndex) -> None:
    turns = [turn("2024年GDP是多少?", "9501億元", value="950100000000", unit="元"),
             turn("1990年GDP是多少?", "78億元", value="7800000000", unit="元")]  # fmt: skip
    assert rewrite("差多少?", turns, index) == "2024年GDP比1990年GDP多多少?"


def test_an_open_question_is_asked_back_with_its_readings(index: FakeIndex) -> None:
    earlier = conversation("南山的上市企業和上樓項目分別有多少?")
    open_question = understand("它比去年多多少?", earlier, index)
    assert open_question.standalone == "它比去年多多少?"
    assert [("上市企業" in choice, "上樓項目" in choice) for choice in open_question.choices] == [
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(
    ("reply", "place"),
    [("第一個", 0), ("前者", 0), ("第二個", 1), ("後者", 1), ("2", 1), ("上樓項目", 1), ("我是說上市企業的", 0)],
)
def test_a_reply_chooses_a_reading(reply: str, place: int, index: FakeIndex) -> None:
    choices = ("上市企業有多少?", "上樓項目有多少?")
    asked = Turn("它有多少?", ask_back("它有多少?", choices))
    assert understand(reply, [asked], index).standalone == choices[place]


def test_a_new_question_is_no_choice(index: FakeIndex) -> None:
    asked = Turn("它有多少?", ask_back("它有多少?", ("上市企業有多少?", "上樓項目有多少?")))
    assert understand("大疆的全球市場份額是多少?", [asked], index).standalone == "大疆的全球市場份額是多少?"


def test_what_was_asked_back_is_no_topic(index: FakeIndex) -> None:
    asked = Turn("它有多少?", ask_back("它有多少?", ("上市企業有多少?", "上樓項目有多少?")))
    assert rewrite("那人均呢?", [turn("南山區GDP是多少?", "9501億元"), asked], index) == "南山區人均GDP是多少?"


@pytest.mark.parametrize("question", ["它們比去年多多少?", "後者比去年多多少?", "南山區GDP比去年多多少?"])
def test_what_is_not_open_is_not_asked_back(question: str, index: FakeIndex) -> None:
    earlier = conversation("南山的上市企業和上樓項目分別有多少?")
    assert not understand(question, earlier, index).choices


def test_an_answer_that_chooses_one_leaves_nothing_open(index: FakeIndex) -> None:
    assert not understand("它有多少專利?", conversation("元象科技和云天勵飛哪家做芯片?|云天勵飛"), index).choices


def test_asking_back_names_the_choices_in_the_language_of_the_conversation() -> None:
    answer = ask_back("它呢?", ("南山区有多少家企业?", "福田区有多少家企业?"))
    assert (answer.status, answer.reason, answer.citations) == (Status.ABSTAINED, Reason.AMBIGUOUS, ())
    assert answer.text == "请问是指「南山区有多少家企业」还是「福田区有多少家企业」？"
    assert answer.to_json()["choices"] == list(answer.choices)


def test_two_conversations_do_not_mix(index: FakeIndex) -> None:
    first, second = conversation("南山區GDP是多少?"), conversation("大疆有多少專利?")
    assert rewrite("福田區呢?", first, index) == "福田區GDP是多少?"
    assert rewrite("騰訊呢?", second, index) == "騰訊有多少專利?"
    assert rewrite("那人均呢?", first, index) == "南山區人均GDP是多少?"


def test_the_question_decides_the_script(index: FakeIndex) -> None:
    assert rewrite("那福田区呢?", [turn("南山區有多少家企業?", "…")], index) == "福田区有多少家企业?"
    assert rewrite("那福田區呢?", [turn("南山区有多少家企业?", "…")], index) == "福田區有多少家企業?"
    assert rewrite("2023年的呢?", [turn("南山区有多少家企业?", "…")], index) == "2023年南山区有多少家企业?"


def test_the_ledger_tells_whether_a_date_goes_along(index: FakeIndex) -> None:
    document = index.documents["nanshan.txt"]
    span = Span(0, 3)
    row = Figure("0" * 12, document.name, Quantity(span, "60%", Decimal(60), "%", Kind.PERCENT), span, span,
                 metric="城鎮化率", period="2023")  # fmt: skip
    known = FakeIndex(index.documents, (row,))
    assert rewrite("城鎮化率是多少?", [turn("2023年南山區GDP是多少?", "…")], known) == "2023年南山區城鎮化率是多少?"
    assert rewrite("城鎮化率是多少?", [turn("2020年南山區GDP是多少?", "…")], known) == "南山區城鎮化率是多少?"


@pytest.mark.parametrize("earlier", ["大疆有多少專利?", "2024年南山區GDP是多少?", "What is Nanshan's GDP in 2024?"])
def test_full_questions_take_nothing_over(earlier: str, index: FakeIndex) -> None:
    """Nearly all questions written to stand alone come back unchanged, whatever was asked before."""
    rows = [json.loads(line) for line in EVALUATION.read_text(encoding="utf-8").splitlines()]
    is_english = earlier.isascii()
    questions = [
        row["question"]
        for row in rows
        if row["split"] == "dev" and not row["history"] and (row["language"] == "en") == is_english
    ]
    changed = [question for question in questions if rewrite(question, [turn(earlier, "…")], index) != question]
    assert len(questions) >= 10
    assert len(changed) <= 0.02 * len(questions) + 1, changed


@pytest.mark.parametrize(
    "question", ["?", "呢?", "那呢?", "的", "第二個", "它", "比它", "and?", "it", "what about?", "。。。", "\U0001f600"]
)
def test_odd_follow_ups_raise_nothing(question: str, index: FakeIndex) -> None:
    for earlier in ("南山區GDP是多少?", "What is Nanshan's GDP?", "?"):
        assert rewrite(question, [turn(earlier, "…")], index).strip()
