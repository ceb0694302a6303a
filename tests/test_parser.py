"""The trained question parser: operation and operands, in the question's own words; rules where it is not sure."""

from __future__ import annotations

from decimal import Decimal

import pytest
import torch
from hypothesis import given, settings

import strategies
from yinju.config import Settings
from yinju.figures.operations import Operation, find_operation
from yinju.figures.parser import N_OPERANDS, OPERATIONS, TAGS, Parse, Parser, decode, load_parser
from yinju.figures.query import SURE_PARSE, parse_question, readings
from yinju.text import fold
from yinju.types import Kind, Role, Span


@pytest.fixture(scope="module")
def parser() -> Parser:
    return load_parser(Settings.load().cache_dir)


def marks(*tags: str) -> torch.Tensor:
    return torch.stack([torch.nn.functional.one_hot(torch.tensor(TAGS.index(tag)), len(TAGS)).float() for tag in tags])


def sure_of(operation: str) -> torch.Tensor:
    return torch.nn.functional.one_hot(torch.tensor(OPERATIONS.index(operation)), len(OPERATIONS)).float()


def characters(text: str) -> list[tuple[int, int]]:
    return [(i, i + 1) for i in range(len(text))]


def test_operands_and_what_they_share_are_read_from_the_tags() -> None:
    question = "去年甲比乙多"
    read = decode(
        question, characters(question), sure_of("difference"),
        marks("shared", "shared", "first", "out", "second", "out"),
    )  # fmt: skip
    assert read == Parse("difference", 1.0, (Span(0, 3), Span(4, 5)), (Span(0, 2),), ("去年甲", "乙"))


def test_a_word_right_after_an_operand_is_its_own_though_tagged_as_shared() -> None:
    question = "甲與乙全市的產值差"
    tags = marks("first", "out", "second", "shared", "shared", "out", "shared", "shared", "out")
    read = decode(question, characters(question), sure_of("difference"), tags)
    assert read.items == ("甲", "乙全市")
    assert [span.of(question) for span in read.shared] == ["產值"]


def test_listed_operands_begin_where_one_is_said_to() -> None:
    question = "甲乙、丙和丁"
    tags = marks("begin", "item", "out", "begin", "out", "begin")
    assert decode(question, characters(question), sure_of("sum"), tags).items == ("甲乙", "丙", "丁")


def test_tags_of_other_operations_do_not_count() -> None:
    question = "甲和乙"
    assert decode(question, characters(question), sure_of("sum"), marks("first", "out", "second")).items == ()
    assert decode(question, characters(question), sure_of("lookup"), marks("first", "out", "second")).items == ()


def test_a_word_is_not_cut() -> None:
    question = "the boats or trains"
    cut = [(5, 7), (13, 15)]
    read = decode(question, cut, sure_of("difference"), marks("first", "second"))
    assert read.items == ("boats", "trains")


@pytest.mark.parametrize(
    ("question", "operation", "items"),
    [
        ("去年城里人的收入比乡下人的高多少?", "difference", ("城里人", "乡下人")),
        ("甲公司和乙公司的营收合计是多少?", "sum", ("甲公司", "乙公司")),
        ("How much more did the museum spend than the library?", "difference", ("the museum", "the library")),
        ("甲厂和乙厂,哪一家的工人更多?", "argmax", ("甲厂", "乙厂")),
    ],
)
def test_questions_are_taken_apart(parser: Parser, question: str, operation: str, items: tuple[str, ...]) -> None:
    read = parser.parse(question)
    assert read.operation == operation
    assert len(read.items) == len(items)
    assert all(item in found or found in item for item, found in zip(items, read.items, strict=True))


@pytest.mark.parametrize("question", ["2023年的總產值是多少?", "Who designed the lighthouse?", "館長叫什麼名字?"])
def test_plain_questions_stay_whole(parser: Parser, question: str) -> None:
    assert parser.parse(question).operation == "lookup"


@given(strategies.questions)
@settings(max_examples=40, deadline=None)
def test_what_is_read_stands_in_the_question(question: str) -> None:
    parser = load_parser(Settings.load().cache_dir)
    read = parser.parse(question)
    assert read == parser._parse(question)
    assert 0 <= read.probability <= 1
    for span, item in zip(read.operands, read.items, strict=True):
        assert span.of(question) == item != ""
    assert all(span.end <= len(question) for span in read.shared)
    parse_question(question, read)


def test_the_rules_read_the_sums_that_the_parser_takes_for_plain_questions(parser: Parser) -> None:
    question = "学校和医院加起来有几所?"
    first, *_ = readings(question, parser.parse(question))
    assert first.operation is Operation.SUM
    assert [operand.label for operand in first.operands] == ["学校", "医院"]


