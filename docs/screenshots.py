"""Take the screenshots of the documentation: `python docs/screenshots.py [INDEX]`.

Serves the page over an index of the seed document and uses it in Debian's chromium as a person does: three languages,
three widths, light and dark.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Any

IMAGES = Path(__file__).parent / "images"
WIDE = {"width": 1280, "height": 800}
MIDDLE = {"width": 820, "height": 1000}
PHONE = {"width": 375, "height": 740}


class Camera:
    """One window over the page that takes pictures."""

    def __init__(self, browser: Any, url: str, locale: str, viewport: dict[str, int], scheme: str = "light") -> None:
        self.context = browser.new_context(viewport=viewport, locale=locale, color_scheme=scheme)
        self.page = self.context.new_page()
        self.page.set_default_timeout(120_000)
        self.page.goto(url)
        self.page.wait_for_selector(".reader .pages p", state="attached")
        self.n_turns = 0

    def ask(self, question: str) -> None:
        """Ask, and wait for the answer to have come to rest."""
        self.n_turns += 1
        self.page.fill("#question textarea", question)
        self.page.press("#question textarea", "Enter")
        self.page.wait_for_selector(f'.turn[data-turn="{self.n_turns}"]:not([data-status="pending"])')
        self.page.wait_for_timeout(1200)

    def open(self, view: str, filled: str) -> None:
        """Open a tab, and wait until it is filled."""
        self.page.click(f"#tab-{view}")
        self.page.wait_for_selector(f"#panel-{view} {filled}")
        self.page.wait_for_timeout(400)

    def take(self, name: str) -> None:
        """Save what is to be seen."""
        self.page.screenshot(path=IMAGES / f"{name}.png")


def take_all(browser: Any, url: str) -> None:
    """Take every picture."""
    wide = Camera(browser, url, "zh-TW", WIDE)
    wide.take("welcome")
    wide.ask("2024年南山區工業占比是多少?")
    wide.take("answer")
    wide.ask("研發納統在庫單位中,規上企業比科研院校多多少家?")
    wide.take("computed")
    wide.ask("每萬人擁有發明專利多少件?")
    wide.take("conflict")
    wide.open("figures", "tbody tr")
    wide.page.select_option("select.unit", "%")
    for number in range(4):
        wide.page.locator("#panels tbody input").nth(number).check()
    wide.page.click('[data-table="plot"]')
    wide.page.locator("#panels .cell").nth(1).click()
    wide.page.wait_for_timeout(900)
    wide.take("figures")
    wide.open("check", ".finding")
    wide.page.locator("#panels .finding .source").first.click()
    wide.page.wait_for_timeout(900)
    wide.take("check")
    wide.open("history", "li")
    wide.take("history")
    wide.open("shelf", "li")
    wide.take("documents")
    middle = Camera(browser, url, "zh-CN", MIDDLE, "dark")
    middle.ask("2019年南山区GDP是多少?")
    middle.take("abstained-dark")
    phone = Camera(browser, url, "en-GB", PHONE)
    phone.take("phone-welcome")
    phone.ask("How many listed companies are there in Nanshan?")
    phone.take("phone-answer")
    phone.page.locator(".chip").first.click()
    phone.page.wait_for_timeout(1200)
    phone.take("phone-document")


def main() -> None:
    """Serve the page and take the pictures."""
    from playwright.sync_api import sync_playwright

    import yinju
    from yinju.ui import build_page, launch_options

    index = sys.argv[1] if len(sys.argv) > 1 else "index"
    assistant = yinju.open(index)
    page = build_page(assistant)
    page.launch(server_name="127.0.0.1", prevent_thread_lock=True, **launch_options(assistant))
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        take_all(playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"]), page.local_url)
    page.close()


if __name__ == "__main__":
    main()
