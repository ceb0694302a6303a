from __future__ import annotations

import hashlib
import json
import os
import random
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from small_world import ask, check_proof, indexed
from yinju import formats, office
from yinju.config import Settings
from yinju.errors import SourceError
from yinju.ingest import MEDIA_TYPES, Source, decode, discover, read_document, survey, text_hash
from yinju.text import to_language
from yinju.types import Document, Status

SHARED = Path(__file__).parents[2] / "shared" / "data"
TEXT = "二〇二三年，全市常住人口为三百二十万人。\r\n城镇登记失业率为百分之三点一。\n"
TRADITIONAL = "去年全縣水稻產量達到十二萬噸，比前年增加百分之五。\r\n農民收入持續增長。\n"
SETTINGS = Settings()


def read(path: Path, **changes: object) -> Document:
    return read_document(Source(path.name, path), Settings(**{**SETTINGS.model_dump(), **changes}))


def refused(path: Path, **changes: object) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read(path, **changes)
    assert path.name in caught.value.message
    assert caught.value.message.count("\n") == 0
    assert caught.value.hint
    return caught.value


# ── finding ─────────────────────────────────────────────────────────────────────────────────


def test_folders_are_walked_in_order_without_hidden_and_unknown_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.TXT", ".hidden.txt", ".git/d.txt", "picture.png", "sub/~$lock.docx"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")

    found = survey([tmp_path])

    assert [source.name for source in found.sources] == ["a.md", "b.txt", "sub/c.TXT"]
    assert all(source.path.is_absolute() for source in found.sources)
    assert [(path.name, why) for path, why in found.skipped] == [("picture.png", "type is not supported")]


