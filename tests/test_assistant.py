"""The public face in Python: build, open, ask, chat, figures."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import yinju
from small_world import RemainderEmbedder, indexed, without_times
from yinju.assistant import Assistant, Chat, open_assistant
from yinju.errors import IndexMissingError, NothingToIndexError, UsageError
from yinju.types import Reason, Status

DOCUMENT = (
    "2023年,東嶺市地區生產總值為412.6億元,常住人口為38.4萬人。\n2023年,白河區地區生產總值為300億元,常住人口為20萬人。\n"
)
QUESTION = "2023年東嶺市地區生產總值是多少?"


@pytest.fixture
def without_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opens with the embedder that needs no model."""
    monkeypatch.setattr("yinju.assistant.load_embedder", lambda settings: RemainderEmbedder())


@pytest.fixture
def small(tmp_path: Path, without_model: None) -> Assistant:
    return Assistant(indexed(tmp_path, {"a.txt": DOCUMENT}))


def test_the_public_names_are_there() -> None:
    for name in yinju.__all__:
        assert getattr(yinju, name) is not None
    assert yinju.open is open_assistant
    with pytest.raises(AttributeError, match="nonsense"):
        yinju.nonsense  # noqa: B018
    assert yinju.__version__.count(".") == 2


def test_import_yinju_is_light() -> None:
    script = (
        "import sys, yinju, yinju.cli\n"
        "sys.exit(bool({'torch', 'faiss', 'llama_index', 'gradio', 'opencc', 'numpy'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], timeout=120, check=False).returncode == 0


def test_open_names_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError) as caught:
        yinju.open(tmp_path / "none")
    assert "yinju build" in caught.value.hint


def test_open_takes_a_folder_before_settings(tmp_path: Path, without_model: None) -> None:
    index = indexed(tmp_path, {"a.txt": DOCUMENT})
    settings = index.settings.model_copy(update={"index": tmp_path / "elsewhere", "top_k": 3})
    assistant = yinju.open(str(tmp_path / "index"), settings)
    assert assistant.settings.index == tmp_path / "index"
    assert len(assistant.retrieve("人口")) <= 3
    with pytest.raises(IndexMissingError):
        yinju.open(settings=settings)


def test_build_needs_something(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(NothingToIndexError):
        yinju.build([tmp_path / "empty"], index=tmp_path / "index")


def test_ask_and_its_public_form(small: Assistant) -> None:
    answer = small.ask(QUESTION)
    assert (answer.text, answer.status) == ("412.6億元。", Status.ANSWERED)
    citation = answer.citations[0]
    assert DOCUMENT[citation.span.start : citation.span.end] == citation.quote
    public = answer.to_json()
    assert public["citations"][0]["quote"] == citation.quote
    assert public["elapsed_ms"] == public["timings_ms"]["total"]


def test_history_is_the_conversation_so_far(small: Assistant) -> None:
    asked = small.ask("那常住人口呢?", history=[QUESTION])
    assert asked.standalone_question == "2023年東嶺市常住人口是多少?"
    assert asked.text == "38.4萬人。"
    chat = small.chat()
    chat.ask(QUESTION)
    assert without_times(chat.ask("那常住人口呢?")) == without_times(asked)


def test_chats_are_apart(small: Assistant) -> None:
    one, other = small.chat(), small.chat()
    assert isinstance(one, Chat)
    one.ask(QUESTION)
    assert [turn.question for turn in one.turns] == [QUESTION]
    assert other.turns == ()
    assert other.ask("那常住人口呢?").standalone_question == "那常住人口呢?"


def test_a_refused_question_leaves_the_conversation_as_it_was(small: Assistant) -> None:
    chat = small.chat()
    chat.ask(QUESTION)
    with pytest.raises(UsageError):
        chat.ask("  ")
    assert [turn.question for turn in chat.turns] == [QUESTION]


def test_a_greeting_in_between_is_no_topic(small: Assistant) -> None:
    chat = small.chat()
    chat.ask(QUESTION)
    assert chat.ask("謝謝").reason is Reason.NOT_A_QUESTION
    assert chat.ask("那白河區呢?").text == "300億元。"


def test_figures_are_a_ledger(small: Assistant) -> None:
    surfaces = [figure.quantity.surface for figure in small.figures]
    assert {"412.6億元", "38.4萬人", "300億元", "20萬人"} <= set(surfaces)
    assert len(small.figures.search("白河區", unit="元")) == 1
    frame = small.figures.to_frame()
    assert list(frame["surface"]) == surfaces


def test_threads_may_share_an_assistant(small: Assistant) -> None:
    questions = [QUESTION, "2023年白河區地區生產總值是多少?", "東嶺市常住人口是多少?"]
    expected = {question: without_times(small.ask(question)) for question in questions}
    wrong: list[Any] = []

    def ask(question: str) -> None:
        for _ in range(5):
            if without_times(small.ask(question)) != expected[question]:
                wrong.append(question)

    threads = [threading.Thread(target=ask, args=(question,)) for question in questions * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.slow
def test_build_and_open_as_the_readme_says(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(DOCUMENT, encoding="utf-8")
    report = yinju.build([tmp_path / "a.txt"], index=tmp_path / "index")
    assert report.n_documents == 1
    assert yinju.open(tmp_path / "index").ask(QUESTION).text == "412.6億元。"