# ── rules where it is not sure ──────────────────────────────────────────────────────────────

QUESTION = "去年甲廠的產量壓過乙廠的有多少噸?"


def parsed(operation: str, probability: float, *items: str, shared: tuple[str, ...] = ()) -> Parse:
    spans = [Span(QUESTION.index(item), QUESTION.index(item) + len(item)) for item in (*items, *shared)]
    return Parse(operation, probability, tuple(spans[: len(items)]), tuple(spans[len(items) :]), items)


def test_a_sure_parse_is_followed() -> None:
    asked = parse_question(QUESTION, parsed("difference", 0.99, "甲廠的產量", "乙廠的", shared=("去年",)))
    assert asked.operation is Operation.DIFFERENCE
    assert [operand.label for operand in asked.operands] == ["甲廠的產量", "乙廠的"]
    assert all("去年" in operand.text for operand in asked.operands)
    assert asked.is_numeric


@pytest.mark.parametrize(
    "parse",
    [parsed("difference", SURE_PARSE - 0.01, "甲廠的產量", "乙廠的"), parsed("difference", 0.99, "甲廠的產量"), None],
)
def test_an_unsure_parse_leaves_it_to_the_rules(parse: Parse | None) -> None:
    assert parse_question(QUESTION, parse).operation is find_operation(fold(QUESTION))[0]


def test_what_is_compared_at_the_end_of_a_long_question_is_found_in_its_place() -> None:
    text = fold("说到本地的工业服务业，" * 80 + "甲厂和乙厂哪个产量更高")
    operation, operands = find_operation(text)
    assert operation is Operation.ARGMAX
    assert [operand[0].of(text)[-2:] for operand in operands] == ["甲厂", "乙厂"]


def test_a_change_and_a_yearly_mean_want_the_words_for_them() -> None:
    assert parse_question(QUESTION, parsed("change", 0.99, "甲廠的產量")).operation is not Operation.CHANGE
    question = "甲廠的產量五年間平均每年增幅是多少?"
    read = Parse("per_year", 0.99, (Span(0, 5),), (), ("甲廠的產量",))
    assert parse_question(question, read).operation is not Operation.PER_YEAR


def test_an_operand_does_not_hold_what_parts_it_from_the_other() -> None:
    question = "在庫單位中,企業比院校多多少家?"
    read = Parse("difference", 0.99, (Span(0, 2), Span(6, 11)), (), (question[:2], question[6:11]))
    assert [operand.label for operand in parse_question(question, read).operands] == ["在庫單位中,企業", "院校"]


def test_where_the_parser_finds_nothing_the_rules_may() -> None:
    question = "2026年的目標比2025年的產量多多少噸?"
    odd = Parse("difference", 0.99, (Span(0, 8), Span(8, 16)), (), (question[:8], question[8:16]))
    assert readings(question, odd) == (parse_question(question, odd), parse_question(question))
    plain = Parse("lookup", 0.99, (), (), ())
    assert readings(question, plain) == (parse_question(question),)


def test_why_wants_words_whatever_figures_it_names() -> None:
    question = "為什麼甲廠的產量比乙廠的多?"
    assert not parse_question(question, parsed("difference", 0.99, "甲廠的產量", "乙廠的")).is_numeric
    assert not parse_question(question).is_numeric


def test_a_question_about_one_thing_is_about_its_words() -> None:
    question = "去年甲廠的產量增加了多少?"
    asked = parse_question(question, Parse("change", 0.99, (Span(2, 7),), (), ("甲廠的產量",)))
    assert asked.operation is Operation.CHANGE
    assert asked.role is Role.CHANGE
    assert asked.spans_time
    assert all(term.text in "甲厂的产量" for term in asked.terms)


def test_growth_asked_in_a_unit_is_a_difference() -> None:
    asked = parse_question(QUESTION, parsed("growth", 0.99, "甲廠的產量", "乙廠的"))
    assert asked.operation is Operation.DIFFERENCE


def test_what_is_counted_is_a_count() -> None:
    asked = parse_question(QUESTION, parsed("per_unit", 0.99, "甲廠的產量", "乙廠的"))
    total, counted = asked.operands
    assert total.unit == "吨"
    assert counted.kinds == {Kind.COUNT, Kind.AREA}
    assert counted.scale == Decimal(1)


def test_every_operation_is_known() -> None:
    assert set(N_OPERANDS) == set(OPERATIONS)
