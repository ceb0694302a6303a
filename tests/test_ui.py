from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from urllib.request import urlopen

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_assistant import FIRST, HARBOUR, SHARE, FakeAssistant, document, documents, figure
from hostile import PAYLOADS
from yinju.config import Settings
from yinju.errors import IndexMissingError, SourceError, UsageError, YinjuError
from yinju.figures.audit import AuditFinding
from yinju.figures.ledger import Ledger
from yinju.ingest import Source, read_document
from yinju.suggest import MAX_TRIED, candidate_questions, checked_questions, examples_of, follow_ups
from yinju.text import Language
from yinju.types import (
    Answer,
    Approx,
    Citation,
    CitedFigure,
    Heading,
    Kind,
    Page,
    Reason,
    Repair,
    Result,
    Role,
    Span,
    Status,
    Table,
    Turn,
)
from yinju.ui_document import (
    LANGUAGES,
    escape,
    page_language,
    render_document,
    render_reader,
    texts,
)
from yinju.ui_figures import figure_rows, render_findings
from yinju.ui_frame import render_masthead, render_shelf
from yinju.ui_render import render_conversation, render_turn
from yinju.ui_visit import Visit

WORDS = texts("zh-Hant")


class Blocks(HTMLParser):
    """Collects the text of every element with offsets, and every tag and attribute name."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.found: list[tuple[int, int, str]] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self._open: list[list[object]] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        values = dict(attrs)
        if tag in ("p", "td", "th") and "data-start" in values:
            self._open.append([tag, int(values["data-start"] or 0), int(values["data-end"] or 0), ""])

    def handle_endtag(self, tag: str) -> None:
        if self._open and self._open[-1][0] == tag:
            _, start, end, text = self._open.pop()
            self.found.append((start, end, text))  # type: ignore[arg-type]

    def handle_data(self, data: str) -> None:
        if self._open:
            self._open[-1][3] += data  # type: ignore[operator]


def ask(question: str, turns: tuple[Turn, ...] = ()) -> Turn:
    return Turn(question, FakeAssistant().answer(question, turns))


def answer(**values: object) -> Answer:
    base = {"question": "q", "standalone_question": "q", "status": Status.ANSWERED, "text": "t", "language": "en"}
    return Answer(**{**base, **values})  # type: ignore[arg-type]


# ── words ───────────────────────────────────────────────────────────────────────────────────


def test_every_language_has_the_same_words_with_the_same_gaps() -> None:
    gaps = {
        language: {key: set(re.findall(r"{\w+}", value)) for key, value in texts(language).items()}
        for language in LANGUAGES
    }
    assert gaps["zh-Hant"] == gaps["zh-Hans"] == gaps["en"]
    for reason in Reason:
        assert f"reason_{reason}" in WORDS


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("en-GB,zh;q=0.5", "en"),
        ("fr-FR, zh-TW;q=0.4, en;q=0.3", "zh-Hant"),
        ("de", "en"),
        ("", "en"),
        ("en;q=broken,zh-TW", "zh-Hant"),
    ],
)
def test_page_language_follows_the_browser(header: str, language: str) -> None:
    assert page_language(header) == language


# ── escaping ────────────────────────────────────────────────────────────────────────────────


@given(st.text())
def test_escaped_text_keeps_its_length_and_holds_no_markup(text: str) -> None:
    escaped = escape(text)
    assert not set("<>\"'") & set(escaped)
    assert len(html.unescape(escaped)) == len(text)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_payloads_become_text_wherever_they_stand(payload: str) -> None:
    citation = Citation(1, payload, Span(0, len(payload)), payload, repaired=payload)
    shown = answer(
        question=payload, standalone_question=payload + "?", text=payload, citations=(citation,), formula=payload,
        language=payload, timings_ms={payload: 1.0, "total": 2.0},
    )  # fmt: skip
    hostile = document(payload, payload, headings=(Heading(Span(0, 2), 1, payload),))
    row = figure(payload, payload, payload, "1", payload, Kind.OTHER, entity=payload, metric=payload)
    page = (
        render_turn(Turn(payload, shown), 1, WORDS)
        + render_conversation((), WORDS, [payload])
        + render_conversation(
            [Turn(payload, shown)], WORDS, kept=payload, follow_ups=[payload], documents={payload: hostile}
        )
        + render_shelf([payload], [payload], WORDS, [payload])
        + render_findings([AuditFinding("sum", False, payload, payload, (row,))], {payload: hostile}, WORDS, "zh-Hant")
        + render_conversation((), WORDS, pending=payload)
        + render_reader({payload: hostile, "b": hostile}, WORDS, "en")
    )
    parsed = Blocks(page)
    assert not parsed.tags & {"script", "img", "svg", "b", "textarea"}
    assert not {name for name in parsed.attributes if name.startswith("on")}
    assert html.escape(payload, quote=True) in page


# ── documents ───────────────────────────────────────────────────────────────────────────────


def test_every_block_of_a_document_holds_the_characters_of_its_offsets() -> None:
    for shown in documents().values():
        blocks = Blocks(render_document(shown, WORDS)).found
        assert blocks
        for start, end, text in blocks:
            assert text == shown.text[start:end]
        assert "".join(text for _, _, text in blocks) == re.sub(r"\n", "", shown.text)


def test_damage_is_marked_with_its_reading() -> None:
    text = "前文損壞了的字後文\n下一行"
    span = Span(2, 6)
    shown = document("a", text, repairs=(Repair(span, "好\ufffd的\u200b", "gbk"),))
    page = render_document(shown, WORDS)
    assert '還原讀法：好\ufffd的">損壞了的</span>' in page
    assert [text for *_, text in Blocks(page).found] == text.splitlines()


def test_headings_pages_and_tables_are_shown_in_their_places() -> None:
    text = "標題\n甲\t乙\n1\t2\n末頁"
    cells = ((Span(3, 4), Span(5, 6)), (Span(7, 8), Span(9, 10)))
    shown = document(
        "a",
        text,
        headings=(Heading(Span(0, 2), 2, "標題"),),
        tables=(Table(Span(3, 10), cells),),
        pages=(Page(1, Span(0, 11)), Page(2, Span(11, 13))),
    )
    page = render_document(shown, WORDS)
    assert page.index("第 1 頁") < page.index('class="heading level-2"') < page.index("<table>") < page.index("第 2 頁")
    assert '<th data-start="3" data-end="4">甲</th>' in page
    assert '<td data-start="9" data-end="10">2</td>' in page
    assert Blocks(page).found[-1] == (11, 13, "末頁")


def test_several_documents_come_with_a_choice_and_one_without() -> None:
    many = render_reader(documents(), WORDS, "zh-Hant")
    assert many.count("<option") == 2
    assert 'data-document="港口.txt"' in many
    one = dict(list(documents().items())[:1])
    assert "<select" not in render_reader(one, WORDS, "zh-Hant")
    assert render_reader({}, WORDS, "zh-Hant") == ""


# ── answers ─────────────────────────────────────────────────────────────────────────────────


def test_an_answer_shows_value_subject_and_a_chip_that_knows_its_span() -> None:
    page = render_turn(ask("占比是多少?"), 1, WORDS)
    start = HARBOUR.index("𠮷祥碼頭占比為40%")
    assert '<span class="value">40%<button type="button" class="chip"' in page
    assert f'data-document="港口.txt" data-start="{start}" data-end="{start + 10}"' in page
    assert "𠮷祥碼頭 · 泊位占比 · 2023" in page
    assert "badge" not in page


def test_a_conflict_shows_its_values_side_by_side() -> None:
    page = render_turn(ask("吞吐量?"), 1, WORDS)
    assert 'data-status="conflict"' in page
    assert page.count('class="card"') == 2
    assert "原文說法不一" in page
    assert re.search(r"1\.25億噸<button[^>]*>\[1\]</button>,另一處為1\.31億噸<button[^>]*>\[2\]</button>", page)


def test_an_abstention_says_why_and_shows_the_nearest() -> None:
    page = render_turn(ask("2019年呢?"), 1, WORDS)
    assert 'class="answer abstained"' in page
    assert "文件只有其他時間的資料" in page
    assert "文件裡最接近的內容" in page
    assert 'class="value"' not in page


def test_a_computed_answer_shows_formula_and_exact_operands() -> None:
    page = render_turn(ask("多了多少?"), 1, WORDS)
    code = page[page.index("<code>") : page.index("</code>")]
    assert re.sub(r"<[^>]+>", "", code) == "1.31億噸 − 1.25億噸 = 0.06億噸"
    assert re.findall(r'class="operand" data-cite="(\d)"', code) == ["2", "1"]
    assert "即 131,000,000 噸" in page
    assert "即 125,000,000 噸" in page


def test_a_rewritten_question_is_shown_and_an_unchanged_one_is_not() -> None:
    assert "理解為" in render_turn(ask("那占比呢?", (ask("吞吐量?"),)), 2, WORDS)
    assert "理解為" not in render_turn(ask("占比是多少?"), 1, WORDS)


def test_a_citation_in_a_damaged_run_says_so() -> None:
    assert "還原讀法：<q>全書完</q>" in render_turn(ask("結尾?"), 1, WORDS)


def test_long_values_keep_every_digit() -> None:
    value = "950100000000.25"
    long = figure("港口.txt", HARBOUR, "1.25億噸", value, "元", Kind.AMOUNT, entity="甲", metric="乙")
    turn = ask("多了多少?")
    cited = turn.answer.figures[0]
    shown = answer(figures=(type(cited)(long, 1), cited), citations=turn.answer.citations, formula="x")
    assert "= 950,100,000,000.25 yuan" in render_turn(Turn("q", shown), 1, texts("en"))
    assert long.quantity.value == Decimal(value)


def test_timings_are_shown_by_stage() -> None:
    page = render_turn(ask("占比?"), 1, WORDS)
    assert "用時 33 毫秒" in page
    assert "檢索 9.8" in page


def test_the_masthead_counts_what_is_loaded() -> None:
    assert "2 份文件 · 1,234 個數據" in render_masthead(2, 1234, WORDS)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.txt", b""),
        ("a.txt", b" \n"),
        ("a.txt", b"\x7fELF\x00\x01"),
        ("a.txt", b"\x81\x20\xff\x8d\x20" * 50),
        ("a.csv", b'a,"' + b"b" * 200_000),
        ("a.pdf", b"%PDF-1.4 broken"),
        ("a.docx", b"PK\x03\x04broken"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refused_file_is_explained_in_the_language_of_the_page(
    name: str, content: bytes, language: Language, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SourceError) as caught:
        read_document(Source(name, path), Settings())
    said = Visit("", language, None).reason(caught.value)
    assert said
    assert caught.value.message not in said


def test_no_message_of_the_page_names_a_setting() -> None:
    errors = (
        UsageError("The question has 5000 characters; at most 2000 are allowed.", "Raise YINJU_MAX_QUESTION_CHARS."),
        SourceError("a.txt has 80.0 MiB, more than the 50 allowed.", "Set YINJU_MAX_FILE_MB."),
    )
    for language in LANGUAGES:
        for error in errors:
            assert "YINJU" not in Visit("", language, None).told(error)


# ── suggestions ─────────────────────────────────────────────────────────────────────────────


def test_suggestions_come_from_figures_and_headings_and_are_asked_first() -> None:
    asked: list[str] = []

    def ask_fake(question: str) -> Answer:
        asked.append(question)
        status = Status.ABSTAINED if "占比" in question else Status.ANSWERED
        figures = () if "渡輪" in question else (CitedFigure(FIRST, 1),)
        return answer(status=status, citations=(Citation(1, "a", Span(0, 1), "x"),), figures=figures)

    report = document("a", "概況\n港口建設進展\n", headings=(Heading(Span(3, 9), 2, "港口建設進展"),))
    ferries = figure("b", HARBOUR, "40%", "18", "艘", Kind.COUNT, entity="海灣港", metric="渡輪", period="2023")
    pool = checked_questions([FIRST, SHARE, ferries], {"a": report}, ask_fake)
    chinese = ("2023年海灣港貨物吞吐量是多少？", "關於「港口建設進展」說了什麼？")
    english = "What was the cargo throughput in 2023?"
    assert examples_of(pool, "zh-Hant") == chinese
    assert examples_of(pool, "en") == (english,), "rather few than such as its reader cannot read"
    assert examples_of(pool[:1], "en") == chinese[:1], "where there are no others"
    asked_next = follow_ups([ask("2019年呢?")], pool, "en")
    assert asked_next == (english,)
    assert "2023年𠮷祥碼頭泊位占比是多少？" in asked
    assert "2023年海灣港渡輪有多少？" in asked, "asked, but not answered with this figure"
    assert len(asked) <= MAX_TRIED


def test_figures_are_shown_in_the_language_of_the_page_and_as_they_are_stated() -> None:
    told = "TEU 70.2 近60% 12吨 14 km 3,200 people 2023"
    rows = [
        figure("a", told, "70.2", "702000", "teu", Kind.COUNT),
        figure("a", told, "60%", "60", "%", Kind.PERCENT),
        figure("a", told, "12吨", "12", "吨", Kind.OTHER),
        figure("a", told, "14 km", "14", "公里", Kind.OTHER),
        figure("a", told, "3,200 people", "3200", "人", Kind.COUNT),
        figure("a", told, "2023", "2023", "年", Kind.YEAR),
    ]
    rows[0] = replace(rows[0], quantity=replace(rows[0].quantity, scale=Decimal(10_000)))
    rows[1] = replace(rows[1], quantity=replace(rows[1].quantity, approx=Approx.NEARLY))
    documents = {"a": document("a", told)}
    units = {language: [row["measured"] for row in figure_rows(rows, documents, language)] for language in LANGUAGES}
    assert units["en"] == ["TEU", "%", "tonnes", "kilometres", "people", ""]
    assert units["zh-Hant"] == ["TEU", "%", "噸", "公里", "人", ""]
    assert units["zh-Hans"] == ["TEU", "%", "吨", "公里", "人", ""]
    labels = [row["label"] for row in figure_rows(rows, documents, "zh-Hant")]
    assert labels[:2] == ["70.2萬TEU", "近60%"]
    assert figure_rows(rows, documents, "en")[0]["label"] == "702,000 TEU"


def test_figures_stand_in_the_documents_own_words_in_the_table_the_plot_and_the_check() -> None:
    told = (
        "2024年東湖縣GDP突破9501億元,不到全市十分之一。東湖縣企業超過了300家,專利約12件,工藝達7納米,排名第3位。"
        "2024年東湖縣產業占比56%。2024年東湖縣產業占比将近60%,企業80家以上,道路12多公里。"
    )
    documents = {"a": document("a", told)}
    ledger = Ledger.of(documents.values())
    rows = {language: figure_rows(ledger, documents, language) for language in LANGUAGES}
    stated = [row["stated"] for row in rows["en"]]
    for words in ("突破9501億元", "不到全市十分之一", "超過了300家", "約12件", "将近60%", "80家以上", "12多公里"):
        assert words in stated
    assert all(words in told for words in stated)
    assert "9501億元" in [row["surface"] for row in rows["en"]], "the CSV has the ledger's"
    assert [row["label"] for row in rows["en"]] == stated == [row["stated"] for row in rows["zh-Hans"]]
    assert {row["measured"] for row in rows["en"]} == {"yuan", "%", "nm", "kilometres", ""}
    shares = tuple(figure for figure in ledger if figure.quantity.unit == "%")
    conflict = AuditFinding("conflict", False, "", "56% ; 近60%", shares)
    found = render_findings([conflict], documents, texts("en"), "en")
    assert "different values: 56%, 将近60%." in found
    assert found.count('<span class="number">将近60%</span>') == 1
    assert " ; " not in found


def test_a_wide_mark_behind_a_citation_is_brought_near_it() -> None:
    shown = answer(text="四成[1]。", citations=(Citation(1, "a", Span(0, 1), "x"),))
    assert re.search(r'\[1\]</button><span class="behind">。</span></p>', render_turn(Turn("q", shown), 1, WORDS))
    shown = answer(text="40%[1].", citations=(Citation(1, "a", Span(0, 1), "x"),))
    assert "[1]</button>.</p>" in render_turn(Turn("q", shown), 1, WORDS)


def test_a_conflict_shows_each_figure_with_its_qualifier() -> None:
    nearly = replace(SHARE, quantity=replace(SHARE.quantity, approx=Approx.NEARLY))
    text = Span(0, 4)
    shown = answer(
        status=Status.CONFLICT, language="zh-Hant", figures=(CitedFigure(nearly, 1), CitedFigure(FIRST, 1)),
        citations=(Citation(1, "港口.txt", text, "港口年報"),),
    )  # fmt: skip
    assert 'class="value">近40%' in render_turn(Turn("q", shown), 1, WORDS)


def test_an_answer_says_whether_what_it_cites_has_changed_or_is_gone() -> None:
    turn = ask("𠮷祥碼頭占比?")
    there = documents()
    gone = WORDS["gone"].format(name="港口.txt")
    assert gone in render_turn(turn, 1, WORDS, documents={})
    other = {**there, "港口.txt": document("港口.txt", "別的")}
    assert WORDS["changed"] in render_turn(turn, 1, WORDS, documents=other)
    assert gone not in render_turn(turn, 1, WORDS, documents=there)


def test_a_question_without_a_language_gets_its_hint_in_that_of_the_page() -> None:
    asked = answer(status=Status.ABSTAINED, reason=Reason.NOT_A_QUESTION, text="請問一個文件能回答的問題。")
    bare, worded = replace(asked, question="12345 😀"), replace(asked, question="你好")
    assert Visit("v", "en", None).written(bare).text == "Please ask something that the document can answer."
    assert Visit("v", "zh-Hans", None).written(bare).text == "请问一个文件能回答的问题。"
    assert Visit("v", "en", "zh-Hans").written(bare).language == "en"
    assert Visit("v", "en", None).written(worded) == worded


def test_the_marks_of_a_markdown_heading_are_set_apart_and_stay() -> None:
    report = document("a", "## 概況\n# 不是\n", headings=(Heading(Span(0, 5), 2, "概況"),))
    html_text = render_document(report, WORDS)
    assert '<span class="hashes" aria-hidden="true">## </span>概況</p>' in html_text
    assert [text for _, _, text in Blocks(html_text).found] == ["## 概況", "# 不是"]


def test_badly_described_figures_are_not_suggested() -> None:
    bad = [
        figure("a", HARBOUR, "40%", "40", "%", Kind.PERCENT, entity="", metric="占比重", period="2023"),
        figure("a", HARBOUR, "40%", "40", "%", Kind.PERCENT, entity="港口", metric="占比重", period=""),
        figure("a", HARBOUR, "40%", "40", "%", Kind.PERCENT, entity="港口", metric="占", period="2023"),
        figure(
            "a", HARBOUR, "40%", "40", "%", Kind.PERCENT, entity="港口", metric="甲", period="2023", role=Role.CHANGE
        ),
        figure("a", HARBOUR, "40%", "40", "%", Kind.PERCENT, entity="港口", metric="這片水域", period="2023"),
        figure("a", HARBOUR, "40%", "40", "%", Kind.PERCENT, entity="港口", metric="水域上", period="2023"),
        figure("a", HARBOUR, "40%", "40", "%", Kind.PERCENT, entity="港口", metric="打造水域", period="2023"),
        figure("a", HARBOUR, "40%", "40", "%", Kind.PERCENT, entity="港口", metric="水域投入占", period="2023"),
        figure("a", HARBOUR, "40%", "40", "家", Kind.COUNT, entity="港口", metric="企業召開大會", period="2023"),
        figure("a", HARBOUR, "40%", "40", "%", Kind.YEAR, entity="港口", metric="占比重", period="2023"),
    ]
    for row in bad:
        assert list(candidate_questions([row], {})) == []


def test_figures_that_share_a_clause_are_not_suggested() -> None:
    good = figure("a", HARBOUR, "40%", "40", "%", Kind.PERCENT, entity="港口", metric="水域占比", period="2023")
    assert [question for question, _ in candidate_questions([good], {})] == ["2023年港口水域占比是多少？"]
    assert list(candidate_questions([good, replace(good, metric="陸域占比")], {})) == []


def english(sentence: str, surface: str, metric: str, **more: object) -> list[str]:
    """The questions made from one figure of an English document of this sentence."""
    row = figure("a", sentence, surface, "40", "%", Kind.PERCENT, metric=metric, period="2023", **more)
    row = replace(row, sentence=Span(0, len(sentence)))
    return [question for question, _ in candidate_questions([row], {"a": document("a", sentence)})]


@pytest.mark.parametrize(
    ("sentence", "metric", "entity", "question"),
    [
        (
            "The market share of Bay Port was about 40% in 2023.",
            "market share of Bay Port",
            "Bay Port",
            "What was the market share of Bay Port in 2023?",
        ),
        (
            "At Bay Port, ferry sales in 2023 reached 40%.",
            "ferry sales",
            "Bay Port",
            "What were the ferry sales of Bay Port in 2023?",
        ),
        ("Unemployment stood at 40% in 2023.", "Unemployment", "Bay Port", "What was unemployment in 2023?"),
    ],
)
def test_english_subjects_make_english_questions(sentence: str, metric: str, entity: str, question: str) -> None:
    assert english(sentence, "40%", metric, entity=entity) == [question]


@pytest.mark.parametrize(
    ("sentence", "metric"),
    [
        ("In 2023, Bay Port had revenue of 40%.", "had revenue"),
        ("Bay Port employed 40% in 2023.", "employed"),
        ("In 2023 it was 40%, up from 30%.", "it"),
        ("In 2023 sales rose from 40%.", "from"),
        ("In 2023 there were 40%.", "there"),
        ("Its share of trade was 40% in 2023.", "Its share of trade"),
        ("The market share was 40%.", "market share"),
    ],
)
def test_english_words_that_are_no_subject_make_no_question(sentence: str, metric: str) -> None:
    assert english(sentence, "40%", metric, entity="Bay Port") == []


# ── the server ──────────────────────────────────────────────────────────────────────────────


def test_serving_without_index_or_documents_says_what_to_do(tmp_path: Path) -> None:
    from yinju.config import Settings
    from yinju.ui import serve

    with pytest.raises(IndexMissingError) as caught:
        serve(Settings(index=tmp_path / "none", seeds=tmp_path / "no-seeds"))
    assert "yinju build" in caught.value.hint


def test_an_address_that_is_taken_is_one_sentence(
    fake_page: tuple[str, FakeAssistant], monkeypatch: pytest.MonkeyPatch
) -> None:
    from yinju import ui
    from yinju.config import Settings

    url, assistant = fake_page
    port = int(url.rstrip("/").rsplit(":", 1)[1])
    monkeypatch.setattr(ui, "_open_or_build", lambda settings, say: assistant)
    with pytest.raises(YinjuError) as caught:
        ui.serve(Settings(), "127.0.0.1", port)
    assert f"127.0.0.1:{port}" in caught.value.message
    assert "--port" in caught.value.hint


def test_the_page_is_served_without_outside_addresses(fake_page: tuple[str, FakeAssistant]) -> None:
    with urlopen(fake_page[0]) as response:
        source = response.read().decode()
    assert not re.findall(r"""(?:src|href)=["']?(?:https?:)?//[^"'>\s]+""", source)
    assert "fonts.googleapis" not in source


def test_the_endpoint_gives_the_contract_value(fake_page: tuple[str, FakeAssistant]) -> None:
    from gradio_client import Client

    client = Client(fake_page[0], verbose=False)
    got = client.predict("占比是多少?", api_name="/ask")
    assert got == FakeAssistant().ask("占比是多少?").to_json()
    followed = client.predict(question="那呢?", history=["吞吐量?"], api_name="/ask")
    assert followed["standalone_question"] == "2023年𠮷祥碼頭占比是多少?"
    assert json.loads(client.predict("占比是多少?", api_name="/ask_text")) == got
    named = list(client.view_api(return_format="dict")["named_endpoints"])
    assert named == ["/ask", "/ask_text", "/figures", "/figures_text", "/audit", "/audit_text", "/build"]


def test_an_mcp_client_gets_the_contract_value(fake_page: tuple[str, FakeAssistant]) -> None:
    import asyncio

    from mcp import ClientSession
    from mcp.client.streamable_http import streamable_http_client

    async def call() -> tuple[list[str], str]:
        async with (
            streamable_http_client(f"{fake_page[0]}gradio_api/mcp/") as (incoming, outgoing, *_),
            ClientSession(incoming, outgoing) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            called = await session.call_tool("ask", {"question": "占比是多少?"})
            return [tool.name for tool in tools], called.content[0].text  # type: ignore[union-attr]

    names, text = asyncio.run(call())
    assert names == ["ask", "figures", "audit"]
    assert json.loads(text) == FakeAssistant().ask("占比是多少?").to_json()


def test_the_endpoint_explains_errors_escaped(fake_page: tuple[str, FakeAssistant]) -> None:
    from gradio_client import Client
    from gradio_client.exceptions import AppError

    client = Client(fake_page[0], verbose=False)
    with pytest.raises(AppError, match=r"The question is &lt;too&gt; long\. Ask a shorter one\."):
        client.predict("太長", api_name="/ask")


def test_markers_in_the_text_become_chips_and_other_brackets_stay() -> None:
    first, second = Citation(1, "a", Span(0, 1), "甲"), Citation(2, "a", Span(1, 2), "乙")
    page = render_turn(Turn("q", answer(text="甲是[1],見附表[9]。\n另外", citations=(first, second))), 1, WORDS)
    chip = r'<button type="button" class="chip" data-cite="%d"[^>]*>\[%d\]</button>'
    assert re.search(r"<p>甲是" + chip % (1, 1) + r",見附表\[9\]。</p><p>另外" + chip % (2, 2) + "</p>", page)


def test_a_chip_names_the_figures_inside_its_citation() -> None:
    page = render_turn(ask("吞吐量?"), 1, WORDS)
    span = FIRST.quantity.span
    assert (
        page.count(
            f'data-cite="1" data-document="港口.txt" data-start="5" data-end="26" data-keys="{span.start}-{span.end}"'
        )
        == 3
    )


def test_a_text_that_only_repeats_value_and_year_is_not_said_twice() -> None:
    cited, citation = ask("占比?").answer.figures[0], ask("占比?").answer.citations[0]
    result = Result("40%", Decimal(40), "%")
    for text, is_said in (
        ("40%（2023年）。", False),
        ("40%。[1]", False),
        ("40%（2019年）。", True),
        ("約40%。", True),
    ):
        page = render_turn(
            Turn("q", answer(text=text, result=result, figures=(cited,), citations=(citation,))), 1, WORDS
        )
        assert ('class="text"' in page) == is_said


def test_what_is_copied_is_the_answer_and_its_proof() -> None:
    page = render_turn(ask("多了多少?"), 1, WORDS)
    plain_copy, cited_copy = (html.unescape(copied) for copied in re.findall(r'data-copy="([^"]*)"', page))
    assert plain_copy == "多0.06億噸。"
    start = HARBOUR.index("吞吐量達1.25億噸")
    assert cited_copy.splitlines()[:3] == [
        "多0.06億噸。",
        "1.31億噸 − 1.25億噸 = 0.06億噸",
        f"[1] 「吞吐量達1.25億噸」 (港口.txt, {start}–{start + 10})",
    ]


def test_a_formula_is_cut_at_its_operands_once_each_the_longer_first() -> None:
    turn = ask("多了多少?")
    short = figure("港口.txt", HARBOUR, "25億噸", "25", "噸", Kind.AMOUNT)
    figures = (CitedFigure(short, 2), *turn.answer.figures)
    page = render_turn(
        Turn("q", replace(turn.answer, figures=figures, formula="1.25億噸 + 25億噸 − 1.31億噸")), 1, WORDS
    )
    operands = re.findall(r'class="operand" data-cite="(\d)"[^>]*>([^<]*)<', page)
    assert operands == [("1", "1.25億噸"), ("2", "25億噸"), ("2", "1.31億噸")]
