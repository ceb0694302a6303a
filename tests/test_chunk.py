from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from growth import LINEAR, growth
from yinju.chunk import chunk, find_headings
from yinju.config import Settings
from yinju.formats import read_markdown
from yinju.ingest import Source, document_id, read_document
from yinju.text import sentences
from yinju.types import Document, Heading, Page, Passage, Span, Table

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared" / "data"


def make(text: str, name: str = "folder/report.txt", **parts: object) -> Document:
    return Document(
        id=document_id(name, text), name=name, text=text, readable=text, source="", sha256="", media_type="text/plain",
        **parts,  # type: ignore[arg-type]
    )  # fmt: skip


def cut(text: str, max_chars: int = 60, **parts: object) -> list[Passage]:
    return chunk(make(text, **parts), max_chars, lambda _: True)


def check(document: Document, passages: list[Passage]) -> None:
    """Passages slice back, stand in order without overlap, and leave nothing but white space between them."""
    for passage in passages:
        assert passage.span.of(document.text) == passage.text
        assert passage.span.of(document.readable) == passage.readable
        assert passage.text
        assert passage.text == passage.text.strip()
    edges = [Span(0, 0), *(passage.span for passage in passages), Span(len(document.text), len(document.text))]
    for before, after in pairwise(edges):
        assert before.end <= after.start
        assert not document.text[before.end : after.start].strip()
    assert len({passage.id for passage in passages}) == len(passages)


# ── properties ──────────────────────────────────────────────────────────────────────────────

marks = [
    "。",
    "！",
    "”",
    "“",
    "（",
    "）",
    "，",
    "；",
    "、",
    "一、",
    "（二）",
    "1.2",
    "%",
    "3,405.7",
    "a",
    "《",
    "》",
    "…",
    "收入增長",
    "本縣去年水稻畝產",
]
spaces = ["\n", "\r\n", " ", "\u3000", "\u200b", "\t", "\f", "\u2028"]
pieces = st.sampled_from(marks * 2 + spaces)
texts = st.lists(pieces, max_size=60).map("".join) | st.text(max_size=200)


@settings(deadline=None, max_examples=300)
@given(texts, st.integers(1, 80), st.integers(1, 120))
def test_passages_cover_the_document_and_slice_back(text: str, max_chars: int, window: int) -> None:
    document = make(text)

    passages = chunk(document, max_chars, lambda shown: len(shown) <= window)

    check(document, passages)
    assert all(len(passage.text) <= max_chars for passage in passages)
    for passage in passages:
        assert len(passage.text) == 1 or len(f"{passage.context}\n{passage.text}") <= window


@settings(deadline=None)
@given(texts, st.integers(5, 80))
def test_cutting_twice_gives_the_same(text: str, max_chars: int) -> None:
    assert cut(text, max_chars) == cut(text, max_chars)


@settings(deadline=None)
@given(texts)
def test_a_sentence_that_fits_is_never_cut(text: str) -> None:
    edges = {passage.span.end for passage in cut(text, 80)}
    for sentence in sentences(text):
        if len(sentence) <= 80:
            assert not any(sentence.start < edge < sentence.end for edge in edges)


def test_nothing_gives_no_passages() -> None:
    assert cut("") == cut(" \n\u3000\n") == []


# ── where it cuts ───────────────────────────────────────────────────────────────────────────


def test_a_paragraph_that_fits_is_one_passage() -> None:
    one = "去年全縣降雨偏多，水庫蓄水充足。春耕用水得到保障，農民十分滿意。"
    other = "今年的情況不同，入春以來降雨稀少，部分水庫見底。縣裡已經組織打井抗旱。"

    assert [passage.text for passage in cut(f"{one}\n{other}\n")] == [one, other]


def test_a_long_paragraph_is_cut_between_sentences_into_pieces_of_about_one_length() -> None:
    sentence = "這是一句正好二十個字長的話，請數一數吧。"
    assert len(sentence) == 20

    passages = cut(sentence * 4, 60)

    assert [passage.text for passage in passages] == [sentence * 2, sentence * 2]


