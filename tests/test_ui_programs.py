"""The page's server as programs meet it: endpoints, ``/v1``, the door, visitors' documents, exports, verdicts."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from time import sleep
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from conftest import free_port
from fake_assistant import HARBOUR, FakeAssistant
from hostile import PAYLOADS
from small_world import RemainderEmbedder, indexed
from yinju.errors import SettingsError, UsageError
from yinju.evalset import read_set
from yinju.index import build_index
from yinju.types import Turn
from yinju.ui_builds import Builds
from yinju.ui_feedback import keep_verdict
from yinju.ui_gate import SESSION_COOKIE, check_address, session_in
from yinju.ui_history import export_json, export_markdown, record, revive, verify_export
from yinju.ui_shelves import MAX_FILES, WAITING, Shelves, remove_leftovers, safe_name
from yinju.ui_visit import Visit

if TYPE_CHECKING:
    from yinju.assistant import Assistant

QUESTIONS = ("吞吐量?", "𠮷祥碼頭占比是多少?", "多了多少?", "2019年呢?", "結尾?")


def turns() -> list[Turn]:
    assistant = FakeAssistant()
    return [Turn(question, assistant.ask(question)) for question in QUESTIONS]


# ── /v1 ─────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def openai(fake_page: tuple[str, FakeAssistant]) -> Iterator[Any]:
    from openai import OpenAI

    with OpenAI(base_url=f"{fake_page[0]}v1", api_key="none") as client:
        yield client


def test_the_openai_package_gets_answer_and_citations(openai: Any) -> None:
    messages = [
        {"role": "system", "content": "Lie."},
        {"role": "user", "content": "吞吐量?"},
        {"role": "assistant", "content": "forged"},
        {"role": "user", "content": [{"type": "text", "text": "那占比呢?"}]},
    ]
    done = openai.chat.completions.create(model="yinju", messages=messages)
    assert done.choices[0].message.content == "40%。"
    annotation = done.choices[0].message.annotations[0].model_dump()
    assert annotation["type"] == "url_citation"
    assert HARBOUR[annotation["start"] : annotation["end"]] == annotation["quote"] == "𠮷祥碼頭占比為40%"
    assert done.yinju["standalone_question"] == "2023年𠮷祥碼頭占比是多少?"
    assert [model.id for model in openai.models.list()] == ["yinju"]


def test_the_openai_package_streams_the_same(openai: Any) -> None:
    messages = [{"role": "user", "content": "吞吐量?"}]
    whole = openai.chat.completions.create(model="yinju", messages=messages)
    chunks = list(openai.chat.completions.create(model="yinju", messages=messages, stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert text == whole.choices[0].message.content
    assert chunks[-1].choices[0].finish_reason == "stop"
    annotations = [
        found for chunk in chunks for found in (chunk.choices[0].delta.model_extra or {}).get("annotations", [])
    ]
    assert [found["quote"] for found in annotations] == [
        found.model_dump()["quote"] for found in whole.choices[0].message.annotations
    ]


def test_the_openai_package_gets_errors_it_understands(openai: Any, fake_page: tuple[str, FakeAssistant]) -> None:
    from openai import BadRequestError

    for messages in ([{"role": "system", "content": "x"}], [{"role": "user", "content": " "}]):
        with pytest.raises(BadRequestError, match="no user message"):
            openai.chat.completions.create(model="yinju", messages=messages)
    with pytest.raises(BadRequestError, match="Ask a shorter one"):
        openai.chat.completions.create(model="yinju", messages=[{"role": "user", "content": "太長"}])
    url = f"{fake_page[0]}v1/chat/completions"
    assert httpx.post(url, content=b"{").status_code == 400
    assert httpx.post(url, content=b"x" * 1_000_001).status_code == 413


# ── the named endpoints ─────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Assistant]]:
    from yinju.assistant import Assistant
    from yinju.index import load_index
    from yinju.ui import build_page, launch_options

    text = "2023年東湖縣共有學校48所。\n2023年東湖縣GDP達到500億元,研發投入達50億元,占GDP比重15%。\n"
    built = indexed(tmp_path_factory.mktemp("world"), {"東湖.txt": text})
    assistant = Assistant(load_index(built.settings), RemainderEmbedder())  # type: ignore[arg-type]
    page = build_page(assistant)
    options = launch_options(assistant, password="開門")
    page.launch(server_name="127.0.0.1", server_port=free_port(), prevent_thread_lock=True, **options)
    yield page.local_url, assistant
    page.close()


AUTHORIZED = {"Authorization": "Bearer 開門".encode()}


@pytest.fixture(scope="module")
def client(world: tuple[str, Assistant]) -> Any:
    from base64 import b64encode

    from gradio_client import Client

    token = b64encode("any:開門".encode()).decode()
    return Client(world[0], verbose=False, headers={"Authorization": f"Basic {token}"})


def test_figures_and_audit_are_given_as_values(client: Any) -> None:
    rows = client.predict("學校", 10, api_name="/figures")
    assert "48" in [row["value"] for row in rows]
    (finding,) = client.predict(False, api_name="/audit")
    assert "10% ≠ 15%" in finding["formula"]
    assert json.loads(client.predict(False, api_name="/audit_text")) == [finding]


def test_a_program_builds_for_itself_alone(client: Any, world: tuple[str, Assistant], tmp_path: Path) -> None:
    from gradio_client import handle_file

    own = tmp_path / "西山縣.txt"
    own.write_text("2023年西山縣茶葉產量達3.2萬噸。", encoding="utf-8")
    report = client.predict([handle_file(own)], api_name="/build")
    assert report["n_documents"] == 2
    assert client.predict("2023年西山縣茶葉產量是多少?", api_name="/ask")["result"]["text"] == "3.2萬噸"
    assert len(world[1].index.documents) == 1
    everyone = world[1].ask("2023年西山縣茶葉產量是多少?")
    assert everyone.status == "abstained"


def test_twenty_people_at_once_get_their_own_answers(client: Any, world: tuple[str, Assistant]) -> None:
    questions = ["2023年東湖縣共有學校多少所?", "2023年東湖縣GDP是多少?"] * 10
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda question: client.predict(question, api_name="/ask"), questions))
    for question, answer in zip(questions, answers, strict=True):
        assert answer["question"] == question
        assert answer["answer"] == world[1].ask(question).text


# ── the door ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("path", ["", "config", "gradio_api/info", "gradio_api/mcp/", "v1/models", "theme.css"])
def test_nothing_is_had_without_the_password(world: tuple[str, Assistant], path: str) -> None:
    url = f"{world[0]}{path}"
    for headers in (
        {},
        {"Authorization": "Bearer no"},
        {"Authorization": "Basic bm86bm8="},
        {"Authorization": "Basic !"},
    ):
        assert httpx.get(url, headers=headers).status_code == 401
    assert httpx.get(f"{world[0]}v1/models", headers=AUTHORIZED).status_code == 200


def test_a_browser_gets_a_name_that_scripts_cannot_read(world: tuple[str, Assistant]) -> None:
    first = httpx.get(world[0], headers=AUTHORIZED)
    cookie = first.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert session_in(cookie.partition(";")[0])
    assert httpx.get(world[0], headers=AUTHORIZED).headers["set-cookie"] != cookie
    again = httpx.get(world[0], headers={**AUTHORIZED, "Cookie": cookie.partition(";")[0].encode()})
    assert "set-cookie" not in again.headers
    assert first.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("cookie", ["", f"{SESSION_COOKIE}=../../x", f"{SESSION_COOKIE}={'A' * 32}", "\x00;=;;"])
def test_a_cookie_that_is_not_ours_names_nobody(cookie: str) -> None:
    assert session_in(cookie) is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.5", "example.org"])
def test_other_machines_are_served_only_with_a_password_or_on_purpose(host: str) -> None:
    with pytest.raises(SettingsError, match="no password"):
        check_address(host, "", public=False)
    check_address(host, "secret", public=False)
    check_address(host, "", public=True)
    for own in ("127.0.0.1", "127.8.8.8", "::1", "localhost"):
        check_address(own, "", public=False)


def test_files_of_the_machine_are_not_served(world: tuple[str, Assistant]) -> None:
    for path in (
        "gradio_api/file=/etc/passwd",
        "gradio_api/file=../../../etc/passwd",
        "gradio_api/file=/proc/self/environ",
    ):
        answered = httpx.get(f"{world[0]}{path}", headers=AUTHORIZED)
        assert answered.status_code in (400, 403, 404)
        assert "root:" not in answered.text


# ── shelves ─────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def shelves(tmp_path: Path) -> Iterator[Shelves]:
    from yinju.assistant import Assistant

    index = indexed(tmp_path, {"東湖.txt": "2023年東湖縣共有學校48所。"})
    shelves = Shelves(Assistant(index, RemainderEmbedder()))  # type: ignore[arg-type]
    yield shelves
    shelves.close()


def silent(stage: str, done: int, total: int | None) -> None:
    """Tell nobody."""


def given(folder: Path, name: str, content: bytes) -> tuple[str, Path]:
    path = folder / f"sent-{len(list(folder.iterdir()))}"
    path.write_bytes(content)
    return name, path


def test_shelves_are_apart_and_leave_nothing_behind(shelves: Shelves, tmp_path: Path) -> None:
    shelves.add("one", [given(tmp_path, "a.txt", "2023年西山縣共有學校7所。".encode())], silent)
    shelves.add("two", [given(tmp_path, "a.txt", "2023年南山縣共有學校9所。".encode())], silent)
    texts = {name: shelves.assistant(name).index.documents["a.txt"].text for name in ("one", "two")}
    assert "西山縣" in texts["one"]
    assert "南山縣" in texts["two"]
    assert set(shelves.assistant("three").index.documents) == {"東湖.txt"}
    folders = [shelf.folder for shelf in shelves._shelves.values()]
    shelves.remove("one", "a.txt", silent)
    assert set(shelves.assistant("one").index.documents) == {"東湖.txt"}
    shelves.close()
    assert not any(folder.exists() for folder in folders)


def test_a_shelf_nobody_uses_is_emptied(shelves: Shelves, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelves.add("one", [given(tmp_path, "a.txt", "2023年西山縣共有學校7所。".encode())], silent)
    monkeypatch.setattr("yinju.ui_shelves.KEPT_SECONDS", -1)
    shelves.sweep()
    assert shelves.names("one") == ()
    assert shelves.assistant("one") is shelves.shared


def test_shelves_are_swept_while_nobody_adds_anything(
    shelves: Shelves, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yinju.ui_shelves.SWEEP_SECONDS", 0.05)
    shelves.add("one", [given(tmp_path, "a.txt", "2023年西山縣共有學校7所。".encode())], silent)
    folder = shelves._shelves["one"].folder
    monkeypatch.setattr("yinju.ui_shelves.KEPT_SECONDS", -1)
    wait_for(lambda: not folder.exists())
    monkeypatch.setattr("yinju.ui_shelves.KEPT_SECONDS", 60)
    shelves.add("one", [given(tmp_path, "a.txt", "2023年西山縣共有學校7所。".encode())], silent)
    folder = shelves._shelves["one"].folder
    monkeypatch.setattr("yinju.ui_shelves.KEPT_SECONDS", -1)
    wait_for(lambda: not folder.exists())


LEAVES_A_FOLDER = """
import os, sys
from yinju.ui_shelves import _Root
root = _Root()
print(root.shelf(), flush=True)
sys.stdin.read() if len(sys.argv) > 1 else os._exit(1)
root.remove()
"""


def test_what_killed_processes_left_is_deleted_and_what_others_use_is_not() -> None:
    command = [sys.executable, "-c", LEAVES_A_FOLDER]
    left = Path(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False).stdout.strip())
    with subprocess.Popen([*command, "stay"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout
        used = Path(other.stdout.readline().strip())
        assert left.is_dir()
        remove_leftovers()
        assert not left.parent.exists()
        assert used.is_dir()
        other.communicate("")
    assert not used.parent.exists()


SERVES = """
import sys
from fake_assistant import FakeAssistant
from yinju import ui
from yinju.config import Settings

