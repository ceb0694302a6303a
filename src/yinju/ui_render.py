"""The conversation as HTML: pure functions from answers to escaped text.

Nothing that comes from a document, a question or a model reaches the page but through
:func:`yinju.ui_document.escape`. A citation's offsets stand on everything that leads to it as ``data-start`` and
``data-end``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from time import monotonic_ns

from yinju.text import Language
from yinju.types import Answer, Citation, CitedFigure, Document, Figure, Status, Turn, plain
from yinju.ui_actions import render_actions
from yinju.ui_cite import chip_of, figures_of, render_chip, render_formula, render_sources
from yinju.ui_document import LANGUAGES, Texts, escape
from yinju.wording import as_written, unit_name

# How an answer's text points to its citations.
_WIDE_MARKS = tuple("。，、；：！？")
_MARKER = re.compile(r"\[([1-9]\d?)\]")
_YEAR = re.compile(r"\s*[（(](\d{4})年?[)）]$")


# ── the conversation ────────────────────────────────────────────────────────────────────────


def render_welcome(examples: Sequence[str], words: Texts) -> str:
    """Return what an empty conversation shows: what this is, and questions to start from."""
    listed = f"<h3>{escape(words['examples'])}</h3>{_buttons(examples)}" if examples else ""
    return (
        f'<div class="welcome"><h2>{escape(words["welcome"])}</h2>'
        f'<p class="wide">{escape(words["welcome_note"])}</p>'
        f'<p class="narrow">{escape(words["welcome_note_narrow"])}</p>'
        f"{listed}</div>"
    )


def render_conversation(
    turns: Sequence[Turn],
    words: Texts,
    examples: Sequence[str] = (),
    *,
    pending: str = "",
    asked: str = "",
    written: str = "",
    documents: Mapping[str, Document] | None = None,
    kept: str = "",
    conversation: str = "",
    replaces: bool = False,
    ended: str = "",
    follow_ups: Sequence[str] = (),
) -> str:
    """Return the whole conversation.

    Args:
        turns: What was asked and answered, oldest first.
        words: The page's words.
        examples: Questions that an empty conversation shows.
        pending: A question whose answer is still being looked for.
        asked: Which question of the browser that is.
        written: What a language model has written of it so far.
        documents: What is cited is compared with these, if given; an answer whose words are gone says so.
        kept: Record of the last turn, for the browser to keep.
        conversation: Where the browser keeps that record.
        replaces: Whether that record takes its predecessor's place.
        ended: Which question of the browser is answered, or refused, with this.
        follow_ups: Questions to go on with.
    """
    # The browser compares with what it was sent before, and its script has shown a question since.
    attributes = f'class="talk" data-at="{monotonic_ns()}" data-ended="{escape(ended)}"'
    if not turns and not pending:
        return f"<div {attributes}>{render_welcome(examples, words)}</div>"
    last = len(turns)
    if kept:
        kept = f' data-record="{escape(kept)}" data-conversation="{escape(conversation)}"'
        kept += f' data-replaces="{str(replaces).lower()}"'
    parts = [
        render_turn(turn, number, words, documents=documents, more=kept if number == last else "")
        for number, turn in enumerate(turns, 1)
    ]
    if pending:
        parts.append(
            f'<article class="turn" data-turn="{last + 1}" data-status="pending" data-asked="{escape(asked)}">'
            f"{_question(pending)}"
            f'{f"""<p class="text">{escape(written)}</p>""" if written else ""}'
            f'<p class="thinking" role="status">{escape(words["thinking"])}</p>'
            f'<button type="button" class="action" data-action="stop">{escape(words["stop"])}</button></article>'
        )
    elif follow_ups:
        parts.append(f'<section class="next"><h3>{escape(words["follow_ups"])}</h3>{_buttons(follow_ups)}</section>')
    return f'<div {attributes} role="log" aria-label="{escape(words["conversation"])}">{"".join(parts)}</div>'


def _buttons(questions: Sequence[str]) -> str:
    buttons = "".join(
        f'<li><button type="button" class="example" data-question="{escape(question)}">{escape(question)}</button></li>'
        for question in questions
    )
    return f'<ul class="examples">{buttons}</ul>'


def render_turn(
    turn: Turn, number: int, words: Texts, *, documents: Mapping[str, Document] | None = None, more: str = ""
) -> str:
    """Return one question and its answer; ``more`` are attributes for the element, escaped already."""
    answer = turn.answer
    parts = [_question(turn.question), _understood(answer, turn.question, words)]
    body = [_badge(answer, words), _headline(answer, words), _prose(answer, words), render_formula(answer, words)]
    body += [_figures(answer, words), render_sources(answer, words), _changed(answer, documents, words)]
    body += [_buttons(answer.choices) if answer.choices else ""]
    body += [render_actions(turn, words), _timings(answer, words)]
    parts.append(f'<div class="answer {answer.status}" lang="{escape(answer.language)}">{"".join(body)}</div>')
    return f'<article class="turn" data-turn="{number}" data-status="{answer.status}"{more}>{"".join(parts)}</article>'


def _changed(answer: Answer, documents: Mapping[str, Document] | None, words: Texts) -> str:
    """Say so where a document was removed, or a citation is no longer what its document has at this place."""
    if documents is None:
        return ""
    gone = dict.fromkeys(cited.document for cited in answer.citations if cited.document not in documents)
    said = [words["gone"].format(name=name) for name in gone]
    if not all(_stands(citation, documents) for citation in answer.citations if citation.document not in gone):
        said.append(words["changed"])
    return "".join(f'<p class="repaired">{escape(line)}</p>' for line in said)


def _stands(citation: Citation, documents: Mapping[str, Document]) -> bool:
    document = documents.get(citation.document)
    return document is not None and citation.span.of(document.text) == citation.quote


def _question(question: str) -> str:
    return f'<h2 class="question" dir="auto">{escape(question)}</h2>'


def _understood(answer: Answer, question: str, words: Texts) -> str:
    if answer.standalone_question.strip() in ("", question.strip()):
        return ""
    return (
        f'<p class="understood">{escape(words["understood"])} <q dir="auto">{escape(answer.standalone_question)}</q> '
        f'<button type="button" class="action" data-action="edit" data-text="{escape(answer.standalone_question)}">'
        f"{escape(words['edit'])}</button></p>"
    )


def _badge(answer: Answer, words: Texts) -> str:
    if answer.status is Status.ANSWERED:
        return ""
    why = f"<span>{escape(words[f'reason_{answer.reason}'])}</span>" if answer.reason else ""
    return f'<p class="badge"><strong>{escape(words[str(answer.status)])}</strong>{why}</p>'


def _headline(answer: Answer, words: Texts) -> str:
    """The value large, with whom, what and when; the values side by side where they differ."""
    if answer.status is Status.CONFLICT and len(answer.figures) > 1:
        cards = "".join(_card(cited, answer, words) for cited in answer.figures)
        return f'<div class="versus">{cards}</div>'
    if answer.result is None or answer.status is not Status.ANSWERED:
        return ""
    of = _subject(answer.figures[0].figure) if len(answer.figures) == 1 and not answer.formula else ""
    of = f'<span class="of">{escape(of)}</span>' if of else ""
    chips = "".join(_chips(answer, words).values()) if _says_no_more(answer) else ""
    return f'<p class="result"><span class="value">{escape(answer.result.text)}{chips}</span>{of}</p>'


def _says_no_more(answer: Answer) -> bool:
    """Tell whether the answer's text only repeats the headline: the value, maybe with the year it is of."""
    if answer.result is None or answer.status is not Status.ANSWERED:
        return False
    text = _MARKER.sub("", answer.text).strip().rstrip("。.")
    year = _YEAR.search(text)
    if year and len(answer.figures) == 1 and not answer.formula and answer.figures[0].figure.period == year[1]:
        text = text[: year.start()]
    return text.strip() == answer.result.text.strip()


