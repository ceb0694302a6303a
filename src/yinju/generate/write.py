"""An extractive answer → the same answer in a language model's words, as far as they stand the check."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from time import monotonic, perf_counter
from typing import TYPE_CHECKING, Any, cast

import yinju.generate.prompt as prompt
from yinju import question as questions
from yinju.answer import cite, verify
from yinju.config import Settings
from yinju.figures.ledger import Ledger
from yinju.generate.check import Checked, Sentence, Verdict, check_sentence
from yinju.generate.client import Call, Client, ReplyError, Trouble
from yinju.generate.evidence import Archive, Evidence, results_of
from yinju.generate.numbers import holds
from yinju.generate.prose import MAY_END, begin, split, with_markers
from yinju.generate.tools import SPECIFICATIONS, Toolbox
from yinju.generate.words import content_words, coverage
from yinju.text import Language, fold
from yinju.types import (
    Answer,
    Approx,
    CitedFigure,
    Computation,
    Document,
    Generated,
    Hit,
    Span,
    Status,
)

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage

MAX_SENTENCES = 5
"""Longest answer (contract)."""
MAX_DRAFTED = 15
"""A model that has written so many sentences is not listened to any longer."""
MAX_ROUNDS = 4
"""Requests for one answer, those that end in calls of tools included."""
MAX_CALLS = 4
_WITHOUT_TOOLS = frozenset({400, 404, 422, 501})
"""HTTP codes by which servers without tools refuse them."""
LEAST_SAID = 0.5
"""Share of the words of an extractive answer that prose has to say."""

_NOT_PROVEN = {
    "zh-Hant": "語言模型寫的內容未能與文件逐句核實,以下答案直接取自文件。",
    "zh-Hans": "语言模型写的内容未能与文件逐句核实,以下答案直接取自文件。",
    "en": "What the language model wrote could not be proven, so this answer is taken directly from the document.",
}
_TROUBLE = {
    Trouble.UNREACHABLE: ("連不上語言模型", "连不上语言模型", "The language model cannot be reached"),
    Trouble.SLOW: ("語言模型沒有在時限內答完", "语言模型没有在时限内答完", "The language model did not finish in time"),
    Trouble.BUSY: ("語言模型正忙", "语言模型正忙", "The language model is busy"),
    Trouble.REFUSED: ("語言模型拒絕了請求", "语言模型拒绝了请求", "The language model refused the request"),
    Trouble.FAILED: ("語言模型的伺服器出錯", "语言模型的服务器出错", "The language model's server failed"),
    Trouble.BROKEN: ("語言模型的回答中途斷了", "语言模型的回答中途断了", "The language model's reply broke off"),
    Trouble.UNREADABLE: (
        "語言模型的回答無法讀取",
        "语言模型的回答无法读取",
        "The language model's reply cannot be read",
    ),
    Trouble.EMPTY: ("語言模型什麼也沒有寫", "语言模型什么也没有写", "The language model wrote nothing"),
    Trouble.ENDLESS: ("語言模型的回答沒完沒了", "语言模型的回答没完没了", "The language model's reply had no end"),
}
_INSTEAD = {
    "zh-Hant": ",以下答案直接取自文件。",
    "zh-Hans": ",以下答案直接取自文件。",
    "en": ", so this answer is taken directly from the document.",
}


class Writer:
    """Writes prose for answers over one index."""

    def __init__(self, settings: Settings, documents: Mapping[str, Document], ledger: Ledger) -> None:
        """Prepare; nothing is sent yet.

        Raises:
            SettingsError: The settings name a server, but no model.
        """
        self._settings, self._documents = settings, documents
        self._client = Client(settings)
        self._archive = Archive(documents, ledger)
        readable = {name: document.readable for name, document in documents.items()}
        self._toolbox = Toolbox(self._archive, ledger.with_texts(readable))

    def write(self, answer: Answer, hits: Sequence[Hit]) -> Iterator[str | Answer]:
        """Put an answer into the model's words.

        Args:
            answer: The extractive answer. One that abstains is given back as it is, and the model is not asked: what
                it claimed beyond that could not be proven.
            hits: Passages retrieved for the question, best first.

        Yields:
            Checked sentences with their markers, as they come; then the answer, which is the extractive one with a
            notice where the sentences do not answer or the server failed.
        """
        if answer.status is Status.ABSTAINED:
            yield answer
            return
        start = perf_counter()
        evidence = self._archive.gather(answer, hits, _computation(answer))
        session = _Session(answer, evidence, cast("Language", answer.language))
        notice = ""
        try:
            yield from self._sentences(session)
        except ReplyError as failure:
            notice = _trouble_notice(failure.trouble, session.language)
        final = self._finish(session, notice)
        timings = {**answer.timings_ms, "generate": 1000 * (perf_counter() - start)}
        yield replace(final, timings_ms=timings)

    # ── the conversation with the model ──

    def _sentences(self, session: _Session) -> Iterator[str]:
        self._client.prepare()
        deadline = monotonic() + self._settings.llm_timeout
        question = questions.core(session.answer.standalone_question)
        conversation = prompt.messages(question, session.evidence, session.language)
        tools: Sequence[dict[str, Any]] = SPECIFICATIONS if self._settings.llm_tools else ()
        for _ in range(MAX_ROUNDS):
            try:
                calls = yield from self._reply(session, conversation, deadline, tools)
            except ReplyError as error:
                if not tools or error.status not in _WITHOUT_TOOLS:
                    raise
                tools = ()
                continue
            if not calls or session.is_full:
                return
            conversation += self._run(calls, session)

    def _reply(
        self, session: _Session, conversation: Sequence[ChatMessage], deadline: float, tools: Sequence[dict[str, Any]]
    ) -> Generator[str, None, list[Call]]:
        """Take one reply; yield its sentences that stand and return the calls of tools it ends in."""
        calls: list[Call] = []
        for piece in self._client.stream(conversation, deadline, tools, lambda: not session.kept):
            if isinstance(piece, Call):
                calls.append(piece)
            elif piece is None:
                session.restart()
            else:
                yield from session.take(piece)
            if session.is_full:
                return []
        yield from session.end_reply()
        return calls[:MAX_CALLS]

    def _run(self, calls: Sequence[Call], session: _Session) -> list[ChatMessage]:
        """Run the tools that were called; return the messages that tell the model."""
        from llama_index.core.base.llms.types import ChatMessage, MessageRole, ToolCallBlock

        blocks = [ToolCallBlock(tool_call_id=c.id, tool_name=c.name, tool_kwargs=c.arguments) for c in calls]
        told = [ChatMessage(role=MessageRole.ASSISTANT, blocks=list(blocks))]
        for call in calls:
            session.evidence, reply = self._toolbox.call(call.name, call.arguments, session.evidence, session.language)
            told.append(ChatMessage(role=MessageRole.TOOL, content=reply, additional_kwargs={"tool_call_id": call.id}))
        return told

    # ── the answer ──

    def _finish(self, session: _Session, notice: str) -> Answer:
        checked = Checked(tuple(session.drafted))
        used = not notice and _says(session.answer, checked.kept, session.language)
        generated = Generated(
            self._client.model, self._client.scrub(session.raw), session.answer.text, used, len(checked.kept),
            tuple((self._client.scrub(s.raw.strip()), str(s.verdict)) for s in checked.removed),
            tuple(self._client.scrub(number) for number in checked.blocked_numbers),
        )  # fmt: skip
        if not used:
            notice = notice or _NOT_PROVEN[session.language]
            return replace(session.answer, generated=generated, notice=notice)
        answer = replace(self._told(session, checked), generated=generated)
        verify(answer, self._documents)
        return answer

    def _told(self, session: _Session, checked: Checked) -> Answer:
        """Return the answer in the model's words, with everything that proves them."""
        figures = {cited.figure.id: cited for cited in session.answer.figures}
        for sentence in checked.kept:
            for figure in (
                *(row.figure for row in sentence.rows),
                *(f for c in sentence.computations for f in c.operands),
            ):
                number = session.number(figure.document, figure.sentence)
                figures.setdefault(figure.id, CitedFigure(figure, number))
        citations = tuple(
            cite(number, self._documents[document], span) for (document, span), number in session.numbers.items()
        )
        formulas = [session.answer.formula, *(c.formula for s in checked.kept for c in s.computations)]
        shown = "; ".join(dict.fromkeys(formula for formula in formulas if formula))
        return replace(
            session.answer, text=session.text, citations=citations, formula=shown or None,
            figures=tuple(figures.values()),
        )  # fmt: skip


