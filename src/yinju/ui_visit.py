"""Who asks, and in which language: read from a request's cookies and headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from yinju.errors import YinjuError
from yinju.text import Language, has_language, to_language
from yinju.types import Answer, Reason
from yinju.ui_document import LANGUAGES, Texts, page_language, texts
from yinju.ui_gate import visitor
from yinju.wording import abstention

LANGUAGE_COOKIE = "yinju_language"
SCRIPT_COOKIE = "yinju_script"
Phrases = tuple[tuple[str, re.Pattern[str]], ...]
"""Patterns of what the program says in English, each with the key of the page's words for it."""


def phrases(*pairs: tuple[str, str]) -> Phrases:
    """Compile pairs of key and pattern."""
    return tuple((key, re.compile(pattern, re.DOTALL)) for key, pattern in pairs)


def match(known: Phrases, said: str) -> tuple[str, dict[str, str]] | None:
    """Return the key of the first phrase that is what was said, and its named parts."""
    return next(((key, found.groupdict()) for key, pattern in known if (found := pattern.fullmatch(said))), None)


# What the stages say in English → the page's words for it; ``name`` is a file's, ``first`` holds another sentence.
_SENTENCES = phrases(
    ("empty_question", r"The question is empty\."),
    ("told_question", r"The question has (?P<n>\d+) characters; at most (?P<limit>\d+) are allowed\."),
    ("", r"None of the \d+ files in .+ can be indexed; the first: (?P<first>.+)"),
    ("told_count", r"At most (?P<n>\d+) documents can be kept here\."),
    ("told_total", r"Together these are more than (?P<n>\d+) MB\."),
    ("told_crowd", r"Too many people keep documents here at the moment\."),
    ("told_cookie", r"Without a session there is no place for documents\."),
    ("told_correction", r"A correction has at most (?P<n>\d+) characters\."),
    ("told_full", r"The file of verdicts is full\."),
    ("told_type", r"(?P<name>.+) is of a type that cannot be read\."),
    ("told_large", r"(?P<name>.+) is larger than (?P<limit>[\d.e+]+) MB\."),
    ("told_large", r".+ has [\d.]+ MiB, more than the (?P<limit>[\d.e+]+) allowed\."),
    ("told_locked", r".+ is protected by a password(?: or is an old \.doc file)?\."),
    ("told_scan", r".+ is a PDF without text, as a scan is\."),
    ("told_broken", r".+ is a (?:PDF|DOCX file|CSV file) that cannot be read \(.+\)\."),
    ("told_bomb", r".+ unpacks to more than (?P<n>[\d,]+) (?:characters|bytes)\."),
    ("told_binary", r".+ is a binary file\."),
    ("told_encoding", r".+ is in no encoding that is known here\."),
    ("told_no_text", r".+ (?:has no text in it|holds no text)\."),
    ("told_empty", r".+ is empty\."),
    (
        "told_unreadable",
        r".+ (?:is not a file|does not exist \(any more\)|may not be read by this user|cannot be read \(.+\)"
        r"|changed while it was read)\.",
    ),
)


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
        """Return a Chinese answer in the script wanted; quotations and figures stay as the author wrote them.

        Where a question is none and its characters are of no language (12345), the hint is in that of the page.
        """
        if answer.reason is Reason.NOT_A_QUESTION and not has_language(answer.question):
            hint = abstention(Reason.NOT_A_QUESTION, "", "", self.language)
            return replace(answer, text=hint, language=self.language)
        if self.script is None or not answer.language.startswith("zh") or answer.language == self.script:
            return answer
        result = answer.result and replace(answer.result, text=to_language(answer.result.text, self.script))
        return replace(answer, text=to_language(answer.text, self.script), result=result, language=self.script)

    def told(self, error: YinjuError) -> str:
        """Say in the page's language what happened and what to do next; what has no such words stays as it is."""
        return self._told(error.message, names_file=True) or f"{error.message} {error.hint}"

    def reason(self, error: YinjuError) -> str:
        """Say why a file was left out, to stand behind its name."""
        return self._told(error.message, names_file=False) or f"{error.message} {error.hint}"

    def _told(self, message: str, names_file: bool) -> str:
        found = match(_SENTENCES, message)
        if found is None:
            return ""
        key, values = found
        if "first" in values:
            return self._told(values["first"], names_file)
        said = self.words[key].format(**values)
        name = values.get("name") if names_file else None
        return self.words["skipped"].format(name=name, why=said) if name else said


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