def _card(cited: CitedFigure, answer: Answer, words: Texts) -> str:
    chip = chip_of(cited, answer.citations, words)
    value = as_written(cited.figure.quantity, _language(answer))
    return (
        f'<div class="card"><span class="value">{escape(value)}{chip}</span>'
        f'<span class="of">{escape(_subject(cited.figure))}</span></div>'
    )


def _subject(figure: Figure) -> str:
    metric = figure.metric if figure.per in figure.metric else figure.per + figure.metric
    return " · ".join(part for part in (figure.entity, metric, figure.period) if part)


def _prose(answer: Answer, words: Texts) -> str:
    """The answer's text; its markers ``[1]`` become chips, and citations without a marker follow at the end."""
    if _says_no_more(answer):
        return ""
    chips = _chips(answer, words)
    marked = {int(number) for number in _MARKER.findall(answer.text)} & set(chips)
    if not marked and len(chips) > 1:
        body, marked = _after_figures(answer, chips)
    else:
        body = "\n".join(_with_chips(line, chips) for line in answer.text.strip().splitlines())
    body += "".join(chip for index, chip in chips.items() if index not in marked)
    return '<div class="text">' + "".join(f"<p>{line}</p>" for line in body.split("\n") if line.strip()) + "</div>"


def _with_chips(line: str, chips: Mapping[int, str]) -> str:
    parts = _MARKER.split(line)
    pieces = [escape(parts[0])]
    for number, after in zip(parts[1::2], parts[2::2], strict=True):
        chip = chips.get(int(number))
        pieces += [chip, _behind_chip(after)] if chip else [f"[{number}]", escape(after)]
    return "".join(pieces)


