"""The web page: a Gradio chat beside the documents, and the same answers over HTTP and MCP.

The page asks nothing of the network: system fonts, no analytics, every file from this server. A conversation
lives in the session's own ``gr.State``; the assistant holds none. How things look is in ``ui_document.py``,
``ui_render.py`` and ``assets/``.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr
from starlette.middleware import Middleware

from yinju.errors import IndexMissingError, YinjuError
from yinju.types import Turn
from yinju.ui_builds import Builds, Progress
from yinju.ui_document import escape, render_reader
from yinju.ui_endpoints import Endpoints
from yinju.ui_frame import MAX_UPLOAD_MB, render_masthead, render_note, render_panels, render_shelf
from yinju.ui_gate import Gate, check_address
from yinju.ui_history import MAX_TURNS, record, revive
from yinju.ui_openai import openai_routes
from yinju.ui_panels import Panels
from yinju.ui_render import render_conversation
from yinju.ui_shelves import Shelves
from yinju.ui_stages import stage_of
from yinju.ui_suggest import Suggestions
from yinju.ui_visit import Visit, visit_of

if TYPE_CHECKING:
    from yinju.assistant import Assistant
    from yinju.config import Settings

logger = logging.getLogger(__name__)

Turns = tuple[Turn, ...]
SESSION_SECONDS = 24 * 60 * 60
"""A conversation nobody has touched for so long is forgotten."""
MAX_WAITING = 64
"""So many requests wait their turn; further ones are refused at once."""
_ASK_LANE = "ask"
"""Gradio's concurrency group of everything that uses the model: one question at a time."""
_BUILD_LANE = "build"
"""The group of what programs ask for and takes longer: indexing, and the audit."""
_SUGGEST_LANE = "suggest"
"""The group of what finds questions to suggest; nobody waits for it."""
_LOOK_SECONDS = 0.4
"""How often a window looks how its visitor's changes of the shelf stand."""


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 7860) -> None:
    """Serve the page until interrupted; builds the index first where there is none but there are documents.

    Raises:
        YinjuError: There is nothing to serve, the address cannot be used, or it is open to others without a password.
    """
    from rich.console import Console

    password = settings.password.get_secret_value()
    check_address(host, password, settings.public)
    _check_port(host, port)
    console = Console(stderr=True)
    console.print("Loading the models and the index, half a minute on a slow machine …", highlight=False)
    assistant = _open_or_build(settings, console.print)
    page = _Page(assistant)
    served = page.blocks
    try:
        served.launch(
            server_name=host, server_port=port, prevent_thread_lock=True, **launch_options(assistant, password)
        )
    except OSError as error:
        raise _cannot_listen(host, port) from error
    try:
        if threading.current_thread() is threading.main_thread():
            # What a service is stopped with ends the server as Ctrl+C does: visitors' documents do not stay on disk.
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        console.print(f"yinju is ready: {served.local_url} (stop with Ctrl+C)", highlight=False, markup=False)
        served.block_thread()
    except KeyboardInterrupt:  # before anything waits
        served.close()
    finally:
        page.close()


