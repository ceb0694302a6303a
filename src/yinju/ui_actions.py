"""What a reader can do with an answer: copy it, link to it, ask again, say whether it is right."""

from __future__ import annotations

from urllib.parse import quote

from yinju.types import Answer, Citation, Turn
from yinju.ui_document import FILLER, Texts, escape


def render_actions(turn: Turn, words: Texts) -> str:
    """Return the row of buttons under an answer; what they copy stands on them as ``data-copy``."""
    answer = turn.answer
    copied = [("copy", words["copy"], f'data-copy="{escape(answer.text)}"')]
    if answer.citations:
        copied.append(("copy", words["copy_cited"], f'data-copy="{escape(cited_text(answer, words))}"'))
    link = f'data-link="?q={quote(answer.standalone_question or turn.question, safe="")}"'
    others = [("link", words["link"], link), ("retry", words["retry"], "")]
    others += [("right", words["right"], ""), ("wrong", words["wrong"], "")]
    row = "".join(_button(*each) for each in (*copied, *others))
    return (
        f'<div class="actions" role="group" aria-label="{escape(words["actions"])}">{row}</div>'
        f'<form class="correction" hidden><input maxlength="500" dir="auto" aria-label="{escape(words["correction"])}" '
        f'placeholder="{escape(words["correction"])}"><button class="action">'
        f"{escape(words['send_verdict'])}</button></form>"
    )


def _button(name: str, label: str, attributes: str = "") -> str:
    return f'<button type="button" class="action" data-action="{name}" {attributes}>{escape(label)}</button>'


def cited_text(answer: Answer, words: Texts) -> str:
    """Return the answer as plain text with its proof below it, one quotation a line."""
    lines = [answer.text]
    if answer.formula:
        lines.append(answer.formula)
    return "\n".join([*lines, *(_reference(citation, words, answer.language) for citation in answer.citations)])


def _reference(citation: Citation, words: Texts, language: str) -> str:
    place = citation.document
    if citation.page is not None:
        place += f", {words['page'].format(n=citation.page)}"
    reading = f" ≈ {citation.repaired.replace(FILLER, '')}" if citation.repaired else ""
    quoted = f"“{citation.quote}”" if language == "en" else f"「{citation.quote}」"
    return f"[{citation.index}] {quoted}{reading} ({place}, {citation.span.start}–{citation.span.end})"