def test_quotation_marks_and_brackets_stay_with_their_sentence() -> None:
    passages = cut("他說：“雨季要來了，大家趕快準備好沙袋和水泵。”（他指著西邊。）眾人聽了都點頭，分頭去準備了。", 34)

    assert passages[0].text.endswith("。”")
    assert passages[1].text.startswith("（他指著西邊。）")


def test_a_list_without_full_stops_is_cut_at_its_marks() -> None:
    text = "主要產品包括：" + "；".join(f"第{n}類農用機械及其配件" for n in "一二三四五六七八") + "；"

    passages = cut(text, 40)

    assert len(passages) >= 3
    assert all(passage.text.endswith("；") for passage in passages)


def test_a_line_without_marks_is_cut_between_numbers_and_words() -> None:
    text = "12345.67萬噸" * 12
    for before, after in pairwise(cut(text, 40)):
        assert not (before.text[-1].isdigit() and after.text[0].isdigit())
    for passage in cut("internationalisation " * 20, 50):
        assert set(passage.text.split()) == {"internationalisation"}


def test_short_lines_of_one_section_go_together() -> None:
    text = "一、農業\n水稻十二噸\n玉米八噸\n小麥五噸\n二、工業\n水泥三萬噸\n化肥六百噸\n"

    assert [passage.text for passage in cut(text, 60)] == [
        "一、農業\n水稻十二噸\n玉米八噸\n小麥五噸",
        "二、工業\n水泥三萬噸\n化肥六百噸",
    ]


def test_a_heading_goes_with_the_paragraph_below_it() -> None:
    paragraph = "全年糧食產量比上年增長百分之三，油料產量下降，蔬菜產量大體持平。"

    (passage,) = cut(f"二、農業生產情況\n\n{paragraph}", 80)

    assert passage.text.startswith("二、農業生產情況")


# ── the model's window ──────────────────────────────────────────────────────────────────────


