"""Reading: the words that answer, cut from the right sentence, and how sure one can be."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

import strategies
from yinju.asked import Asks, covers, understand
from yinju.read import MAX_ANSWER_CHARS, MAX_SENTENCES, FindSpans, Reading, read
from yinju.reader import SpanScore
from yinju.text import fold, sentences
from yinju.types import Hit, Passage, Span

TEXT = (
    "市博物館由建築師林曉舟設計,2016年開館。因為老城地勢較高,博物館建在北邊。\n"
    "全市設有三所大學:東嶺大學、海洋學院、師範學院。圖書館通過流動書車為山區服務。\n"
)


def passages(text: str) -> list[Passage]:
    """A passage for each line."""
    found, start = [], 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip("\r\n")
        if body.strip():
            span = Span(start, start + len(body))
            found.append(Passage(f"{start}", "d", "a.txt", span, span.of(text), span.of(text)))
        start += len(line)
    return found


def stand_in(question: str) -> FindSpans:
    """A reader that takes the sentence which shares most characters with the question, worked out by hand."""
    asked = set(fold(question))

    def find_spans(passage: Passage) -> list[SpanScore]:
        text = passage.readable
        shares = [
            SpanScore(span, 8 * len(asked & set(fold(span.of(text)))) / max(1, len(asked)) - 4)
            for span in sentences(text)
        ]
        return sorted(shares, key=lambda found: (-found.score, found.span))[:3]

    return find_spans


def reading(question: str, text: str = TEXT) -> Reading:
    asked = understand(question, lambda word: float(len(word)), fold(text), {})
    hits = [Hit(passage, 1.0 - 0.1 * i, 0.5, 1.0) for i, passage in enumerate(passages(text))]
    return read(asked, hits, {"a.txt": fold(text)}, stand_in(question))


@pytest.mark.parametrize(
    ("question", "asks"),
    [
        ("博物館由誰設計?", Asks.PERSON),
        ("谁设计了博物馆?", Asks.PERSON),
        ("Who designed the museum?", Asks.PERSON),
        ("博物館什麼時候開館?", Asks.TIME),
        ("When did the museum open?", Asks.TIME),
        ("為什麼博物館在北邊?", Asks.REASON),
        ("Why is the museum in the north?", Asks.REASON),
        ("有哪些大學?", Asks.LIST),
        ("圖書館怎樣為山區服務?", Asks.MANNER),
        ("博物館在哪裡?", Asks.PLACE),
        ("Where is the museum?", Asks.PLACE),
        ("是哪家公司?", Asks.ORGANISATION),
        ("博物館是不是在北邊?", Asks.VERDICT),
        ("介紹一下博物館", Asks.DESCRIPTION),
    ],
)
def test_what_a_question_wants(question: str, asks: Asks) -> None:
    assert understand(question, lambda word: 1.0, fold(TEXT), {}).asks is asks


def test_terms_are_what_a_question_is_about() -> None:
    asked = understand("2016年是誰設計了市博物館?", lambda word: float(len(word)), fold(TEXT), {"设计": ("规划",)})
    words = {term.word for term in asked.terms}
    assert {"设计", "博物馆"} <= words
    assert not words & {"谁", "是", "了", "2016"}
    assert asked.years == ("2016",)
    assert next(term for term in asked.terms if term.word == "设计").alternatives == ("规划",)


@pytest.mark.parametrize(
    ("word", "text", "least", "most"),
    [("博物馆", "市博物馆在北边", 1, 1), ("GDP", "gdp", 0, 0), ("gdp", "人均gdp", 1, 1), ("飞机", "图书馆", 0, 0),
     ("博物院", "博物馆", 0.1, 0.9)],
)  # fmt: skip
def test_covers(word: str, text: str, least: float, most: float) -> None:
    assert least <= covers(word, text) <= most


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("市博物館由誰設計?", "林曉舟"),
        ("市博物馆由谁设计?", "林曉舟"),
        ("為什麼博物館建在北邊?", "地勢較高"),
        ("有哪些大學?", "東嶺大學、海洋學院、師範學院"),
        ("圖書館通過什麼方式為山區服務?", "流動書車"),
        ("博物館什麼時候開館?", "2016年"),
    ],
)
def test_the_answer_holds_what_was_asked_for(question: str, words: str) -> None:
    found = reading(question)
    assert words in "".join(extract.answer.of(TEXT) for extract in found.extracts)


def test_names_and_years_that_no_document_knows_are_missing() -> None:
    (missing,) = reading("上海博物館由誰設計?").missing
    assert missing.startswith("上海")
    assert reading("2031年博物館由誰設計?").missing_years == ("2031",)
    known = reading("市博物館由誰設計?")
    assert (known.missing, known.missing_years) == ((), ())
    assert reading("上海博物館由誰設計?").probability < known.probability


def test_what_is_said_is_likelier_than_what_is_not() -> None:
    said = reading("市博物館由哪位建築師設計?").probability
    for question in ("飛機票多少錢?", "誰發明了電話?", "為什麼天空是藍色的?"):
        assert reading(question).probability < said


def test_nothing_to_read() -> None:
    found = reading("市博物館由誰設計?", "\n")
    assert (found.extracts, found.probability, found.nearest) == ((), 0.0, None)


def test_long_sentences_are_cut_to_the_clause_that_answers() -> None:
    filler = "道路兩旁種滿了各種各樣的樹木和花草,"
    text = filler * 6 + "館長由陳曉明擔任," + filler * 5 + "工程按計劃推進。\n"
    (extract,) = reading("館長由誰擔任?", text).extracts
    answer = extract.answer.of(text)
    assert "陳曉明" in answer
    assert len(answer) <= MAX_ANSWER_CHARS
    assert extract.sentence.contains(extract.answer)


@given(strategies.documents, strategies.questions)
@settings(max_examples=80, deadline=None)
def test_extracts_lie_within_sentences_of_the_document(text: str, question: str) -> None:
    found = reading(question, text)
    assert 0.0 <= found.probability <= 1.0
    assert len(found.extracts) <= MAX_SENTENCES
    # A passage may cut a line break that a sentence of the whole document does not have; its own it keeps.
    whole = {span.shift(p.span.start) for p in passages(text) for span in sentences(p.readable)}
    for extract in found.extracts:
        assert extract.answer.of(text).strip()
        assert extract.sentence.contains(extract.answer)
        assert any(span.contains(extract.sentence) or extract.sentence.contains(span) for span in whole)
    assert reading(question, text) == found


def test_the_words_that_the_reader_names_decide_the_cut() -> None:
    text = (
        "河道兩岸種滿了各種各樣的樹木和花草," * 4
        + "沿線的茶室由老街的居民輪流看管,"
        + "工程分三個階段有序地推進," * 3
        + "效果良好。\n"
    )
    place = text.index("老街的居民")
    exact = Span(place, place + 5)
    asked = understand("沿線的店面誰在打理?", lambda word: 1.0, fold(text), {})
    hits = [Hit(passage, 1.0, 0.5, 1.0) for passage in passages(text)]
    (extract,) = read(asked, hits, {"a.txt": fold(text)}, lambda _: [SpanScore(exact, 6.0)]).extracts
    assert extract.exact == exact
    assert extract.answer.contains(exact)
    assert len(extract.answer) <= MAX_ANSWER_CHARS


def test_what_the_reader_believes_makes_an_answer_likelier() -> None:
    hits = [Hit(passage, 1.0, 0.5, 1.0) for passage in passages(TEXT)]
    asked = understand("那棟樓是誰畫的圖?", lambda word: 1.0, fold(TEXT), {})
    place = TEXT.index("林曉舟")

    def probability(score: float) -> float:
        return read(asked, hits, {"a.txt": fold(TEXT)}, lambda passage: found(passage, score)).probability

    def found(passage: Passage, score: float) -> list[SpanScore]:
        text = passage.readable
        return [SpanScore(Span(place, place + 3), score)] if "林曉舟" in text else []

    assert probability(-6.0) < probability(0.0) < probability(6.0)


CAUSES = "港口今年停了兩條航線。原因是吊機老化,裝卸太慢。新的吊機明年才到。碼頭因此改走鐵路。\n漁會有三百名會員。\n"


def test_a_cause_is_told_with_its_neighbours_in_the_paragraph() -> None:
    found = "".join(extract.answer.of(CAUSES) for extract in reading("為什麼裝卸太慢?", CAUSES).extracts)
    assert "停了兩條航線" in found
    assert "新的吊機明年才到" in found
    assert "漁會" not in found


def test_of_a_long_sentence_a_list_gives_the_part_that_answers() -> None:
    filler = "全面推進各項重點工作走深走實並持續取得新的積極成效"
    text = f"{filler},{filler},{filler};新建東湖醫院、西嶺醫院、南岸醫院三所醫院;{filler},{filler},{filler}。\n"
    asked = understand("新建了哪些醫院?", lambda word: float(len(word)), fold(text), {})
    start = text.index("東湖")
    found = [SpanScore(Span(start, text.index("三所")), 6.0)]
    given = read(asked, [Hit(passages(text)[0], 1.0, 0.5, 1.0)], {"a.txt": fold(text)}, lambda _: found)
    assert given.extracts[0].answer.of(text) == "新建東湖醫院、西嶺醫院、南岸醫院三所醫院;"
    assert given.extracts[0].sentence.of(text) == text.strip()
