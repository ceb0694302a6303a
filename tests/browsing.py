"""A person's window in Debian's chromium, for the tests that use the page as a person does."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest

# Chromium's own calls home are switched off, so that every request seen is the page's.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 375, "height": 740}
TABLET = {"width": 820, "height": 1000}
DESKTOP = {"width": 1280, "height": 800}


@contextmanager
def chromium() -> Iterator[Any]:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("chromium is not here; `apt-get install chromium` brings it, or set CHROMIUM to its path")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


LEAVING = ("AbortError: signal is aborted", "Unexpected error Connection errored out")


class Visit:
    """One person's window, with everything it requested and complained of."""

    def __init__(self, browser: Any, url: str, **options: Any) -> None:
        self.context = browser.new_context(**{"viewport": DESKTOP, "locale": "zh-TW", **options})
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.dialogs: list[str] = []
        self.n_turns = 0
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda line: line.type == "error" and self.complaints.append(line.text))
        self.page.on("framenavigated", self._left)
        self.page.on("dialog", lambda dialog: (self.dialogs.append(dialog.message), dialog.dismiss()))
        self.page.goto(url)
        self.ready()

    def _left(self, frame: Any) -> None:
        """Forget what Gradio complains of when a page is left: that it breaks off itself what it still reads."""
        if frame == self.page.main_frame:
            self.complaints[:] = [line for line in self.complaints if not line.startswith(LEAVING)]

    def ready(self) -> None:
        self.page.wait_for_selector(".reader .pages p", state="attached")

    def ask(self, question: str) -> Any:
        """Ask and return the finished turn."""
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        return self.next_turn()

    def next_turn(self) -> Any:
        self.n_turns += 1
        return self.turn(self.n_turns)

    def turn(self, number: int) -> Any:
        selector = f'.turn[data-turn="{number}"]:not([data-status="pending"])'
        self.page.wait_for_selector(selector)
        return self.page.locator(selector)

    def open(self, view: str) -> Any:
        """Open a tab and return its panel."""
        self.page.click(f"#tab-{view}")
        panel = self.page.locator(f"#panel-{view}")
        panel.wait_for(state="visible")
        return panel

    def marked(self, expected: str) -> None:
        """Wait until exactly ``expected`` is marked, wholly inside the reading pane and the window."""
        self.page.wait_for_function(
            """expected => {
                const marks = [...document.querySelectorAll('.pages mark')];
                if (marks.map(mark => mark.textContent).join('') !== expected) return false;
                const pane = document.querySelector('.pages').getBoundingClientRect();
                const bottom = Math.min(pane.bottom, innerHeight), right = Math.min(pane.right, innerWidth);
                return marks.flatMap(mark => [...mark.getClientRects()]).every(box => box.top >= pane.top
                    && box.bottom <= bottom && box.left >= pane.left - 1 && box.right <= right + 1);
            }""",
            arg=expected,
        )

    def outside(self) -> list[str]:
        return [
            url
            for url in self.requests
            if not url.startswith("blob:") and urlsplit(url).hostname not in (None, "", "127.0.0.1")
        ]

    def width(self) -> tuple[int, int]:
        page = self.page.evaluate(
            "() => Math.max(document.documentElement.scrollWidth, document.body.scrollWidth, "
            "...[...document.querySelectorAll('#conversation, .talk, .pages')].map(e => e.scrollWidth), "
            "...[...document.querySelectorAll('.masthead > *, #composer > *, .turn *')]"
            ".map(e => Math.ceil(e.getBoundingClientRect().right)))"
        )
        return page, self.page.evaluate("() => innerWidth")

    def well(self) -> None:
        """Nothing asked outside, nothing complained of, no dialog opened."""
        assert self.outside() == []
        assert self.complaints == [], self.complaints
        assert self.dialogs == []

    def close(self) -> None:
        self.context.close()