def test_what_does_not_fit_the_window_is_cut_further() -> None:
    text = "一場大雨過後，河水漲了。" * 5
    asked: list[str] = []

    def fits(shown: str) -> bool:
        asked.append(shown)
        return len(shown) <= 35

    passages = chunk(make(text, name="river.txt"), 60, fits)

    assert all(passage.text == "一場大雨過後，河水漲了。" * (len(passage.text) // 12) for passage in passages)
    assert all(len(f"river\n{passage.text}") <= 35 for passage in passages)
    assert asked[0].startswith("river\n一場")


def test_a_window_that_nothing_fits_ends_at_single_characters() -> None:
    passages = chunk(make("雨水充足。"), 60, lambda _: False)

    assert [passage.text for passage in passages] == list("雨水充足。")


# ── context ─────────────────────────────────────────────────────────────────────────────────

REPORT = """2019年全縣經濟工作報告
——在縣人民代表大會上
各位代表：
現在，請允許我向大會報告工作，請大家審議，並請列席的同志提出意見。
一、去年的工作
去年我們做了以下工作，完成了全部目標。
（一）農業穩步發展
糧食連續五年豐收，倉庫都裝滿了，外縣的人也來這裡買糧。
（二）工業平穩增長
新建了三家水泥廠，建材銷往全省，工人的收入也有提高。
二、今年的任務
今年要修好兩條公路，並且要讓每個村都通上自來水。
"""


def test_headings_of_plain_text_are_found_by_numbering_and_place() -> None:
    assert [(h.level, h.title) for h in find_headings(REPORT)] == [
        (1, "2019年全縣經濟工作報告"),
        (3, "一、去年的工作"),
        (4, "（一）農業穩步發展"),
        (4, "（二）工業平穩增長"),
        (3, "二、今年的任務"),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "一、全年糧食產量達到三十萬噸，比上年增長百分之五。",
        "1.5億元",
        "24.1%",
        "產量\t12\t13",
        "他說：",
        "完成投資30億元",
    ],
)
def test_lines_that_are_no_headings(line: str) -> None:
    text = f"前面有一段話，說的是別的事情。\n{line}\n後面還有一段長長的話，說的又是另外的事情，也有結尾。"
    assert find_headings(text) == []


def test_context_names_the_document_and_the_headings_above() -> None:
    passages = cut(REPORT, 50, name="county/work.txt")
    by_text = {passage.text: passage.context for passage in passages}

    text = next(text for text in by_text if "水泥廠" in text)
    assert text.startswith("（二）")
    assert by_text[text] == "work > 2019年全縣經濟工作報告 > 一、去年的工作"
    assert all(len(context) <= 80 for context in by_text.values())


def test_the_innermost_headings_are_kept_when_room_is_short() -> None:
    headings = [Heading(Span(2 * i, 2 * i + 1), i + 1, f"{i}" * 30) for i in range(4)]
    text = "a\nb\nc\nd\n正文。"

    passages = cut(text, 4, headings=tuple(headings))

    assert passages[-1].text == "正文。"
    assert passages[-1].context == f"report > {'2' * 30} > {'3' * 30}"


def test_markdown_headings_are_used() -> None:
    source = "# 年報\n\n## 林業\n\n" + "去年種樹三萬棵，成活率很高。" * 6
    parsed = read_markdown(source)

    passages = chunk(make(source, name="a.md", headings=parsed.headings), 50, lambda _: True)

    assert passages[-1].context == "a > 年報 > 林業"


def test_a_table_that_goes_on_keeps_its_header_in_the_context() -> None:
    rows = ["地區\t產量", *(f"第{n}鎮\t{n}萬噸" for n in range(1, 13))]
    text = "\n".join(rows)
    spans, start = [], 0
    for row in rows:
        middle = start + row.index("\t")
        spans.append((Span(start, middle), Span(middle + 1, start + len(row))))
        start += len(row) + 1
    table = Table(Span(0, len(text)), tuple(spans))

    passages = cut(text, 60, tables=(table,), name="t.txt")

    assert [passage.context for passage in passages] == ["t", *["t > 地區 產量"] * (len(passages) - 1)]
    assert len(passages) > 1


def test_pages_are_the_page_on_which_a_passage_starts() -> None:
    text = "第一頁的文字說的是水利工程的情況。\n第二頁的文字說的是公路建設的情況。"
    middle = text.index("\n")

    passages = cut(text, 20, pages=(Page(1, Span(0, middle)), Page(2, Span(middle + 1, len(text)))))

    assert [passage.page for passage in passages] == [1, 2]


# ── real documents, time ────────────────────────────────────────────────────────────────────

seed = ROOT / "seeds" / "nanshan.txt"
files = [seed, *sorted(SHARED.glob("*/*.txt"))[::6]]


@pytest.mark.parametrize("path", files, ids=lambda path: path.name)
def test_real_documents_keep_the_promises(path: Path) -> None:
    document = read_document(Source(path.name, path), Settings())

    passages = chunk(document, 280, lambda shown: len(shown) <= 400)

    check(document, passages)
    assert all(len(passage.text) <= 280 for passage in passages)
    sentence_ends = {sentence.end for sentence in sentences(document.readable)}
    assert sum(passage.span.end in sentence_ends for passage in passages) >= 0.9 * len(passages)


def test_the_seed_is_cut_into_its_paragraphs() -> None:
    document = read_document(Source(seed.name, seed), Settings())
    passages = chunk(document, 280, lambda _: True)
    paragraphs = [line for line in document.text.splitlines() if line]
    whole = {line for line in paragraphs if 70 < len(line) <= 280}
    assert len(whole & {passage.text for passage in passages}) >= 0.9 * len(whole)


@pytest.mark.parametrize("unit", ["字", "字，", "a", "（", "字。", "3.", "短行\n", "“"])
def test_time_is_linear_on_hostile_text(unit: str) -> None:
    text = unit * (20_000 // len(unit))
    passages = cut(text, 280)
    assert growth(lambda n: cut(text[:n], 280), 5_000) < LINEAR
    assert sum(len(passage.text) for passage in passages) >= 0.9 * len(text.replace("\n", ""))