@dataclass(slots=True)
class _Session:
    """One answer on its way: what was written, what stood, and the numbers of what is cited."""

    answer: Answer
    evidence: Evidence
    language: Language
    drafted: list[Sentence] = field(default_factory=list)
    text: str = ""
    numbers: dict[tuple[str, Span], int] = field(default_factory=dict)
    _earlier: str = ""
    _reply: list[str] = field(default_factory=list)
    _rest: str = ""
    _may_end: bool = False

    def __post_init__(self) -> None:
        self.numbers = {(c.document, c.span): c.index for c in self.answer.citations}

    @property
    def raw(self) -> str:
        """Everything written."""
        return self._earlier + "".join(self._reply)

    @property
    def kept(self) -> list[Sentence]:
        return [sentence for sentence in self.drafted if sentence.verdict is Verdict.KEPT]

    @property
    def is_full(self) -> bool:
        return len(self.kept) >= MAX_SENTENCES or len(self.drafted) >= MAX_DRAFTED

    def restart(self) -> None:
        """Forget a reply that broke off; nothing of it was shown."""
        self._reply, self._rest, self._may_end = [], "", False
        self.drafted.clear()

    def take(self, piece: str) -> Iterator[str]:
        """Take a piece of the reply; yield the sentences that it completes and that stand."""
        self._reply.append(piece)
        self._rest += piece
        self._may_end = self._may_end or not MAY_END.isdisjoint(piece)
        if self._may_end:
            sentences, self._rest = begin(self._rest)
            self._may_end = not MAY_END.isdisjoint(self._rest)
            yield from self._check(sentences)

    def end_reply(self) -> Iterator[str]:
        """Take the reply as finished; yield what stands of its rest."""
        yield from self._check(split(self._rest))
        if self.raw[len(self._earlier) :].strip():
            self._earlier = f"{self.raw}\n"
        self._reply, self._rest, self._may_end = [], "", False

    def _check(self, sentences: Sequence[str]) -> Iterator[str]:
        for raw in sentences:
            if self.is_full:
                return
            sentence = check_sentence(raw, self.evidence, self.language, self.drafted)
            self.drafted.append(sentence)
            if sentence.verdict is Verdict.KEPT:
                yield self._show(sentence)

    def _show(self, sentence: Sentence) -> str:
        numbers = tuple(dict.fromkeys(self.number(source.document, source.span) for source in sentence.sources))
        gap = " " if self.text and self.language == "en" else ""
        shown = gap + with_markers(sentence.text, numbers)
        self.text += shown
        return shown

    def number(self, document: str, sentence: Span) -> int:
        """Return the number of the citation that has a sentence; a new one where there is none."""
        for (name, span), number in self.numbers.items():
            if name == document and span.contains(sentence):
                return number
        self.numbers[(document, sentence)] = len(self.numbers) + 1
        return len(self.numbers)


