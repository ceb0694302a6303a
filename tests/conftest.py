"""What several test files share: the real index of the seed document, and a served page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from yinju.config import PREFIX, Settings

if TYPE_CHECKING:
    from fake_assistant import FakeAssistant
    from yinju.assistant import Assistant

# Before torch is loaded: threads that wait by spinning cost several times the work when the cores are shared.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
# Whoever runs the tests may have settings of their own; the converted model is shared with them and between tests.
_CACHE = os.environ.get("YINJU_CACHE_DIR") or str(Settings().cache_dir)
for _name in [name for name in os.environ if name.startswith(PREFIX)]:
    del os.environ[_name]
os.environ["YINJU_CACHE_DIR"] = _CACHE

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an index over the seed document, built once with the bundled model."""
    from yinju.index import build_index

    folder = tmp_path_factory.mktemp("seed") / "index"
    build_index([SEEDS], Settings.load(index=folder))
    return folder


@pytest.fixture(scope="session")
def seed_assistant(seed_index: Path) -> Assistant:
    """The assistant over that index, opened once. It holds no conversation."""
    from yinju.assistant import open_assistant

    return open_assistant(seed_index)


@pytest.fixture(scope="session")
def fake_page() -> Iterator[tuple[str, FakeAssistant]]:
    """Address of the page over scripted answers, and the assistant behind it."""
    from fake_assistant import FakeAssistant
    from yinju.ui import build_page, launch_options

    assistant = FakeAssistant()
    page = build_page(assistant)  # type: ignore[arg-type]
    options = launch_options(assistant)  # type: ignore[arg-type]
    page.launch(server_name="127.0.0.1", server_port=free_port(), prevent_thread_lock=True, **options)
    yield page.local_url, assistant
    page.close()


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
