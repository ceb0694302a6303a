"""The web page: a Gradio chat beside the documents, and the same answers over HTTP and MCP.

The page asks nothing of the network: system fonts, no analytics, every file from this server. A conversation
lives in the session's own ``gr.State``; the assistant holds none. How things look is in ``ui_document.py``,
``ui_render.py`` and ``assets/``.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Sequence
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from yinju.errors import IndexMissingError, YinjuError
from yinju.suggest import suggest_questions
from yinju.text import Language
from yinju.types import Turn
from yinju.ui_document import escape, page_language, render_document, render_reader, texts
from yinju.ui_frame import render_masthead
from yinju.ui_render import render_conversation

if TYPE_CHECKING:
    from yinju.assistant import Assistant
    from yinju.config import Settings

logger = logging.getLogger(__name__)

Turns = tuple[Turn, ...]
SESSION_SECONDS = 24 * 60 * 60
"""A conversation nobody has touched for so long is forgotten."""
MAX_TURNS_SHOWN = 100
"""Only the latest turns are kept in a conversation, so that a session's memory has a bound."""
ASK_DESCRIPTION = """Answer a question from the indexed documents, with verbatim citations.

Args:
    question: The question, in Chinese or English.
    history: Earlier questions of the same conversation, oldest first.

Returns:
    The answer as JSON: status, answer, result, figures, formula, citations (document, start, end, quote), reason.
"""
_ASK_LANE = "ask"
"""Gradio's concurrency group of everything that uses the model: one question at a time."""


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the page until interrupted; builds the index first where there is none but there are documents.

    Raises:
        YinjuError: There is nothing to serve, or the address cannot be used.
    """
    from rich.console import Console

    console = Console(stderr=True)
    assistant = _open_or_build(settings, console.print)
    page = build_page(assistant)
    try:
        page.launch(server_name=host, server_port=port, prevent_thread_lock=True, **launch_options())
    except OSError as error:
        raise YinjuError(
            f"The page cannot be served on {host}:{port}: {error}.",
            f"Stop what listens there, or choose another port: `yinju serve --port {port + 1}`.",
        ) from error
    console.print(f"yinju is ready: {page.local_url} (stop with Ctrl+C)", highlight=False, markup=False)
    page.block_thread()


def build_page(assistant: Assistant) -> gr.Blocks:
    """Return the page over one assistant, not yet served; launch it with :func:`launch_options`."""
    return _Page(assistant).blocks


def launch_options() -> dict[str, Any]:
    """Return the arguments of ``gr.Blocks.launch`` that make the page look and behave as meant."""
    font = ["PingFang TC", "Microsoft JhengHei", "Noto Sans CJK TC", "sans-serif"]
    with resources.as_file(resources.files("yinju") / "assets") as assets:
        return {
            "quiet": True,
            "share": False,
            "ssr_mode": False,
            "pwa": False,
            "run_history": False,
            "footer_links": [],
            "mcp_server": True,
            "enable_monitoring": False,
            "theme": gr.themes.Base(font=font, font_mono=["ui-monospace", "monospace"]),
            # As `css`, Gradio would rewrite every selector and lose `:is()` and `font` with variables on the way.
            "head": f"<style>{_asset('page.css')}</style>",
            "favicon_path": Path(assets) / "favicon.svg",
        }


def _asset(name: str) -> str:
    return resources.files("yinju").joinpath("assets", name).read_text(encoding="utf-8")


def _open_or_build(settings: Settings, say: Any) -> Assistant:
    from yinju.assistant import Assistant
    from yinju.index import build_index, load_index

    try:
        return Assistant(load_index(settings))
    except IndexMissingError:
        if not settings.seeds.exists():
            raise
    say(
        f"There is no index in {settings.index} yet; building it from {settings.seeds} …", highlight=False, markup=False
    )
    build_index([settings.seeds], settings)
    return Assistant(load_index(settings))


class _Page:
    """Components and handlers of one page; holds no state of any session."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._documents = dict(assistant.index.documents)
        figures = list(assistant.index.ledger)
        self._n_figures = len(figures)
        self._examples = suggest_questions(figures, self._documents, assistant.ask)
        self.blocks = self._lay_out()

    # ── layout ──────────────────────────────────────────────────────────────────────────────

    def _lay_out(self) -> gr.Blocks:
        with gr.Blocks(title="引據 yinju", analytics_enabled=False, fill_width=True, fill_height=True) as blocks:
            turns = gr.State((), time_to_live=SESSION_SECONDS)
            masthead = gr.HTML(elem_id="masthead", apply_default_css=False)
            with gr.Row(elem_id="workspace"):
                with gr.Column(elem_id="talk-column"):
                    conversation = gr.HTML(
                        elem_id="conversation", apply_default_css=False, js_on_load=_asset("conversation.js")
                    )
                    question, new = self._composer()
                with gr.Column(elem_id="reader-column"):
                    reader = gr.HTML(
                        elem_id="reader",
                        apply_default_css=False,
                        js_on_load=_asset("page.js"),
                        server_functions=[self._document_reader()],
                    )
            quiet = {"show_progress": "hidden", "api_visibility": "private"}
            asking = {"inputs": [question, turns], "outputs": [conversation, question, turns], **quiet}
            blocks.load(self._greet, [turns], [masthead, conversation, reader, question, new], **quiet)
            question.submit(self._ask, concurrency_id=_ASK_LANE, concurrency_limit=1, **asking)
            conversation.click(
                self._ask_example, [turns], asking["outputs"], concurrency_id=_ASK_LANE, concurrency_limit=1, **quiet
            )
            new.click(self._begin_again, None, [conversation, question, turns], queue=False, **quiet)
            self._add_endpoints()
        return blocks

    def _composer(self) -> tuple[Any, Any]:
        with gr.Row(elem_id="composer"):
            question = gr.Textbox(
                elem_id="question", show_label=False, container=False, lines=1, max_lines=6, submit_btn=True
            )
            new = gr.Button("…", elem_id="new", variant="secondary")
        return question, new

    # ── what the page does ──────────────────────────────────────────────────────────────────

    def _greet(self, turns: Turns, request: gr.Request) -> tuple[Any, ...]:
        """Fill the page in the language of the reader's browser."""
        language = _language_of(request)
        words = texts(language)
        return (
            render_masthead(len(self._documents), self._n_figures, words),
            render_conversation(turns, words, self._examples),
            render_reader(self._documents, words, language),
            gr.Textbox(placeholder=words["placeholder"], label=words["placeholder"]),
            gr.Button(words["new"]),
        )

    def _ask(self, question: str, turns: Turns, request: gr.Request) -> Iterator[tuple[str, str, Turns]]:
        """Show the question at once, then the answer; after an error the question goes back into the box."""
        words = texts(_language_of(request))
        question = question.strip()
        if not question:
            raise gr.Error(words["empty_question"], title="引據", print_exception=False)
        yield render_conversation(turns, words, pending=question), "", turns
        try:
            answered = (*turns, Turn(question, self._assistant.answer(question, turns)))[-MAX_TURNS_SHOWN:]
        except Exception as error:  # the page's edge: the user gets a sentence, the log the traceback
            yield render_conversation(turns, words, self._examples), question, turns
            raise self._shown(error, words["failed"]) from error
        yield render_conversation(answered, words), "", answered

    def _ask_example(self, turns: Turns, event: gr.EventData, request: gr.Request) -> Iterator[tuple[str, str, Turns]]:
        yield from self._ask(str(getattr(event, "question", "")), turns, request)

    def _begin_again(self, request: gr.Request) -> tuple[str, str, Turns]:
        return render_conversation((), texts(_language_of(request)), self._examples), "", ()

    def _shown(self, error: Exception, otherwise: str) -> gr.Error:
        """The error as the page shows it: one sentence and the next step, escaped."""
        if not isinstance(error, YinjuError):
            logger.error("a question failed", exc_info=error)
            return gr.Error(escape(otherwise), title="引據", print_exception=False)
        logger.info("a question was refused: %s", error)
        text = escape(f"{error.message} {error.hint}")
        return gr.Error(text, title="引據", print_exception=False)

    def _document_reader(self) -> Any:
        """The function the page's script calls to get another document as HTML."""

        def read_document(name: str, request: gr.Request) -> str:
            document = self._documents.get(name)
            return "" if document is None else render_document(document, texts(_language_of(request)))

        return read_document

    # ── for programs ────────────────────────────────────────────────────────────────────────

    def _add_endpoints(self) -> None:
        """Offer ``/ask`` over HTTP, and an MCP tool ``ask`` that gives the same value as JSON text.

        They are two because Gradio hands an MCP client ``str()`` of what an endpoint returns: for a ``dict``,
        Python's notation instead of JSON.
        """

        def ask_as_value(question: str, history: list[str] | None = None) -> dict[str, Any]:
            return self._answer_json(question, history or ())

        def ask(question: str, history: list[str] | None = None) -> str:
            return json.dumps(self._answer_json(question, history or ()), ensure_ascii=False)

        ask_as_value.__doc__ = ask.__doc__ = ASK_DESCRIPTION
        # Gradio lists as tools what carries no type of its own or the type "tool".
        ask_as_value._mcp_type = "http"  # type: ignore[attr-defined]
        lane = {"concurrency_id": _ASK_LANE, "concurrency_limit": 1}
        gr.api(ask_as_value, api_name="ask", **lane)
        gr.api(ask, api_name="ask_text", **lane)

    def _answer_json(self, question: str, history: Sequence[str]) -> dict[str, Any]:
        try:
            return self._assistant.ask(question, list(history)).to_json()
        except YinjuError as error:
            raise self._shown(error, str(error)) from error


def _language_of(request: gr.Request | None) -> Language:
    return page_language(request.headers.get("accept-language", "") if request else "")