def _check_port(host: str, port: int) -> None:
    """Find out that an address cannot be listened on before anything is loaded."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise _cannot_listen(host, port) from error


def _cannot_listen(host: str, port: int) -> YinjuError:
    other = port + 1
    return YinjuError(
        f"The page cannot be served on {host}:{port}: the port is taken, or the address is not this machine's.",
        f"Stop what listens there, or choose another port: `make run PORT={other}`, `yinju serve --port {other}`.",
    )


def build_page(assistant: Assistant) -> gr.Blocks:
    """Return the page over one assistant, not yet served; launch it with :func:`launch_options`."""
    return _Page(assistant).blocks


def launch_options(assistant: Assistant | None = None, password: str = "") -> dict[str, Any]:
    """Return the arguments of ``gr.Blocks.launch`` that make the page look and behave as meant.

    Args:
        assistant: Answers ``/v1/chat/completions``; without one there is no such address.
        password: What every request has to carry; empty lets everyone in.
    """
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
            "max_file_size": f"{MAX_UPLOAD_MB}mb",
            "app_kwargs": {
                "middleware": [Middleware(Gate, password=password)],
                "routes": openai_routes(assistant.ask) if assistant else [],
            },
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
        self._shelves = Shelves(assistant)
        self._panels = Panels(self._shelves)
        self._builds = Builds(self._shelves)
        self._looking: dict[str, object] = {}
        self._suggestions = Suggestions()
        self._suggestions.prepare(assistant)
        self.blocks = self._lay_out()

    def close(self) -> None:
        """Delete what visitors put here."""
        self._builds.close()
        self._shelves.close()

    # ── layout ──────────────────────────────────────────────────────────────────────────────

    def _lay_out(self) -> gr.Blocks:
        bare = {"apply_default_css": False}
        with gr.Blocks(
            title="引據 yinju", analytics_enabled=False, fill_width=True, fill_height=True, delete_cache=(3600, 3600)
        ) as blocks:
            self._turns = gr.State((), time_to_live=SESSION_SECONDS)
            self._masthead = gr.HTML(elem_id="masthead", **bare)
            with gr.Row(elem_id="workspace"):
                with gr.Column(elem_id="talk-column"):
                    functions = self._panels.functions
                    self._lay_out_talk(bare, functions)
                    script = _asset("panels.js")
                    self._tables = gr.HTML(elem_id="panels", js_on_load=script, server_functions=functions, **bare)
                    self._lay_out_shelf(bare)
                with gr.Column(elem_id="reader-column"):
                    script = _asset("page.js")
                    self._reader = gr.HTML(elem_id="reader", js_on_load=script, server_functions=functions[:1], **bare)
            self._connect(blocks)
            Endpoints(self._shelves, self._panels, self._explain).add(_ASK_LANE, _BUILD_LANE)
        blocks.queue(max_size=MAX_WAITING, default_concurrency_limit=1)
        return blocks

    def _lay_out_talk(self, bare: dict[str, Any], functions: list[Callable[..., Any]]) -> None:
        script = _asset("sure.js") + _asset("history.js") + _asset("conversation.js")
        with gr.Column(elem_id="panel-chat"):
            self._conversation = gr.HTML(elem_id="conversation", js_on_load=script, server_functions=functions, **bare)
            self._note = gr.HTML(elem_id="note", **bare)
            with gr.Row(elem_id="composer"):
                look = {"show_label": False, "container": False, "lines": 1, "max_lines": 6, "submit_btn": True}
                self._question = gr.Textbox(elem_id="question", interactive=True, **look)
                self._new = gr.Button("…", elem_id="new", variant="secondary")

    def _lay_out_shelf(self, bare: dict[str, Any]) -> None:
        with gr.Column(elem_id="panel-shelf"):
            self._shelf = gr.HTML(elem_id="shelf", js_on_load=_asset("sure.js") + _asset("shelf.js"), **bare)
            # Gradio would refuse other types in words of its own; the shelf says it in those of the page.
            self._upload = gr.UploadButton("…", elem_id="upload", file_count="multiple", variant="primary")

    def _connect(self, blocks: gr.Blocks) -> None:
        quiet = {"show_progress": "hidden", "api_visibility": "private"}
        at_once = {"queue": False, "trigger_mode": "multiple", **quiet}
        talk = [self._conversation, self._turns, self._note]
        # By default an event is dropped while the one before it is being finished: a quick second question was lost.
        quick = {"concurrency_id": _ASK_LANE, "concurrency_limit": 1, "trigger_mode": "multiple", **quiet}
        suggesting = {"concurrency_id": _SUGGEST_LANE, "concurrency_limit": 1, "trigger_mode": "multiple", **quiet}
        around = [self._masthead, self._conversation, self._reader, self._tables, self._shelf]
        greeted = blocks.load(self._greet, [self._turns], [*around, self._question, self._new, self._upload], **quiet)
        # The script asks: it shows the question before its turn comes, and asks no second one meanwhile.
        asked = self._conversation.ask(self._ask, [self._turns], talk, **quick)
        self._conversation.blank(self._blank, None, [self._note], **at_once)
        self._conversation.halt(self._halt, [self._turns], talk, cancels=[asked], **at_once)
        self._conversation.restore(self._restore, None, talk, cancels=[asked], **at_once)
        self._new.click(self._begin_again, None, talk, cancels=[asked], **at_once)
        around.remove(self._conversation)
        looking = {"concurrency_limit": None, "trigger_mode": "multiple", "outputs": around, **quiet}
        for built in (
            self._upload.upload(self._add_documents, [self._upload], **looking),
            self._shelf.remove(self._remove_document, None, **looking),
        ):
            prepared = built.then(self._prepare, None, None, **suggesting)
            # In the lane of the questions, so that no answer comes between the turns read and the turns shown.
            prepared.then(self._show_again, [self._turns], [self._conversation], **quick)
        self._shelf.cancel(self._cancel_documents, None, None, **at_once)
        self._shelf.seen(self._forget_news, None, None, **at_once)
        # A window opened, or opened again, while documents are added shows that too.
        greeted.then(self._look_on, None, **looking).then(self._prepare, None, None, **suggesting)
        blocks.unload(self._leave)

    # ── the frame ───────────────────────────────────────────────────────────────────────────

    def _greet(self, turns: Turns, request: gr.Request) -> tuple[Any, ...]:
        """Fill the page in the reader's language."""
        visit = visit_of(request)
        words = visit.words
        masthead, *panes = self._around(visit, self._builds.look(visit.visitor))
        return (
            masthead,
            self._shown(turns, visit),
            *panes,
            gr.Textbox(placeholder=words["placeholder"], label=words["placeholder"]),
            gr.Button(words["new"]),
            gr.UploadButton(words["upload"]),
        )

    def _around(self, visit: Visit, progress: Progress) -> tuple[str, ...]:
        """What shows the visitor's documents beside the conversation: top line, reader, tables, list of documents."""
        index, words = self._shelves.assistant(visit.visitor).index, visit.words
        return (
            render_masthead(len(index.documents), len(index.ledger), words, visit.language, visit.script),
            render_reader(index.documents, words, visit.language),
            render_panels(words),
            self._listed(visit, progress),
        )

    def _listed(self, visit: Visit, progress: Progress) -> str:
        words, said = visit.words, [news.told(visit) for news in progress.news]
        coming = dict.fromkeys((*progress.adding, *self._shelves.adding(visit.visitor)))
        own = [name for name in self._shelves.names(visit.visitor) if name not in coming]
        if progress.stage is not None and progress.adding:
            said.append(words["stage"].format(stage=stage_of(*progress.stage, words)))
        return render_shelf(
            tuple(self._shelves.shared.index.documents),
            own,
            words,
            said,
            coming=tuple(coming),
            leaving=progress.removing,
            can_cancel=bool(progress.adding),
        )

    def _shown(self, turns: Turns, visit: Visit, **more: Any) -> str:
        """The conversation as the visitor sees it."""
        assistant = self._shelves.assistant(visit.visitor)
        written = [Turn(turn.question, visit.written(turn.answer)) for turn in turns]
        examples = visit.asked(self._suggestions.examples(assistant, visit.language))
        return render_conversation(written, visit.words, examples, documents=assistant.index.documents, **more)

    # ── asking ──────────────────────────────────────────────────────────────────────────────

    def _ask(self, turns: Turns, event: gr.EventData, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Answer what the page's script asks: a question, or the last one ``again``.

        What is shown in the end carries the question's ``id`` and the ``conversation`` it was asked in.
        """
        visit, again = visit_of(request), bool(getattr(event, "again", False)) and bool(turns)
        before = turns[:-1] if again else turns
        question = turns[-1].question if again else str(getattr(event, "question", "")).strip()
        asked = str(getattr(event, "id", ""))
        waiting, ended = {"pending": question, "asked": asked}, {"ended": asked}
        yield self._shown(before, visit, **waiting), turns, ""
        assistant, written = self._shelves.assistant(visit.visitor), ""
        try:
            for piece in assistant.stream(question, before):
                if isinstance(piece, str):
                    written += piece
                    yield self._shown(before, visit, **waiting, written=written), turns, gr.skip()
                else:
                    turn = Turn(question, piece)
            next_questions = visit.asked(self._suggestions.after(assistant, (*before, turn), visit.language))
        except Exception as error:  # the page's edge: the user gets a sentence, the log the traceback
            yield self._shown(turns, visit, **ended), turns, render_note(self._reason(error, visit))
            return
        answered = (*before, turn)[-MAX_TURNS:]
        kept = {"kept": record(turn), "conversation": str(getattr(event, "conversation", "")), "replaces": again}
        yield self._shown(answered, visit, follow_ups=next_questions, **kept, **ended), answered, gr.skip()

    def _blank(self, request: gr.Request) -> str:
        return render_note(visit_of(request).words["empty_question"])

    def _halt(self, turns: Turns, request: gr.Request) -> tuple[Any, ...]:
        visit = visit_of(request)
        return self._shown(turns, visit), turns, render_note(visit.words["stopped"], refused=False)

    def _restore(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """Take up a conversation that the browser kept."""
        records = getattr(event, "records", ())
        turns = revive(records if isinstance(records, list) else ())
        return self._show_again(turns, request), turns, ""

    def _begin_again(self, request: gr.Request) -> tuple[Any, ...]:
        return self._shown((), visit_of(request)), (), ""

    def _prepare(self, request: gr.Request) -> None:
        """Find questions to suggest of the documents there are now; these are in, and can be asked about, before."""
        self._suggestions.prepare(self._shelves.assistant(visit_of(request).visitor))

    def _show_again(self, turns: Turns, request: gr.Request) -> str:
        """The conversation as it stands, with questions to go on with."""
        visit = visit_of(request)
        after = self._suggestions.after(self._shelves.assistant(visit.visitor), turns, visit.language) if turns else ()
        return self._shown(turns, visit, follow_ups=visit.asked(after))

    def _reason(self, error: Exception, visit: Visit) -> str:
        """The error as its reader sees it: what happened and the next step."""
        if not isinstance(error, YinjuError):
            logger.error("a request failed", exc_info=error)
            return visit.words["failed"]
        logger.info("a request was refused: %s", error)
        return visit.told(error)

    def _explain(self, error: Exception, request: gr.Request | None) -> gr.Error:
        """The error as a program sees it, escaped."""
        reason = self._reason(error, visit_of(request))
        if isinstance(error, YinjuError):
            reason = f"{error.message} {error.hint}"
        return gr.Error(escape(reason), title="引據", print_exception=False)

    # ── the visitor's own documents ─────────────────────────────────────────────────────────

    async def _add_documents(self, files: list[str] | None, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        visit = visit_of(request)
        before = self._builds.look(visit.visitor)
        if files:
            self._builds.add(visit.visitor, [Path(file) for file in files])
        async for shown in self._look(request, before):
            yield shown

    async def _remove_document(self, event: gr.EventData, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        visit = visit_of(request)
        before = self._builds.look(visit.visitor)
        self._builds.remove(visit.visitor, str(getattr(event, "name", "")))
        async for shown in self._look(request, before):
            yield shown

    async def _look_on(self, request: gr.Request) -> AsyncIterator[tuple[Any, ...]]:
        """Show in a window just opened what is under way."""
        if self._builds.look(visit_of(request).visitor) == Progress():
            yield gr.skip(), gr.skip(), gr.skip(), gr.skip()  # without a yield Gradio would empty all four
            return
        async for shown in self._look(request, None):
            yield shown

    def _cancel_documents(self, request: gr.Request) -> None:
        self._builds.cancel(visit_of(request).visitor)

    def _forget_news(self, request: gr.Request) -> None:
        self._builds.forget_news(visit_of(request).visitor)

    async def _look(self, request: gr.Request, shown: Progress | None) -> AsyncIterator[tuple[Any, ...]]:
        """Show how the visitor's changes stand until all are made, and the documents anew after each.

        It yields also when there is nothing new: only then does Gradio see that the window was closed.

        Args:
            request: Whose changes, and which window; an earlier look of the same window ends.
            shown: What the window shows; ``None`` where that is not known.
        """
        visit, window = visit_of(request), str(request.session_hash)
        self._looking[window] = mine = object()
        while self._looking.get(window) is mine:
            progress = self._builds.look(visit.visitor)
            if shown is None or progress.n_done != shown.n_done:
                yield await asyncio.to_thread(self._around, visit, progress)
            elif progress != shown:
                yield gr.skip(), gr.skip(), gr.skip(), self._listed(visit, progress)
            else:
                yield gr.skip(), gr.skip(), gr.skip(), gr.skip()
            if progress.stage is None:
                return
            shown = progress
            await asyncio.sleep(_LOOK_SECONDS)

    def _leave(self, request: gr.Request) -> None:
        self._looking.pop(str(request.session_hash), None)