def test_a_file_found_twice_counts_once(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")

    assert [source.name for source in discover([tmp_path, tmp_path / "a.txt", tmp_path])] == ["a.txt"]


def test_one_name_from_two_folders_becomes_two_names(tmp_path: Path) -> None:
    for folder in ("x/one", "x/two", "y/two"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "a.txt").write_text(folder, encoding="utf-8")

    pair = discover([tmp_path / "x/one", tmp_path / "x/two"])
    three = discover([tmp_path / "x/one", tmp_path / "x/two", tmp_path / "y/two"])

    assert [source.name for source in pair] == ["one/a.txt", "two/a.txt"]
    assert len({source.name for source in three}) == 3


def test_a_file_named_itself_is_a_source_even_when_missing_or_unknown(tmp_path: Path) -> None:
    sources = discover([tmp_path / "gone.txt", tmp_path / "x.png"])

    assert [source.name for source in sources] == ["gone.txt", "x.png"]


def test_an_empty_folder_has_no_sources(tmp_path: Path) -> None:
    assert discover([tmp_path]) == []


def test_a_relative_path_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("x", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    (source,) = discover([Path()])

    assert source == Source("a.txt", tmp_path / "a.txt")


def test_a_file_name_that_is_not_utf8_still_has_a_printable_name(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.txt")
    try:
        (tmp_path / name).write_text("x", encoding="utf-8")
    except OSError:
        pytest.skip("this file system refuses such names")

    (source,) = discover([tmp_path])

    source.name.encode("utf-8")
    assert read_document(source, SETTINGS).text == "x"


# ── plain text ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("prefix", "codec", "encoding"),
    [
        (b"", "utf-8", "utf-8"),
        (b"\xef\xbb\xbf", "utf-8", "utf-8-sig"),
        (b"\xff\xfe", "utf-16-le", "utf-16-le"),
        (b"\xfe\xff", "utf-16-be", "utf-16-be"),
        (b"", "utf-16-le", "utf-16-le"),
        (b"", "utf-16-be", "utf-16-be"),
        (b"", "gb18030", "gb18030"),
        (b"", "big5", "big5"),
    ],
)
def test_encodings_are_found_out_and_the_text_is_unchanged(
    tmp_path: Path, prefix: bytes, codec: str, encoding: str
) -> None:
    text = TRADITIONAL if codec == "big5" else TEXT
    path = tmp_path / "a.txt"
    path.write_bytes(prefix + text.encode(codec))

    document = read(path)

    assert document.text == text
    assert document.encoding == encoding
    assert document.media_type == "text/plain"
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def shared_texts() -> Iterator[str]:
    for path in sorted(SHARED.rglob("*.txt"))[::2]:
        yield path.read_text(encoding="utf-8")
    for path in sorted((SHARED / "reading").glob("*.json")):
        for article in json.loads(path.read_text(encoding="utf-8"))["data"][::20]:
            yield article["paragraphs"][0]["context"]


def written_in(text: str, codec: str) -> bytes | None:
    """The text in an encoding; ``None`` where it cannot be written there, or would be plain ASCII."""
    try:
        raw = text.encode(codec)
    except UnicodeEncodeError:
        return None
    return None if raw.isascii() or raw.decode(codec) != text else raw


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is absent")
@pytest.mark.parametrize("length", [60, 1_000_000])
@pytest.mark.parametrize("encoding", ["gb18030", "big5", "utf-16-le", "utf-16-be"])
def test_every_text_at_hand_is_told_right_in_every_encoding_it_can_be_written_in(encoding: str, length: int) -> None:
    codec = {"big5": "cp950"}.get(encoding, encoding)
    n_tried = wrong = 0
    for whole in shared_texts():
        text = whole[:length]
        if (raw := written_in(text, codec)) is None:
            continue
        n_tried += 1
        wrong += decode(raw) != (text, encoding)
    assert n_tried > 60
    assert wrong <= n_tried // 100


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is absent")
@pytest.mark.parametrize("encoding", ["gb18030", "big5"])
def test_a_few_characters_of_any_text_are_told_right_in_double_bytes(encoding: str) -> None:
    codec = {"big5": "cp950"}.get(encoding, encoding)
    choose = random.Random(7)
    texts = list(shared_texts())
    n_tried = wrong = 0
    for _ in range(1500):
        whole = choose.choice(texts)
        length = choose.choice((4, 6, 8, 12, 20, 40))
        start = choose.randrange(max(1, len(whole) - length))
        text = whole[start : start + length]
        text = to_language(text, "zh-Hant") if encoding == "big5" else text
        if (raw := written_in(text, codec)) is None:
            continue
        n_tried += 1
        wrong += (decode(raw) or ("",))[0] != text
    assert n_tried > 1000
    assert wrong <= n_tried // 100


@pytest.mark.parametrize(
    "text",
    [
        "Être où ça, naïveté déjà vécue à l'été.",
        "café",
        "Müller GmbH, Zürich: Umsatz 5 Mio. € (2023), Größe 20 m²",
        "El año pasado creció un 25 %, según el señor Ibáñez. ¿Y éste? ¡Sí!",
        "São Paulo, 2023: população de 11 milhões",
        "AÇÃO: DECISÃO, INFORMAÇÕES",
        "Æther øre å, Smörgåsbord, œuvre, Çelik",
        "Revenue rose 25% – “a record” – in 2023… It’s £500 million, 20 °C ± 2.",
        "Résultat net : 12,5 M€, dont ½ en 2ème année",
        "Quarter,Umsatz (Mio. €)\nFrühjahr,12.5\n",
    ],
)
def test_western_text_is_read_as_such_and_never_as_chinese(text: str) -> None:
    assert decode(text.encode("cp1252")) == (text, "cp1252")
    framed = f"Plain words before. {text} And after it.\r\n" * 3
    assert decode(framed.encode("cp1252")) == (framed, "cp1252")


def test_a_page_that_says_it_is_latin_is_read_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes("<meta charset='iso-8859-1'><p>Umsatz für März: 5,5 Mio.</p>".encode("latin-1"))
    document = read(path)
    assert (document.text.strip(), document.encoding) == ("Umsatz für März: 5,5 Mio.", "cp1252")


def test_one_broken_byte_does_not_make_a_file_unreadable() -> None:
    text = TEXT * 40
    raw = bytearray(text.encode("gb18030"))
    raw[200] = 0xFF

    decoded = decode(bytes(raw))

    assert decoded is not None
    assert decoded[1] == "gb18030"
    assert sum(a != b for a, b in zip(decoded[0], text, strict=False)) < len(text)
    assert TEXT in decoded[0]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.text(max_size=200))
def test_utf8_text_comes_back_as_it_was(text: str) -> None:
    raw = text.encode("utf-8", "replace")
    decoded = decode(raw)
    if decoded is not None and decoded[1] == "utf-8":
        assert decoded[0] == raw.decode("utf-8")


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_decoder_raise(raw: bytes) -> None:
    decode(raw)


# ── what cannot be read ─────────────────────────────────────────────────────────────────────


def test_each_unusable_file_is_told_in_one_sentence(tmp_path: Path) -> None:
    cases: list[tuple[str, bytes, str]] = [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\t\xe3\x80\x80\n", "has no text in it"),
        ("zeros.txt", bytes(2000), "binary"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "binary"),
        ("noise.txt", bytes((i * 197 + i * i * 31) % 256 for i in range(5000)), "binary"),
        ("archive.png", b"PK\x03\x04" + bytes(50), "binary"),
        ("cyrillic.txt", "Это предложение написано по-русски, и никто его не прочтёт.".encode("koi8-r"), "encoding"),
        ("broken.pdf", b"%PDF-1.4\nnothing more", "PDF that cannot be read"),
        ("fake.pdf", b"just text", "PDF that cannot be read"),
        ("broken.docx", b"PK\x03\x04broken", "DOCX file that cannot be read"),
        ("old.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "password"),
        ("blank.html", b"<html><script>x()</script></html>", "has no text in it"),
    ]
    for name, raw, expected in cases:
        path = tmp_path / name
        path.write_bytes(raw)
        assert expected in refused(path).message


def test_a_vanished_file_and_a_folder_are_told(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "gone.txt").message
    assert "not a file" in refused(tmp_path).message


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "not a file" in refused(tmp_path / "pipe.txt").message


def test_a_large_file_is_told_with_both_sizes(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"a" * (2 * 2**20 + 1))

    error = refused(path, max_file_mb=2)

    assert "2.0 MiB, more than the 2 allowed" in error.message
    assert "YINJU_MAX_FILE_MB" in error.hint


def test_a_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("x", encoding="utf-8")

    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    assert "may not be read" in refused(path).message


# ── documents ───────────────────────────────────────────────────────────────────────────────


def test_ids_depend_on_name_and_text_alone(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(TEXT.encode("utf-8"))
    (tmp_path / "b.txt").write_bytes(TEXT.encode("gb18030"))
    a, b = read(tmp_path / "a.txt"), read(tmp_path / "b.txt")

    assert a.id == read(tmp_path / "a.txt").id
    assert a.id != b.id
    assert text_hash(a.text) == text_hash(b.text)
    assert a.sha256 != b.sha256


def test_a_damaged_run_is_repaired_in_readable_only(tmp_path: Path) -> None:
    damaged = "由于连续降辏恿魉簧险牵钡卣橹褐诩笆弊疲挥性斐扇嗽鄙送觥"
    path = tmp_path / "a.txt"
    path.write_text(damaged, encoding="utf-8")

    document = read(path)

    assert document.text == damaged
    assert len(document.repairs) == 1
    assert document.readable != damaged
    assert len(document.readable) == len(damaged)


# ── Markdown ────────────────────────────────────────────────────────────────────────────────

MARKDOWN = """# 年度**報告**

正文第一段。

## 工業 `x`

| 年份 | 產值 |
|------|-----:|
| 2022 | 31億元 |
| 2023 | 35\\|6億元 |

農業
----

```
# 不是標題
```
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_markdown_keeps_its_source_and_knows_headings_and_tables(tmp_path: Path, newline: str) -> None:
    source = MARKDOWN.replace("\n", newline)
    path = tmp_path / "a.md"
    path.write_bytes(source.encode("utf-8"))

    document = read(path)

    assert document.text == source
    assert [(h.level, h.title, h.span.of(source)) for h in document.headings] == [
        (1, "年度報告", "年度**報告**"),
        (2, "工業 x", "工業 `x`"),
        (2, "農業", "農業"),
    ]
    (table,) = document.tables
    assert [[cell.of(source) for cell in row] for row in table.rows] == [
        ["年份", "產值"],
        ["2022", "31億元"],
        ["2023", "35\\|6億元"],
    ]
    assert table.n_header_rows == 1


# ── HTML ────────────────────────────────────────────────────────────────────────────────────

HTML = """<!doctype html><html><head><title>不顯示</title><meta charset="{charset}"><style>p{{}}</style></head>
<body><h1>統計 公報</h1><p>第一段有<b>粗體</b>字，
換行。</p><div>第二段<br>新行</div><script>alert(1)</script><p hidden>看不見</p><p style="display: none">也看不見</p>
<table><tr><th>指標</th><th>數值</th></tr><tr><td>人口</td><td>三十萬人</td></tr></table>
<ul><li>甲</li><li>乙</li></ul><h2>結語</h2></body></html>"""


@pytest.mark.parametrize(("charset", "codec"), [("utf-8", "utf-8"), ("big5", "big5"), ("gb2312", "gb18030")])
def test_html_becomes_its_visible_text(tmp_path: Path, charset: str, codec: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(HTML.format(charset=charset).encode(codec))

    document = read(path)

    assert document.text.splitlines() == [
        "統計 公報",
        "第一段有粗體字， 換行。",
        "第二段",
        "新行",
        "指標\t數值",
        "人口\t三十萬人",
        "甲",
        "乙",
        "結語",
    ]
    assert document.encoding == codec
    assert [(h.level, h.title, h.span.of(document.text)) for h in document.headings] == [
        (1, "統計 公報", "統計 公報"),
        (2, "結語", "結語"),
    ]
    (table,) = document.tables
    assert [[cell.of(document.text) for cell in row] for row in table.rows] == [["指標", "數值"], ["人口", "三十萬人"]]


def test_deeply_nested_html_is_read_without_recursion() -> None:
    parsed = formats.read_html("<div>" * 20_000 + "底" + "</div>" * 20_000)

    assert parsed.text.strip() == "底"


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────


def make_pdf(path: Path, pages: list[list[str]]) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(path))
    for lines in pages:
        canvas.setFont("STSong-Light", 12)
        for row, line in enumerate(lines):
            canvas.drawString(72, 780 - 18 * row, line)
        canvas.showPage()
    canvas.save()


def test_pdf_keeps_pages_and_joins_wrapped_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    make_pdf(
        path,
        [
            [
                "统计公报",
                "去年全市粮食产量稳步增加，其中水稻产量达到十二",
                "万吨，玉米产量达到八万吨，均创下历史最好水平。",
                "第二段。",
            ],
            ["第二页只有一句话。"],
        ],
    )

    document = read(path)

    assert document.media_type == "application/pdf"
    assert "水稻产量达到十二万吨，玉米产量" in document.text
    assert "统计公报\n去年" in document.text
    assert [page.number for page in document.pages] == [1, 2]
    assert document.pages[1].span.of(document.text).strip() == "第二页只有一句话。"


def test_a_pdf_that_is_encrypted_or_without_text_is_told(tmp_path: Path) -> None:
    make_pdf(tmp_path / "plain.pdf", [["一页"]])
    writer = PdfWriter(clone_from=PdfReader(tmp_path / "plain.pdf"))
    writer.encrypt("secret", algorithm="AES-256")
    writer.write(tmp_path / "locked.pdf")
    make_pdf(tmp_path / "scan.pdf", [[]])

    assert "password" in refused(tmp_path / "locked.pdf").message
    assert "without text" in refused(tmp_path / "scan.pdf").message


def test_a_pdf_cannot_unpack_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    make_pdf(path, [["字" * 30] * 20])

    with pytest.raises(formats.FormatError, match="more than 100 characters"):
        office.read_pdf(path.read_bytes(), 100)


def test_lines_are_joined_at_marks_that_end_and_begin_no_line() -> None:
    page = "一行足夠長的文字用來表示頁面的全部寬度。\n他說：“雨季要來了。\n”眾人點頭，\n然後散去。\n完"

    assert office.unwrap(page).splitlines()[1:] == ["他說：“雨季要來了。”眾人點頭，然後散去。", "完"]


def test_lines_are_joined_only_where_the_page_broke_them() -> None:
    page = (
        "標題\n這一行很長一直寫到了頁面的邊緣所以在此\n換行了。\n短行\n另起一段也寫到頁面邊緣為止\n"
        "The quick brown fox jumps over the lazy\ndog."
    )

    assert office.unwrap(page) == (
        "標題\n這一行很長一直寫到了頁面的邊緣所以在此換行了。\n短行\n另起一段也寫到頁面邊緣為止\n"
        "The quick brown fox jumps over the lazy dog."
    )


# ── DOCX ────────────────────────────────────────────────────────────────────────────────────


def make_docx(path: Path) -> None:
    document = docx.Document()
    document.add_heading("年度總結", 0)
    document.add_paragraph("開頭的話。")
    document.add_heading("財政", 1)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ["項目", "金額", "稅收", "六億元"], strict=True):
        cell.text = text
    document.add_heading("細目", 2)
    document.add_paragraph("結尾。")
    document.save(str(path))


def test_docx_keeps_order_headings_and_tables(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    make_docx(path)

    document = read(path)

    assert document.text == "年度總結\n開頭的話。\n財政\n項目\t金額\n稅收\t六億元\n細目\n結尾。\n"
    assert [(h.level, h.title, h.span.of(document.text)) for h in document.headings] == [
        (1, "年度總結", "年度總結"),
        (2, "財政", "財政"),
        (3, "細目", "細目"),
    ]
    (table,) = document.tables
    assert [[cell.of(document.text) for cell in row] for row in table.rows] == [["項目", "金額"], ["稅收", "六億元"]]
    assert document.encoding == ""


def test_a_docx_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 9_000_000)

    assert "unpacks to more than" in refused(path, max_file_mb=2).message


def test_cut_off_files_raise_only_their_own_error(tmp_path: Path) -> None:
    make_pdf(tmp_path / "a.pdf", [["第一页的文字。"], ["第二页的文字。"]])
    make_docx(tmp_path / "a.docx")
    readers: dict[str, Callable[[bytes, int], formats.Parsed]] = {"pdf": office.read_pdf, "docx": office.read_docx}
    for kind, reader in readers.items():
        raw = (tmp_path / f"a.{kind}").read_bytes()
        for end in range(0, len(raw), max(1, len(raw) // 25)):
            try:
                reader(raw[:end], 10**7)
            except formats.FormatError:
                continue


# ── CSV ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_csv_becomes_a_table(tmp_path: Path, delimiter: str, newline: str) -> None:
    rows = [["街道", "人口（萬人）"], ["東門", "5.5"], ['"西, 門;\t""新"""', "6.1"], [], ["北門", ""]]
    path = tmp_path / "a.csv"
    path.write_bytes(newline.join(delimiter.join(row) for row in rows).encode("gb18030"))

    document = read(path)

    assert (document.media_type, document.encoding) == ("text/csv", "gb18030")
    (table,) = document.tables
    assert [[cell.of(document.text) for cell in row] for row in table.rows] == [
        ["街道", "人口（萬人）"], ["東門", "5.5"], ['西, 門; "新"', "6.1"], ["北門", ""],
    ]  # fmt: skip
    assert table.n_header_rows == 1


def test_csv_is_found_in_folders_and_a_broken_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("年,值\n2023,5萬人\n", encoding="utf-8")
    assert [source.name for source in survey([tmp_path]).sources] == ["a.csv"]
    (tmp_path / "b.csv").write_text('年,值\n2023,"' + "五" * 140_000, encoding="utf-8")
    assert "CSV" in refused(tmp_path / "b.csv").message


def test_a_question_on_a_cell_of_a_csv_is_answered_from_its_row(tmp_path: Path) -> None:
    rows = [f"{name}門店,{300 + n * 7},{311 + n * 9},{5 + n}" for n, name in enumerate("東西南北中")]
    header = "門店,2022年銷售額（萬元）,2023年銷售額（萬元）,員工（人）"
    index = indexed(tmp_path, {"shops.csv": "\n".join([header, *rows]) + "\n"})
    answer = ask(index, "南門店2023年的銷售額是多少?")
    assert answer.status is Status.ANSWERED and answer.result is not None
    assert (str(answer.result.value), answer.result.unit) == ("3290000", "元")
    assert rows[2].replace(",", "\t") in answer.citations[0].quote
    check_proof(answer, index)


def test_every_supported_type_is_documented_by_its_suffix() -> None:
    assert set(MEDIA_TYPES) == {".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".csv", ".pdf", ".docx"}


def test_merged_cells_stand_in_every_column_and_row_they_reach_over() -> None:
    parsed = formats.read_html(
        "<table><tr><th rowspan=2>街道</th><th colspan=2>人口（萬人）</th></tr><tr><th>2022年</th><th>2023年</th></tr>"
        "<tr><td>桃源街道</td><td>5.5</td><td>5.6</td></tr></table>"
    )
    cells = [[cell.of(parsed.text) for cell in row] for row in parsed.tables[0].rows]
    assert cells == [
        ["街道", "人口（萬人）", "人口（萬人）"],
        ["街道", "2022年", "2023年"],
        ["桃源街道", "5.5", "5.6"],
    ]


def test_docx_cells_that_are_merged_keep_the_columns_aligned(tmp_path: Path) -> None:
    source = docx.Document()
    table = source.add_table(rows=2, cols=3)
    table.cell(0, 1).merge(table.cell(0, 2)).text = "收入（億元）"
    for column, text in enumerate(("集團", "50.1", "58.3")):
        table.cell(1, column).text = text
    source.save(str(tmp_path / "a.docx"))
    parsed = office.read_docx((tmp_path / "a.docx").read_bytes(), 10**7)
    cells = [[cell.of(parsed.text) for cell in row] for row in parsed.tables[0].rows]
    assert cells == [["", "收入（億元）", "收入（億元）"], ["集團", "50.1", "58.3"]]


@pytest.mark.parametrize("size", ["0", "-1", "x", "9" * 5000, ""])
def test_a_broken_size_of_a_cell_is_one(size: str) -> None:
    parsed = formats.read_html(f"<table><tr><td colspan='{size}'>甲</td><td>乙</td></tr></table>")
    assert [cell.of(parsed.text) for cell in parsed.tables[0].rows[0]] == ["甲", "乙"]