class Kept(ui.Shelves):
    def __init__(self, shared):
        super().__init__(shared)
        print(self._shelf("one").folder, flush=True)

ui.Shelves = Kept
ui._open_or_build = lambda settings, say: FakeAssistant()
ui.serve(Settings(), port=int(sys.argv[1]))
"""


def test_the_end_of_the_server_is_the_end_of_visitors_documents() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", SERVES, str(free_port())]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env=environment, **pipes) as server:  # type: ignore[call-overload]
        folder = Path(server.stdout.readline().strip())
        assert folder.is_dir()
        for line in server.stderr:
            if "is ready" in line:
                break
        server.send_signal(signal.SIGTERM)
        server.communicate(timeout=60)
        assert server.returncode == 0
    assert not folder.parent.exists()


# ── changes in the background ───────────────────────────────────────────────────────────────


def wait_for(holds: Callable[[], bool]) -> None:
    for _ in range(600):
        if holds():
            return
        sleep(0.05)
    raise AssertionError("it did not come about in half a minute")


@pytest.fixture
def endless(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Indexing does not end before this event, and tells a stage again and again."""
    go = Event()

    def build(*arguments: Any, progress: Any, **named: Any) -> Any:
        while not go.wait(0.02):
            progress("Writing the index")
        return build_index(*arguments, progress=progress, **named)

    monkeypatch.setattr("yinju.ui_shelves.build_index", build)
    yield go
    go.set()


