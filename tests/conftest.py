"""What several test files share: the real index of the seed document, and a served page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from fake_assistant import FakeAssistant

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.fixture(scope="session")
def seed_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of an index over the seed document, built once with the bundled model."""
    from yinju.config import Settings
    from yinju.index import build_index

    folder = tmp_path_factory.mktemp("seed") / "index"
    build_index([SEEDS], Settings.load(index=folder))
    return folder


@pytest.fixture(scope="session")
def fake_page() -> Iterator[tuple[str, FakeAssistant]]:
    """Address of the page over scripted answers, and the assistant behind it."""
    from fake_assistant import FakeAssistant
    from yinju.ui import build_page, launch_options

    assistant = FakeAssistant()
    page = build_page(assistant)  # type: ignore[arg-type]
    page.launch(server_name="127.0.0.1", server_port=free_port(), prevent_thread_lock=True, **launch_options())
    yield page.local_url, assistant
    page.close()


def free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
