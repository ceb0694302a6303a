"""Look-up over a small document of our own, with traps beside every answer."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
import pytest

from yinju.figures.ledger import Ledger
from yinju.figures.lookup import Evidence, Finding, look_up
from yinju.figures.parser import Parse
from yinju.figures.query import parse_question
from yinju.text import fold
from yinju.types import Document, Figure, Reason, Span, Status
from yinju.vocabulary import spoken, synonyms

TEXT = """2024年臨海市國民經濟報告
2024年,臨海市地區生產總值達850億元,同比增長6.2%。其中,第一產業增加值40億元,第二產業增加值410億元,第三產業增加值400億元。
2024年末全市常住人口120萬人,其中城鎮人口84萬人,鄉村人口36萬人。全市面積2200平方公里。
2024年,臨海市擁有上市企業21家、高新技術企業860家,全年新增高新技術企業95家。
2025年全市生產總值預計增長6%左右。
2024年,臨海市研發投入34億元,占GDP比重4%。到2024年底,臨海市發明專利擁有量為5200件。
臨海市民企協會成立於1998年。臨海大橋於2010年通車。
2024年全市發明專利擁有量為5600件。
"""


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    document = Document("d" * 16, "linhai.txt", TEXT, TEXT, "/linhai.txt", "0" * 64, "text/plain")
    return Ledger.of([document])


def ask(ledger: Ledger, question: str) -> Finding:
    return look_up(parse_question(question), ledger)


def value(finding: Finding) -> Decimal:
    assert finding.status is Status.ANSWERED, finding
    return finding.computation.value if finding.computation else finding.figures[0].quantity.value


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2024年臨海市的GDP是多少?", "85000000000"),
        ("临海的经济总量有多大?", "85000000000"),
        ("GDP增速是多少?", "6.2"),
        ("第二產業增加值多少億元?", "41000000000"),
        ("城镇人口有多少人?", "840000"),
        ("臨海有多少家上市公司?", "21"),
        ("高新技術企業新增了幾家?", "95"),
        ("高新技术企业总共有几家?", "860"),
        ("2025年GDP預計增長多少?", "6"),
        ("研發投入占GDP的比重?", "4"),
        ("臨海大橋哪一年通車?", "2010"),
        ("臨海市面積多少平方公里?", "2200"),
        ("How many listed companies are there in 2024?", "21"),
    ],
)
def test_stated_figures(ledger: Ledger, question: str, expected: str) -> None:
    assert value(ask(ledger, question)) == Decimal(expected)


@pytest.mark.parametrize(
    ("question", "expected", "formula"),
    [
        ("第二產業增加值比第三產業多多少?", "1000000000", "410億元 − 400億元 = 10億元"),
        ("城镇人口是乡村人口的几倍?", "2.333333333333333333333333333", "84萬人 ÷ 36萬人 = 2.33"),
        ("城鎮人口和鄉村人口加起來有多少?", "1200000", "84萬人 + 36萬人 = 120萬人"),
        ("城鎮人口占常住人口的百分之幾?", "70", "84萬人 ÷ 120萬人 × 100% = 70%"),
        ("臨海市面積是多少公頃?", "220000", "2200平方公里 = 220000公顷"),
    ],
)
def test_computed_figures(ledger: Ledger, question: str, expected: str, formula: str) -> None:
    finding = ask(ledger, question)
    assert value(finding) == Decimal(expected)
    assert finding.computation is not None
    assert finding.computation.formula == formula
    assert set(finding.computation.operands) == set(finding.figures)


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("2019年臨海市的GDP是多少?", Reason.OTHER_PERIOD),
        ("寧波市2024年的GDP是多少?", Reason.OTHER_ENTITY),
        ("臨海市的財政收入是多少?", None),
        ("臨海有多少名醫生?", None),
        ("2024年高新技術企業增長了百分之幾?", None),
    ],
)
def test_traps_are_not_answered(ledger: Ledger, question: str, reason: Reason | None) -> None:
    finding = ask(ledger, question)
    assert finding.status is Status.ABSTAINED
    assert reason is None or finding.reason is reason


def test_two_values_for_one_thing_conflict(ledger: Ledger) -> None:
    finding = ask(ledger, "臨海市2024年發明專利擁有量是多少件?")
    assert finding.status is Status.CONFLICT
    assert {figure.quantity.value for figure in finding.figures} == {Decimal(5200), Decimal(5600)}


def test_a_question_without_a_year_says_which_it_took(ledger: Ledger) -> None:
    assert ask(ledger, "臨海市GDP是多少?").assumed_period == "2024"
    assert ask(ledger, "2024年臨海市GDP是多少?").assumed_period == ""


def test_similarity_that_says_nothing_changes_nothing(ledger: Ledger) -> None:
    question = parse_question("上市企業有幾家?")
    flat = Evidence(similarity=np.ones(len(ledger), dtype=np.float32))
    assert look_up(question, ledger, flat).figures == look_up(question, ledger).figures


def test_look_up_repeats_itself(ledger: Ledger) -> None:
    question = parse_question("臨海市2024年發明專利擁有量是多少件?")
    assert look_up(question, ledger) == look_up(question, ledger)


def test_an_empty_ledger_abstains() -> None:
    finding = look_up(parse_question("GDP是多少?"), Ledger(()))
    assert (finding.status, finding.reason) == (Status.ABSTAINED, Reason.NO_EVIDENCE)


def of(text: str) -> Ledger:
    return Ledger.of([Document("e" * 16, "a.txt", text, text, "/a.txt", "0" * 64, "text/plain")])


def test_an_anniversary_tells_the_year_of_the_event_and_is_not_it() -> None:
    town = of("臨海市年鑑\n2020年,臨海市迎來建市25周年。全市人口120萬人。\n")
    assert value(ask(town, "臨海市哪一年建市?")) == Decimal(1995)
    found = ask(town, "臨海市哪一年建市?")
    assert found.computation is not None
    assert "25" in found.computation.formula


def test_a_multiple_over_time_is_the_end_over_the_start() -> None:
    town = of("臨海市年鑑\n2024年,臨海市經濟發展。全市GDP從建市時的50億元躍升到850億元。\n")
    assert value(ask(town, "臨海市GDP從建市到2024年翻了多少倍?")) == Decimal(17)


def test_the_ends_of_one_change_among_several_in_a_sentence() -> None:
    town = of("臨海市年鑑\n2025年,工廠數從第13位升至第5位,“小龍”企業從80戶增加到810戶,商店從20家增加到50家。\n")

    def changed(what: str) -> Finding:
        parse = Parse("change", 0.99, (Span(0, len(what)),), (), (what,))
        return look_up(parse_question(f"{what}五年間變成了原來的幾倍?", parse), town)

    assert value(changed("“小龍”企業")) == Decimal("10.125")
    assert value(changed("商店")) == Decimal("2.5")


def test_a_full_width_percent_sign_is_one() -> None:
    town = of("臨海市年鑑\n2025年,臨海市班列開行6050列、增長21％。\n")
    assert value(ask(town, "照漲幅倒推,2024年班列開行了多少列?")) == Decimal(5000)


def test_without_a_time_the_present_is_meant() -> None:
    town = of("臨海市年鑑\n2024年,全市面積185平方公里。2024年,全市人口90萬人。1996年,全市面積11.5平方公里。\n")

    def the_old_one(_: str, figures: Sequence[Figure]) -> dict[str, float]:
        return {figure.id: 4.0 if figure.quantity.surface.startswith("11.5") else -4.0 for figure in figures}

    evidence = Evidence(opinions=the_old_one)
    assert value(look_up(parse_question("全市面積有多大?"), town, evidence)) == 185
    assert value(look_up(parse_question("1996年全市面積有多大?"), town, evidence)) == Decimal("11.5")


def test_the_rate_of_several_years_is_not_that_of_one_of_them() -> None:
    town = of("臨海市年鑑\n“十四五”時期,農民收入年均增長7.1%。2025年,農民收入增長5.6%。\n")
    assert value(ask(town, "“十四五”期間農民收入年均增速是多少?")) == Decimal("7.1")
    assert value(ask(town, "2025年農民收入增速是多少?")) == Decimal("5.6")


def test_a_sum_that_the_text_states_is_not_added_up_again() -> None:
    town = of("臨海市年鑑\n2025年,設立總規模5億元的種子基金和天使基金。引導基金首期規模2億元。\n")
    found = ask(town, "種子基金和天使基金總規模是多少?")
    assert value(found) == 500_000_000
    assert found.computation is None


def test_a_share_is_of_its_own_part() -> None:
    town = of("臨海市年鑑\n2025年,東區新興產業增加值占GDP比重達56%,高於全市42%的水平。\n")
    assert value(ask(town, "東區新興產業增加值占GDP的比重是多少?")) == 56
    assert ask(town, "東區的GDP占全市GDP的百分之幾?").status is Status.ABSTAINED


def test_what_two_have_together_is_not_what_one_has() -> None:
    town = of("臨海市年鑑\n2024年,臨海市擁有小巨人企業310家、單項冠軍企業31家。\n")
    found = ask(town, "小巨人企業和單項冠軍企業一共多少家?")
    assert value(found) == 341


def test_a_difference_is_not_what_one_of_two_has() -> None:
    town = of("臨海市年鑑\n2024年,東區新興產業占比達56%,西區新興產業占比為42.3%。\n")
    found = ask(town, "東區和西區的新興產業占比相差多少?")
    assert value(found) == Decimal("13.7")


def test_the_growth_of_many_years_is_not_that_of_each() -> None:
    town = of("臨海市年鑑\n2024年,臨海市經濟發展。全市GDP從建市時的50億元躍升到850億元。\n")
    assert ask(town, "GDP從建市到2024年的年均增長率是多少?").status is Status.ABSTAINED


def test_expected_lifetime_is_no_plan() -> None:
    town = of("臨海市年鑑\n2025年,全市人均預期壽命82.5歲。\n")
    assert value(ask(town, "2025年人均預期壽命是多少?")) == Decimal("82.5")


def test_the_whole_that_frames_a_comparison_is_not_its_part(ledger: Ledger) -> None:
    assert value(ask(ledger, "常住人口當中,城鎮人口比鄉村人口多多少人?")) == Decimal(480000)


def test_the_reader_finds_a_row_that_shares_no_word_with_the_question(ledger: Ledger) -> None:
    question = parse_question("住在鄉下的老百姓有幾位?")
    found = {"36萬人": 6.0}

    def opinions(_: str, figures: Sequence[Figure]) -> dict[str, float]:
        return {figure.id: found.get(figure.quantity.surface, -9.0) for figure in figures}

    def nobody(_: str, figures: Sequence[Figure]) -> dict[str, float]:
        return {figure.id: -20.0 for figure in figures}

    believed = look_up(question, ledger, Evidence(opinions=opinions))
    doubted = look_up(question, ledger, Evidence(opinions=nobody))
    assert value(believed) == 360_000
    assert doubted.confidence < believed.confidence


def test_what_people_say_leads_to_what_texts_write_and_not_back() -> None:
    assert "居民" in synonyms()["老百姓"]
    assert "老百姓" not in synonyms().get("居民", ())
    assert all(fold(word) == word for words in (spoken(), *spoken().values()) for word in words)


def test_a_year_set_against_the_one_before_asks_for_the_stated_growth(ledger: Ledger) -> None:
    question = "臨海市地區生產總值2024年比前一年多了百分之幾?"
    operands = (Span(0, 15), Span(16, 19))
    parse = Parse("difference", 0.99, operands, (), tuple(span.of(question) for span in operands))
    assert value(look_up(parse_question(question, parse), ledger)) == Decimal("6.2")


def test_a_spoken_phrase_of_several_words_is_one_thing(ledger: Ledger) -> None:
    terms = parse_question("搞科研的錢是多少?").terms
    assert [term.text for term in terms] == ["搞科研的钱"]
    assert any(word.startswith("研发") for word in terms[0].alternatives)
    assert value(ask(ledger, "2024年臨海市搞科研的錢是多少?")) == 3_400_000_000


def test_the_readers_doubt_counts_as_much_as_its_belief(ledger: Ledger) -> None:
    question = parse_question("上市企業有多少家?")

    def says(score: float) -> Evidence:
        return Evidence(opinions=lambda _, figures: {figure.id: score for figure in figures})

    unasked = look_up(question, ledger)
    assert look_up(question, ledger, says(8.0)).confidence > unasked.confidence
    assert look_up(question, ledger, says(-8.0)).confidence < unasked.confidence


def test_all_of_them_are_not_the_new_ones(ledger: Ledger) -> None:
    assert value(ask(ledger, "目前高新技術企業有幾家?")) == 860
    assert value(ask(ledger, "2024年新增的高新技術企業有幾家?")) == 95


@pytest.mark.parametrize("question", ["2025年生产总值实际增长了多少?", "What was the actual growth of GDP in 2025?"])
def test_what_came_of_it_in_fact_is_no_plan(ledger: Ledger, question: str) -> None:
    finding = ask(ledger, question)
    assert finding.status is Status.ABSTAINED
    assert value(ask(ledger, "2025年生产总值预计增长多少?")) == 6