def _behind_chip(text: str) -> str:
    """Text behind a chip; a mark as wide as a character stands in the middle of it and is brought nearer."""
    if text[:1] not in _WIDE_MARKS:
        return escape(text)
    return f'<span class="behind">{text[:1]}</span>{escape(text[1:])}'


def _after_figures(answer: Answer, chips: Mapping[int, str]) -> tuple[str, set[int]]:
    """Put each chip behind the figure it proves; return the HTML and the citations that found a place."""
    text, pieces, position = answer.text.strip(), list[str](), 0
    placed: set[int] = set()
    for cited in answer.figures:
        surface = cited.figure.quantity.surface
        found = text.find(surface, position) if surface and cited.citation in chips else -1
        if found >= 0 and cited.citation not in placed:
            end = found + len(surface)
            before = _behind_chip if placed else escape
            pieces.append(before(text[position:end]) + chips[cited.citation])
            placed.add(cited.citation)
            position = end
    rest = text[position:]
    return "".join(pieces) + (_behind_chip(rest) if placed else escape(rest)), placed


def _chips(answer: Answer, words: Texts) -> dict[int, str]:
    return {citation.index: render_chip(citation, figures_of(answer, citation), words) for citation in answer.citations}


def _figures(answer: Answer, words: Texts) -> str:
    """The figures used as a list, each with its exact value in the base unit, unless the headline says it all."""
    if not answer.figures or answer.status is Status.CONFLICT:
        return ""
    if len(answer.figures) == 1 and not answer.formula and not _exact(answer.figures[0].figure, answer, words):
        return ""
    rows = "".join(_figure_row(cited, answer, words) for cited in answer.figures)
    return f'<section class="figures"><h3>{escape(words["figures"])}</h3><ul>{rows}</ul></section>'


def _figure_row(cited: CitedFigure, answer: Answer, words: Texts) -> str:
    chip = chip_of(cited, answer.citations, words)
    exact = _exact(cited.figure, answer, words)
    exact = f'<span class="exact">{escape(exact)}</span>' if exact else ""
    return (
        f'<li><span class="surface">{escape(cited.figure.quantity.surface)}</span>{exact}'
        f'<span class="of">{escape(_subject(cited.figure))}</span>{chip}</li>'
    )


def _language(answer: Answer) -> Language:
    return next((known for known in LANGUAGES if known == answer.language), "en")


def _exact(figure: Figure, answer: Answer, words: Texts) -> str:
    """The value written out in its base unit where the text uses a scale word (億, 萬), else nothing."""
    quantity = figure.quantity
    if abs(quantity.scale) in (0, 1) or quantity.scale < 1:
        return ""
    whole, _, fraction = plain(quantity.value).partition(".")
    value = f"{int(whole):,}{'.' if fraction else ''}{fraction} {unit_name(quantity.unit, _language(answer))}".strip()
    return words["exact"].format(value=value)


def _timings(answer: Answer, words: Texts) -> str:
    total = answer.timings_ms.get("total")
    if total is None:
        return ""
    stages = "".join(
        f"<li>{escape(words.get(f'stage_{stage}', stage))} {ms:.1f}</li>"
        for stage, ms in answer.timings_ms.items()
        if stage != "total"
    )
    shown = escape(words["time"].format(ms=f"{total:.0f}"))
    return f'<details class="timings"><summary>{shown}</summary><ul>{stages}</ul></details>'
