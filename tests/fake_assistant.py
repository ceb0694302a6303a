"""An assistant with scripted answers over small documents, for tests of the page's own doing."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from time import sleep
from types import SimpleNamespace

from yinju.config import Settings
from yinju.errors import UsageError
from yinju.types import (
    Answer,
    Citation,
    CitedFigure,
    Document,
    Figure,
    Heading,
    Kind,
    Quantity,
    Reason,
    Repair,
    Result,
    Role,
    Span,
    Status,
    Turn,
)

HARBOUR = (
    "港口年報\n"
    "2023年,海灣港貨物吞吐量達1.25億噸,𠮷祥碼頭占比為40%。\n\n"
    + "港區綠化與道路工程按計劃推進。\n" * 40
    + "另據附表,2023年海灣港貨物吞吐量為1.31億噸。\n全文完。"
)
HOSTILE = (
    '<img src=x onerror=alert(1)> & "quoted" ${1+1} {{value}}\n<script>alert(2)</script>\n'
    "第二份文件說,渡輪共有18艘。\n文末<b>粗</b>"
)


def document(name: str, text: str, **more: object) -> Document:
    values = {"readable": text, "source": f"/{name}", "sha256": "0" * 64, "media_type": "text/plain", **more}
    return Document(id=name, name=name, text=text, **values)  # type: ignore[arg-type]


def documents() -> dict[str, Document]:
    damaged = Span(HARBOUR.index("全文完"), HARBOUR.index("全文完") + 3)
    harbour = document(
        "港口.txt",
        HARBOUR,
        headings=(Heading(Span(0, 4), 1, "港口年報"),),
        repairs=(Repair(damaged, "全書完", "gbk"),),
        readable=HARBOUR.replace("全文完", "全書完"),
    )
    hostile = document("<b>x</b>.txt", HOSTILE)
    return {harbour.name: harbour, hostile.name: hostile}


def figure(name: str, text: str, surface: str, value: str, unit: str, kind: Kind, **more: object) -> Figure:
    start = text.index(surface)
    span = Span(start, start + len(surface))
    quantity = Quantity(
        span, surface, Decimal(value), unit, kind, scale=Decimal("1E8") if "億" in surface else Decimal(1)
    )
    return Figure(id=surface, document=name, quantity=quantity, sentence=span, clause=span, **more)  # type: ignore[arg-type]


def cite(index: int, document: Document, quote: str, repaired: str | None = None) -> Citation:
    start = document.text.index(quote)
    return Citation(index, document.name, Span(start, start + len(quote)), quote, repaired=repaired)


FIRST = figure(
    "港口.txt", HARBOUR, "1.25億噸", "125000000", "噸", Kind.AMOUNT, entity="海灣港", metric="貨物吞吐量", period="2023"
)
SECOND = figure(
    "港口.txt", HARBOUR, "1.31億噸", "131000000", "噸", Kind.AMOUNT, entity="海灣港", metric="貨物吞吐量", period="2023"
)
SHARE = figure(
    "港口.txt",
    HARBOUR,
    "40%",
    "40",
    "%",
    Kind.PERCENT,
    entity="𠮷祥碼頭",
    metric="泊位占比",
    period="2023",
    role=Role.SHARE,
)
TIMINGS = {"rewrite": 0.1, "retrieve": 9.8, "read": 21.0, "total": 33.0}


class FakeAssistant:
    """Answers by the words of the question; ``asked`` records what it was asked and with how many turns."""

    def __init__(self) -> None:
        self.index = SimpleNamespace(documents=documents(), ledger=(FIRST, SECOND, SHARE))
        self.asked: list[tuple[str, int]] = []
        self.settings = Settings(feedback=Path(tempfile.mkdtemp()) / "feedback.jsonl")

    def ask(self, question: str, history: Sequence[str] = ()) -> Answer:
        return self.answer(question, [Turn(earlier, self.answer(earlier, ())) for earlier in history])

    def stream(self, question: str, turns: Sequence[Turn] = ()) -> Iterator[str | Answer]:
        if "慢" in question:
            for sentence in ("第一句。", "<b>第二句。</b>"):
                yield sentence
                sleep(1.5)
        yield self.answer(question, turns)

    def answer(self, question: str, turns: Sequence[Turn]) -> Answer:
        self.asked.append((question, len(turns)))
        harbour, hostile = self.index.documents.values()
        common = {"question": question, "standalone_question": question, "language": "zh-Hant", "timings_ms": TIMINGS}
        if "太長" in question:
            raise UsageError("The question is <too> long.", "Ask a shorter one.")
        if "壞" in question:
            raise RuntimeError("broken inside")
        if "吞吐" in question:
            citations = (
                cite(1, harbour, "2023年,海灣港貨物吞吐量達1.25億噸"),
                cite(2, harbour, "海灣港貨物吞吐量為1.31億噸"),
            )
            figures = (CitedFigure(FIRST, 1), CitedFigure(SECOND, 2))
            text = "文中說法不一:1.25億噸,另一處為1.31億噸。"
            return Answer(status=Status.CONFLICT, text=text, figures=figures, citations=citations, **common)
        if "占比" in question or "那" in question:
            common["standalone_question"] = "2023年𠮷祥碼頭占比是多少?" if turns else question
            citations = (cite(1, harbour, "𠮷祥碼頭占比為40%"),)
            result = Result("40%", Decimal(40), "%")
            figures = (CitedFigure(SHARE, 1),)
            return Answer(
                status=Status.ANSWERED, text="40%。", result=result, figures=figures, citations=citations, **common
            )
        if "多了多少" in question:
            citations = (cite(1, harbour, "吞吐量達1.25億噸"), cite(2, harbour, "吞吐量為1.31億噸"))
            return Answer(
                status=Status.ANSWERED,
                text="多0.06億噸。",
                result=Result("0.06億噸", Decimal(6000000), "噸"),
                formula="1.31億噸 − 1.25億噸 = 0.06億噸",
                figures=(CitedFigure(SECOND, 2), CitedFigure(FIRST, 1)),
                citations=citations,
                **common,
            )
        if "渡輪" in question:
            return Answer(
                status=Status.ANSWERED, text="共有18艘。", citations=(cite(1, hostile, "渡輪共有18艘"),), **common
            )
        if "結尾" in question:
            citations = (cite(1, harbour, "全文完", repaired="全書完"),)
            return Answer(status=Status.ANSWERED, text="<script>alert(3)</script>", citations=citations, **common)
        nearest = (cite(1, harbour, "2023年,海灣港貨物吞吐量達1.25億噸"),)
        text = "文件沒有2019年的數字,只有2023年的。"
        return Answer(status=Status.ABSTAINED, text=text, reason=Reason.OTHER_PERIOD, citations=nearest, **common)