def sent(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def told(builds: Builds, visitor: str) -> tuple[str, ...]:
    """What an English page says of a visitor's documents."""
    return tuple(news.told(Visit(visitor, "en", None)) for news in builds.look(visitor).news)


def test_a_build_ends_when_no_window_looks_any_more(
    shelves: Shelves, endless: Event, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builds = Builds(shelves)
    path = sent(tmp_path, "a.txt", "2023年西山縣共有學校7所。")
    builds.add("one", [path])
    wait_for(lambda: builds.look("one").stage == ("Writing the index", 0, None))
    assert builds.look("one").adding == ("a.txt",)
    monkeypatch.setattr("yinju.ui_builds.GONE_SECONDS", 0.1)
    sleep(1)
    monkeypatch.setattr("yinju.ui_builds.GONE_SECONDS", 60)
    wait_for(lambda: builds.look("one").stage is None)
    assert told(builds, "one") == ("a.txt was not added: it was cancelled.",)
    assert shelves.names("one") == ()
    assert not path.exists()


def test_a_cancelled_build_leaves_the_shelf_as_it_was_and_drops_what_waits(
    shelves: Shelves, endless: Event, tmp_path: Path
) -> None:
    builds = Builds(shelves)
    endless.set()
    for name in ("a.txt", "b.txt"):
        builds.add("one", [sent(tmp_path, name, f"2023年{name[0]}縣共有學校7所。")])
    wait_for(lambda: builds.look("one").stage is None)
    assert told(builds, "one") == ("Added a.txt", "Added b.txt")
    endless.clear()
    builds.add("one", [sent(tmp_path, "a.txt", "2023年西山縣共有學校9所。")])
    builds.add("one", [sent(tmp_path, "c.txt", "2023年西山縣共有學校9所。")])
    builds.remove("one", "b.txt")
    builds.cancel("one")
    endless.set()
    wait_for(lambda: builds.look("one").stage is None)
    said = told(builds, "one")
    assert said == ("a.txt was not added: it was cancelled.", "Removed b.txt", "c.txt was not added: it was cancelled.")
    simplified = Visit("one", "zh-Hans", None)
    assert builds.look("one").news[1].told(simplified) == "已移除 b.txt", "in whatever language it is read"
    builds.forget_news("one")
    assert told(builds, "one") == ()
    assert shelves.names("one") == ("a.txt",)
    assert shelves.assistant("one").index.documents["a.txt"].text == "2023年a縣共有學校7所。"
    assert set(shelves.assistant("one").index.documents) == {"東湖.txt", "a.txt"}


def test_one_build_at_a_time_and_a_removal_waits_for_nobody_elses(
    shelves: Shelves, endless: Event, tmp_path: Path
) -> None:
    builds = Builds(shelves)
    shelves._building.acquire()
    builds.add("one", [sent(tmp_path, "a.txt", "2023年西山縣共有學校7所。")])
    wait_for(lambda: builds.look("one").stage == (WAITING, 0, None))
    builds.cancel("one")
    wait_for(lambda: builds.look("one").stage is None)
    builds.remove("two", "none.txt")
    wait_for(lambda: told(builds, "two") == ("Removed none.txt",))
    shelves._building.release()


def test_too_many_too_large_and_unknown_files_are_refused(
    shelves: Shelves, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = given(tmp_path, "a.txt", "學校".encode())
    with pytest.raises(UsageError, match="At most"):
        shelves.add("one", [small] * (MAX_FILES + 1), silent)
    with pytest.raises(UsageError, match="type"):
        shelves.add("one", [given(tmp_path, "a.exe", b"MZ")], silent)
    monkeypatch.setattr("yinju.ui_shelves.MAX_TOTAL_MB", 0)
    with pytest.raises(UsageError, match="Together"):
        shelves.add("one", [small], silent)
    with pytest.raises(UsageError, match="session"):
        shelves.add("", [small], silent)


def test_bombs_are_refused_and_the_shelf_goes_on(shelves: Shelves, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.docx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"0" * 80 * 2**20)
    report = shelves.add("one", [("bomb.docx", bomb)], silent)
    assert [name for name, _ in report.skipped] == ["bomb.docx"]
    assert shelves.names("one") == ()
    deep = b"<div>" * 50_000 + "2023年西山縣共有學校7所。".encode() + b"</div>" * 50_000
    report = shelves.add(
        "one", [given(tmp_path, "deep.html", deep), given(tmp_path, "a.txt", "學校7所。".encode())], silent
    )
    assert "a.txt" in shelves.names("one")
    assert report.n_documents >= 2


@pytest.mark.parametrize(
    "name", [*PAYLOADS, "..", ".", "", "a" * 500 + ".txt", "字" * 300 + ".pdf", "a\x00b.txt", "/etc/x.md"]
)
def test_a_file_name_stays_in_its_folder(name: str, tmp_path: Path) -> None:
    safe = safe_name(name)
    assert (tmp_path / safe).resolve().parent == tmp_path.resolve()
    assert len(safe.encode()) <= 120
    assert not set('<>"/\\\x00') & set(safe)


# ── records, exports, verdicts ──────────────────────────────────────────────────────────────


def test_a_record_gives_an_equal_turn_back_and_rubbish_gives_none() -> None:
    kept = [record(turn) for turn in turns()]
    assert revive(kept) == tuple(turns())
    assert revive(["{}", *kept]) == ()
    assert revive([kept[0], 5, kept[1]]) == tuple(turns()[:1])
    assert revive([kept[0].replace('"status":"', '"status":"x')]) == ()


@pytest.mark.parametrize("form", ["json", "markdown"])
def test_every_quotation_of_an_export_is_checked(form: str) -> None:
    documents = FakeAssistant().index.documents
    text = export_json(turns(), documents) if form == "json" else export_markdown(turns(), documents, "-- > <!-- x")
    checked = verify_export(text, documents)
    assert len(checked) == sum(len(turn.answer.citations) for turn in turns())
    assert all(each.ok for each in checked)
    assert not verify_export(text.replace("1.31億噸", "1.99億噸"), documents)[1].ok
    moved = {
        name: replace(document, text="x" + document.text, readable="x" + document.readable)
        for name, document in documents.items()
    }
    assert "another than it was" in verify_export(text, moved)[0].problem
    assert "not in this index" in verify_export(text, {})[0].problem
    with pytest.raises(UsageError, match="not an export"):
        verify_export("hello", documents)


def test_the_command_verifies_an_export(tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from yinju.answer import Answerer
    from yinju.cli import app
    from yinju.retrieve import Retriever

    index = indexed(tmp_path, {"東湖.txt": "2023年東湖縣共有學校48所。"})
    embedder: Any = RemainderEmbedder()
    answer = Answerer(index, Retriever(index, embedder)).answer(*["2023年東湖縣共有學校多少所?"] * 2)
    export = tmp_path / "talk.json"
    export.write_text(export_json([Turn(answer.question, answer)], index.documents), encoding="utf-8")
    command = ["verify", str(export), "--index", str(index.settings.index)]
    good = CliRunner().invoke(app, command)
    assert (good.exit_code, good.stdout[0]) == (0, "✓")
    export.write_text(export.read_text(encoding="utf-8").replace("48所", "84所"), encoding="utf-8")
    bad = CliRunner().invoke(app, command)
    assert (bad.exit_code, bad.stdout[0]) == (1, "✗")


def test_verdicts_are_kept_once_each_in_the_form_of_a_set(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "feedback.jsonl"
    for turn in turns():
        assert keep_verdict(path, turn, (), right=True)
        assert keep_verdict(path, turn, (), right=True)
    assert keep_verdict(path, turns()[1], ("吞吐量?",), right=False, correction="四成")
    with pytest.raises(UsageError, match="characters"):
        keep_verdict(path, turns()[1], (), right=False, correction="x" * 501)
    kept = read_set(path).questions
    assert [question.type for question in kept] == ["conflict", "figure", "compute", "unanswerable", "span", "followup"]
    assert kept[-1].gold.texts == ("四成",)
    assert keep_verdict(path, turns()[1], (), right=False, correction="五成")
    golds = [question.gold.texts for question in read_set(path).questions if not question.history]
    assert golds.count(("五成",)) == 1
    assert len(read_set(path).questions) == len(kept), "what is said later takes the place of what was said before"
    assert not keep_verdict(path, turns()[1], (), right=False), "wrong, and nobody knows what is right"
    assert len(read_set(path).questions) == len(kept) - 1
