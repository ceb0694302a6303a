"""Who asks, and in which language: read from a request's cookies and headers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from yinju.text import Language, to_language
from yinju.types import Answer
from yinju.ui_document import LANGUAGES, Texts, page_language, texts
from yinju.ui_gate import visitor

LANGUAGE_COOKIE = "yinju_language"
SCRIPT_COOKIE = "yinju_script"


@dataclass(frozen=True, slots=True)
class Visit:
    """What one request says of the visitor.

    Attributes:
        visitor: Their name for the server; empty where they have none.
        language: Of the page: chosen by them, or that of the browser.
        script: The script they want Chinese answers in; ``None`` leaves an answer in that of its question.
    """

    visitor: str
    language: Language
    script: Language | None

    @property
    def words(self) -> Texts:
        """The page's words in the visitor's language."""
        return texts(self.language)

    def asked(self, questions: Sequence[str]) -> tuple[str, ...]:
        """Return suggested questions in the script of the page; those of an English page stay as they are."""
        if self.language == "en":
            return tuple(questions)
        return tuple(to_language(question, self.language) for question in questions)

    def written(self, answer: Answer) -> Answer:
        """Return a Chinese answer in the script wanted; quotations and figures stay as the author wrote them."""
        if self.script is None or not answer.language.startswith("zh") or answer.language == self.script:
            return answer
        result = answer.result and replace(answer.result, text=to_language(answer.result.text, self.script))
        return replace(answer, text=to_language(answer.text, self.script), result=result, language=self.script)


def visit_of(request: Any) -> Visit:
    """Read a request (``gr.Request``, or ``None`` where Gradio has none)."""
    if request is None:
        return Visit("", "en", None)
    cookies = dict(request.cookies or {})
    chosen = _language(cookies.get(LANGUAGE_COOKIE))
    script = _language(cookies.get(SCRIPT_COOKIE))
    return Visit(
        visitor(cookies, getattr(request, "session_hash", None)),
        chosen or page_language(request.headers.get("accept-language", "")),
        script if script != "en" else None,
    )


def _language(value: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == value), None)