# ── whether prose answers ───────────────────────────────────────────────────────────────────


def _says(answer: Answer, kept: Sequence[Sentence], language: Language) -> bool:
    """Tell whether checked prose says what the extractive answer does: its figures, or most of its words."""
    if not kept:
        return False
    stated = [quantity for sentence in kept for quantity in sentence.stated]
    if answer.status is Status.CONFLICT and answer.formula is None:
        return all(any(holds(q, cited.figure.quantity) for q in stated) for cited in answer.figures)
    if (done := _computation(answer)) is not None:
        return any(result in stated for result in results_of(done))
    if answer.figures:
        return any(holds(quantity, answer.figures[0].figure.quantity) for quantity in stated)
    places = {(citation.document, citation.span) for citation in answer.citations}
    cited = any(d == s.document and span.overlaps(s.span) for k in kept for s in k.sources for d, span in places)
    if language == "en":
        return cited
    prose = fold(" ".join(sentence.text for sentence in kept))
    return cited and coverage(content_words(answer.text, language, prose), prose) >= LEAST_SAID


def _computation(answer: Answer) -> Computation | None:
    """Return the arithmetic of a computed answer."""
    if answer.formula is None or answer.result is None:
        return None
    figures = tuple(cited.figure for cited in answer.figures)
    is_difference = " − " in answer.formula and "÷" not in answer.formula
    approx = Approx.ABOUT if any(figure.quantity.approx for figure in figures) else None
    return Computation(
        "difference" if is_difference else "", answer.result.value, answer.result.text, answer.result.unit,
        answer.formula, figures, approx,
    )  # fmt: skip


def _trouble_notice(trouble: Trouble, language: Language) -> str:
    place = ("zh-Hant", "zh-Hans", "en").index(language)
    return _TROUBLE[trouble][place] + _INSTEAD[language]
