"""Figures, check, history, languages and one's own documents, as a person uses them in Debian's chromium."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from importlib import resources
from itertools import pairwise
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest

from browsing import PHONE, TABLET, Visit, chromium
from conftest import free_port
from hostile import PAYLOADS
from small_world import RemainderEmbedder, indexed
from yinju.evalset import read_set
from yinju.ui_history import verify_export

if TYPE_CHECKING:
    from yinju.assistant import Assistant

# What a browser shows when is a matter of milliseconds on a busy machine: a failure counts if it comes again.
pytestmark = [pytest.mark.browser, pytest.mark.flaky(reruns=2)]

REPORT = (
    "東湖縣年報\n2023年東湖縣糧食產量達12.5萬噸。2022年東湖縣糧食產量達12.1萬噸。2021年東湖縣糧食產量達11.8萬噸。\n"
    "2023年東湖縣共有學校48所。2023年東湖縣森林覆蓋率為40%。\n"
    "2023年東湖縣GDP達到500億元,研發投入達50億元,占GDP比重15%。\n"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as launched:
        yield launched


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Assistant]]:
    """A page over one small real document, with an embedder that needs no model."""
    from yinju.assistant import Assistant
    from yinju.index import load_index
    from yinju.ui import build_page, launch_options

    folder = tmp_path_factory.mktemp("world")
    built = indexed(folder, {"東湖.txt": REPORT})
    settings = built.settings.model_copy(update={"feedback": folder / "feedback.jsonl"})
    assistant = Assistant(load_index(settings), RemainderEmbedder())  # type: ignore[arg-type]
    page = build_page(assistant)
    page.launch(server_name="127.0.0.1", server_port=free_port(), prevent_thread_lock=True, **launch_options())
    yield page.local_url, assistant
    page.close()


@pytest.fixture
def visit(browser: Any, world: tuple[str, Assistant], request: pytest.FixtureRequest) -> Iterator[Visit]:
    visit = Visit(browser, world[0], **getattr(request, "param", {}))
    yield visit
    visit.well()
    visit.close()


def downloaded(visit: Visit, selector: str) -> str:
    with visit.page.expect_download() as started:
        visit.page.locator(selector).first.click()
    return Path(started.value.path()).read_text(encoding="utf-8-sig")


def send(visit: Visit, *files: Path) -> None:
    """Choose documents to be added."""
    visit.open("shelf")
    field = visit.page.locator("#panel-shelf input[type=file]")
    field.evaluate("field => { field.value = ''; }")  # as a click on the button does
    field.set_input_files([str(file) for file in files])


def add(visit: Visit, *files: Path) -> str:
    """Add documents and return what the page says of them in the end."""
    visit.open("shelf")
    visit.page.evaluate("document.querySelector('#shelf .news').dataset.before = ''")
    send(visit, *files)
    visit.page.wait_for_function(
        "() => !/^$|處理中|处理中|Working/"
        ".test(document.querySelector('#shelf .news:not([data-before])')?.innerText ?? '')"
    )
    return str(visit.page.inner_text("#shelf .news"))


def remove(visit: Visit, name: str) -> None:
    """Take a document away: the button asks whether that is meant."""
    visit.page.click(f'[data-remove="{name}"]')
    visit.page.click(f'[data-remove="{name}"][aria-label="確定移除？: {name}"]')


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Event]:
    """Indexing of visitors' documents waits for this event, and tells its last stage meanwhile."""
    from yinju import ui_shelves

    go, build_index = Event(), ui_shelves.build_index

    def held_build(*arguments: Any, progress: Any, **named: Any) -> Any:
        while not go.wait(0.1):
            progress("Writing the index")
        return build_index(*arguments, progress=progress, **named)

    monkeypatch.setattr(ui_shelves, "build_index", held_build)
    yield go
    go.set()


# ── figures and check ───────────────────────────────────────────────────────────────────────


def test_every_figure_is_in_the_table_and_leads_to_its_place(visit: Visit, world: tuple[str, Assistant]) -> None:
    panel = visit.open("figures")
    panel.locator("tbody tr").first.wait_for()
    assert panel.locator("tbody tr").count() == len(world[1].figures)
    names = panel.locator("tbody input").evaluate_all("all => all.map(e => e.ariaLabel)")
    assert len(set(names)) == len(names)
    assert "選取 1: 2023年 · 東湖縣" in names[0]
    panel.get_by_role("button", name="48所：在文件中顯示", exact=True).wait_for()
    cell = panel.locator(".cell", has_text="48所")
    assert cell.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline", "under each of its lines"
    cell.click()
    visit.marked("2023年東湖縣共有學校48所。")
    assert visit.page.inner_text(".pages mark.key") == "48所"


def test_figures_are_sorted_as_numbers_and_filtered_in_either_script(visit: Visit) -> None:
    panel = visit.open("figures")
    panel.locator("tbody tr").first.wait_for()
    panel.locator('[data-sort="value"]').click()
    values = [float(text.replace(",", "")) for text in panel.locator("td.value").all_inner_texts()]
    assert values == sorted(values)
    assert panel.locator('th[aria-sort="ascending"]').count() == 1
    panel.locator('[data-sort="value"]').click()
    assert [float(text.replace(",", "")) for text in panel.locator("td.value").all_inner_texts()] == values[::-1]
    panel.locator("select.unit").select_option("噸")
    panel.locator(".filter").fill("粮食产量")
    assert set(panel.locator("tbody .cell").all_inner_texts()) == {"12.5萬噸", "12.1萬噸", "11.8萬噸"}
    panel.locator(".filter").fill("2022 粮食")
    assert panel.locator("tbody .cell").all_inner_texts() == ["12.1萬噸"]


def test_figures_of_one_unit_are_plotted_and_of_two_are_not(visit: Visit) -> None:
    panel = visit.open("figures")
    panel.locator("tbody tr").first.wait_for()
    panel.locator("select.unit").select_option("噸")
    boxes = panel.locator("tbody input")
    for number in range(3):
        boxes.nth(number).check()
    panel.locator('[data-table="plot"]').click()
    assert panel.locator(".plot polyline").count() == 1
    assert "11.8萬噸" in panel.locator(".plot svg").get_attribute("aria-label")
    assert panel.locator(".plot h2").inner_text() == "東湖縣 · 糧食產量（噸）"
    assert panel.locator(".plot .tick").all_text_contents() == ["0", "5萬", "10萬", "15萬"]
    boxes.nth(0).uncheck()
    assert panel.locator(".plot rect").count() == 2, "two values make no line"
    panel.locator("select.unit").select_option("所")
    panel.locator("tbody input").first.check()
    assert "單位相同" in panel.locator(".plot").inner_text()


def test_what_is_filtered_out_is_not_plotted_and_choice_and_plot_can_be_taken_back(visit: Visit) -> None:
    panel = visit.open("figures")
    panel.locator("tbody tr").first.wait_for()
    panel.locator("select.unit").select_option("所")
    panel.locator("tbody input").first.check()
    panel.locator("select.unit").select_option("噸")
    for number in range(2):
        panel.locator("tbody input").nth(number).check()
    assert "已選 2 個" in panel.locator(".matching").inner_text()
    panel.get_by_role("button", name="繪圖").click()
    assert panel.locator(".plot rect").count() == 2
    panel.locator("select.unit").select_option("")
    assert "單位相同" in panel.locator(".plot").inner_text()
    panel.get_by_role("button", name="清除選取").click()
    assert panel.locator("tbody input:checked").count() == 0
    assert "已選 0 個" in panel.locator(".matching").inner_text()
    assert not panel.get_by_role("button", name="清除選取").is_visible()
    panel.get_by_role("button", name="收起圖").click()
    assert not panel.locator(".plot").is_visible()


def test_a_table_with_its_unit_in_the_head_is_plotted_in_that_unit_and_found_as_written(
    visit: Visit, tmp_path: Path
) -> None:
    own = tmp_path / "港口.md"
    own.write_text(
        "| 年份 | 集裝箱(萬TEU) |\n|---|---|\n| 2021 | 70.2 |\n| 2022 | 75.5 |\n| 2023 | 79.0 |\n\n"
        "2023年東湖縣GDP達9501億元,企業達９８７６家。",
        encoding="utf-8",
    )
    assert "已加入" in add(visit, own)
    visit.page.wait_for_timeout(700)  # the panels come anew with the document, each in its own time
    panel = visit.open("figures")
    panel.locator("select.unit option", has_text="TEU").wait_for(state="attached")
    for sought in ("950,100,000,000", "950100000000"):
        panel.locator(".filter").fill(sought)
        assert panel.locator("tbody .cell").all_inner_texts() == ["9501億元"]
    for sought in ("９８７６", "9876", "9,876"):
        panel.locator(".filter").fill(sought)
        assert "９８７６家" in panel.locator("tbody .cell").all_inner_texts()
    panel.locator(".filter").fill("無此詞")
    assert panel.locator(".rows").inner_text() == "沒有符合的數據。"
    panel.locator(".filter").fill("")
    panel.locator("select.unit").select_option("TEU")
    for number in range(3):
        panel.locator("tbody input").nth(number).check()
    panel.locator('[data-table="plot"]').click()
    assert panel.locator(".plot h2").inner_text() == "集裝箱（TEU）"
    assert panel.locator(".plot .number").all_text_contents() == ["70.2萬TEU", "75.5萬TEU", "79.0萬TEU"]


def test_the_table_is_downloaded_as_it_is_shown(visit: Visit) -> None:
    panel = visit.open("figures")
    panel.locator("tbody tr").first.wait_for()
    panel.locator("select.unit").select_option("所")
    rows = list(csv.DictReader(io.StringIO(downloaded(visit, '[data-table="csv"]'))))
    assert [(row["surface"], row["value"], row["unit"]) for row in rows] == [("48所", "48", "所")]
    assert REPORT[int(rows[0]["start"]) : int(rows[0]["end"])] == "48所"


def test_the_check_shows_its_arithmetic_and_every_place(visit: Visit) -> None:
    panel = visit.open("check")
    finding = panel.locator(".finding.fails").first
    finding.wait_for()
    assert "50億元 ÷ 500億元 = 10% ≠ 15%" in finding.inner_text()
    for surface in ("500億元", "15%"):
        finding.locator(".source", has=visit.page.locator(f".number:text-is('{surface}')")).click()
        visit.page.wait_for_function(
            "surface => document.querySelector('.pages mark.key')?.textContent === surface", arg=surface
        )


@pytest.mark.parametrize(
    ("visit", "said"),
    [
        ({"locale": "zh-TW"}, "50億元 ÷ 500億元 = 10%，文中卻寫作15%。"),
        ({"locale": "zh-CN"}, "50億元 ÷ 500億元 = 10%，文中却写作15%。"),
        ({"locale": "en-GB"}, "50億元 ÷ 500億元 = 10%, but the text says 15%."),
    ],
    indirect=["visit"],
)
def test_the_check_speaks_the_language_of_the_page(visit: Visit, said: str) -> None:
    finding = visit.open("check").locator(".finding.fails").first
    assert finding.locator("h3").inner_text().endswith(said)


@pytest.mark.parametrize(
    "visit",
    [{"viewport": {"width": 390, "height": 800}, "has_touch": True, "is_mobile": True}, {}, {"viewport": TABLET}],
    indirect=True,
)
def test_no_column_and_no_value_of_the_table_is_cut(visit: Visit, tmp_path: Path) -> None:
    long = tmp_path / "很長的文件名稱也要放得下.txt"
    long.write_text(
        "2023年東湖縣地區生產總值達950,100,000,000元,戰略性新興產業增加值達12.5萬億元。東湖縣三分之一的土地是林地。",
        encoding="utf-8",
    )
    for own in ((), (long,)):
        if own:
            assert "已加入" in add(visit, *own)
        panel = visit.open("figures")
        # Rows of a document added after the table was seen come too; a third is not written to its last digit, which
        # would leave the other columns no room.
        panel.locator("td.value", has_text="0.3333…" if own else "48").first.wait_for()
        cut = visit.page.evaluate(
            """() => { const room = document.querySelector('#panel-figures').getBoundingClientRect();
            return [...document.querySelectorAll('#panels :is(td, th)')].filter(cell => {
                const range = document.createRange(); range.selectNodeContents(cell);
                return cell.textContent && !cell.querySelector('.unseen')
                    && (range.getBoundingClientRect().right > Math.min(room.right, innerWidth));
            }).map(cell => cell.className + cell.textContent); }"""
        )
        assert cut == []
        head = panel.locator("thead").bounding_box()
        for name in panel.locator("thead button").all():
            box = name.bounding_box()
            assert head["y"] - 1 <= box["y"] <= head["y"] + head["height"], "names of columns stand in the head"
        for name in ("unit", "period", "metric"):
            assert panel.locator(f"td.{name}:not(:empty)").first.is_visible()


def test_the_head_of_the_table_stays_in_sight_and_long_names_make_no_tall_rows(visit: Visit, tmp_path: Path) -> None:
    own = tmp_path / f"{'很長的文件名稱' * 5}.txt"
    own.write_text("".join(f"2023年東湖縣第{n}村有{n}人。" for n in range(10, 60)), encoding="utf-8")
    assert "已加入" in add(visit, own)
    visit.page.set_viewport_size({"width": 1700, "height": 700})
    visit.page.wait_for_timeout(700)
    panel = visit.open("figures")
    panel.locator("tbody tr").nth(60).wait_for()
    assert panel.locator(".scroll.cards").count() == 0
    assert max(row.bounding_box()["height"] for row in panel.locator("tbody tr").all()[:40]) < 80
    panel.evaluate("e => { e.scrollTop = 900; }")
    head, room = panel.locator("thead th").nth(1).bounding_box(), panel.bounding_box()
    assert abs(head["y"] - room["y"]) < 3


def test_names_of_documents_and_conversations_open_them(visit: Visit, tmp_path: Path) -> None:
    own = tmp_path / "西山縣.txt"
    own.write_text("2023年西山縣共有學校7所。", encoding="utf-8")
    assert "已加入" in add(visit, own)
    visit.page.set_viewport_size(PHONE)
    visit.page.click('#shelf button.name:text("西山縣.txt")')
    visit.page.wait_for_selector(".pages p:has-text('西山縣共有學校')")
    visit.page.click("#reader .close")
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    visit.open("chat")
    visit.ask("2023年東湖縣共有學校多少所?")
    visit.page.click("#new")
    visit.page.wait_for_selector(".welcome")
    visit.open("history").locator("button.name").click()
    visit.turn(1)


# ── conversations ───────────────────────────────────────────────────────────────────────────


def test_a_conversation_outlives_a_reload_with_its_citations_and_its_context(visit: Visit) -> None:
    visit.ask("2023年東湖縣共有學校多少所?")
    visit.page.reload()
    visit.ready()
    turn = visit.turn(1)
    turn.locator(".chip").first.click()
    visit.page.wait_for_function("() => document.querySelector('.pages mark.key')?.textContent === '48所'")
    assert "理解為" in visit.ask("那森林覆蓋率呢?").inner_text()


def test_conversations_are_listed_renamed_opened_and_deleted(visit: Visit) -> None:
    visit.ask("2023年東湖縣共有學校多少所?")
    visit.page.click("#new")
    visit.page.wait_for_selector(".welcome")
    visit.n_turns = 0
    visit.ask("2023年東湖縣森林覆蓋率是多少?")
    panel = visit.open("history")
    assert panel.locator("li .name").all_inner_texts() == [
        "2023年東湖縣森林覆蓋率是多少?",
        "2023年東湖縣共有學校多少所?",
    ]
    row = panel.locator("li", has_text="學校")
    row.get_by_role("button", name="改名").click()
    panel.get_by_role("button", name="取消").click()
    panel.locator("li", has_text="學校").get_by_role("button", name="改名").click()
    panel.locator(".renaming input").press("Escape")
    assert panel.locator(".renaming").count() == 0
    row.get_by_role("button", name="改名").click()
    panel.locator(".renaming input").fill("學校 <b>")
    panel.locator(".renaming input").press("Enter")
    panel.locator("li", has_text="學校 <b>").get_by_role("button", name="開啟").click()
    visit.page.wait_for_function("() => document.querySelector('.turn[data-turn=\"1\"]')?.innerText.includes('48所')")
    panel = visit.open("history")
    remove = panel.locator("li", has_text="學校").get_by_role("button", name="刪除")
    remove.click()
    panel.get_by_role("button", name="確定刪除？").wait_for()
    visit.page.keyboard.press("Shift+Tab")
    assert panel.get_by_role("button", name="確定刪除？").count() == 0, "who went on is not asked any more"
    remove.click()
    panel.get_by_role("button", name="確定刪除？").click()
    assert visit.page.evaluate("document.activeElement.textContent") == "2023年東湖縣森林覆蓋率是多少?"
    assert panel.locator("li .name").all_inner_texts() == ["2023年東湖縣森林覆蓋率是多少?"]
    visit.open("chat")
    visit.page.wait_for_selector(".welcome")


def test_an_export_is_verified_and_a_changed_word_in_it_is_found(visit: Visit, world: tuple[str, Assistant]) -> None:
    visit.ask("2023年東湖縣共有學校多少所?")
    visit.open("history")
    documents = world[1].index.documents
    with visit.page.expect_download() as started:
        visit.page.click("#panel-history button:has-text('Markdown')")
    assert re.fullmatch(r"yinju-2023年東湖縣共有學校多少所-\d{4}-\d\d-\d\d\.md", started.value.suggested_filename)
    for name in ("JSON", "Markdown"):
        text = downloaded(visit, f"#panel-history button:has-text('{name}')")
        checked = verify_export(text, documents)
        assert checked
        assert all(each.ok for each in checked)
        forged = verify_export(text.replace("48所", "84所"), documents)
        assert not all(each.ok for each in forged)


def test_a_link_asks_its_question_and_a_link_opens_its_words(browser: Any, world: tuple[str, Assistant]) -> None:
    visit = Visit(browser, f"{world[0]}?q=2023年東湖縣共有學校多少所?")
    assert "48所" in visit.turn(1).inner_text()
    assert "?q=" not in visit.page.url
    start = REPORT.index("森林覆蓋率為40%")
    other = Visit(browser, f"{world[0]}#東湖.txt:{start}-{start + 9}")
    other.marked("森林覆蓋率為40%")
    for each in (visit, other):
        each.well()
        each.close()


@pytest.mark.parametrize("visit", [{}, {"viewport": PHONE}], indirect=True)
def test_a_link_wins_over_the_conversation_that_is_taken_up(visit: Visit, world: tuple[str, Assistant]) -> None:
    visit.ask("2023年東湖縣共有學校多少所?")
    start = REPORT.index("森林覆蓋率為40%")
    place = f"#{quote('東湖.txt')}:{start}-{start + 9}"
    visit.page.wait_for_timeout(500)  # a page left while the answer's stream is still open complains of it
    visit.page.goto("about:blank")
    visit.page.goto(f"{world[0]}{place}")
    visit.ready()
    visit.turn(1)
    visit.page.wait_for_timeout(800)
    visit.marked("森林覆蓋率為40%")
    assert visit.page.url.endswith(place)
    if visit.page.viewport_size == PHONE:
        visit.page.click("#reader .close")
    visit.page.fill("#question textarea", "2023年東湖縣共有學校多少所?")
    visit.page.press("#question textarea", "Enter")
    visit.turn(2)
    visit.page.wait_for_function("() => document.querySelector('.pages mark.key')?.textContent === '48所'")


@pytest.mark.parametrize(
    ("visit", "gone", "wordless"),
    [
        ({"locale": "zh-TW"}, "連結指向的文件「<b>無.txt」不在這裡", "在「東湖.txt」裡沒有文字"),
        (
            {"locale": "en-GB", "viewport": PHONE},
            "The document “<b>無.txt” that this link leads to is not here",
            "“東湖.txt”",
        ),
    ],
    indirect=["visit"],
)
def test_a_link_that_leads_nowhere_says_so(
    visit: Visit, world: tuple[str, Assistant], gone: str, wordless: str
) -> None:
    for place, said in ((f"#{quote('<b>無.txt')}:3-9", gone), (f"#{quote('東湖.txt')}:90000-90003", wordless)):
        visit.page.goto("about:blank")
        visit.page.goto(f"{world[0]}{place}")
        visit.ready()
        visit.page.wait_for_selector(f".missing:has-text('{said}')")
        assert visit.page.locator(".pages mark").count() == 0


def test_a_rewritten_question_can_be_edited_and_the_last_asked_again(visit: Visit) -> None:
    visit.ask("2023年東湖縣共有學校多少所?")
    turn = visit.ask("那森林覆蓋率呢?")
    turn.locator('[data-action="edit"]').click()
    assert "森林覆蓋率" in visit.page.input_value("#question textarea")
    assert visit.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    visit.page.fill("#question textarea", "")
    record = visit.page.locator(".turn[data-record]").get_attribute("data-record")
    turn.locator('[data-action="retry"]').click()
    visit.page.wait_for_function(
        "old => (document.querySelector('.turn[data-record]')?.dataset.record ?? old) !== old",
        arg=record,
    )
    assert visit.page.locator(".turn").count() == 2
    kept = json.loads(visit.page.evaluate("localStorage.getItem('yinju.conversations')"))
    assert len(kept[0]["turns"]) == 2


def test_verdicts_become_an_evaluation_set(visit: Visit, world: tuple[str, Assistant]) -> None:
    turn = visit.ask("2023年東湖縣共有學校多少所?")
    turn.locator('[data-action="right"]').click()
    visit.page.wait_for_selector("#notice.shown:text('已記下')")
    turn = visit.ask("2023年東湖縣森林覆蓋率是多少?")
    turn.locator('[data-action="wrong"]').click()
    turn.locator(".correction input").fill("四成")
    turn.locator(".correction input").press("Enter")
    visit.page.wait_for_selector('[data-action="wrong"][aria-pressed="true"]')
    turn = visit.ask("2022年東湖縣糧食產量是多少?")
    assert visit.turn(1).locator('[data-action="right"]').get_attribute("aria-pressed") == "true"
    assert visit.turn(2).locator('[data-action="wrong"]').get_attribute("aria-pressed") == "true"
    turn.locator('[data-action="wrong"]').click()
    turn.locator(".correction button").click()
    visit.page.wait_for_selector("#notice.shown:text('還沒存下')")
    assert turn.locator(".correction input").is_visible()
    questions = read_set(world[1].settings.feedback).questions
    assert {str(question.gold.value or question.gold.texts[0]) for question in questions} >= {"48", "四成"}


def test_follow_ups_are_offered_and_asked_by_a_click(visit: Visit) -> None:
    visit.page.wait_for_selector(".example")
    visit.ask("2023年東湖縣共有學校多少所?")
    offered = visit.page.locator(".next .example")
    assert 1 <= offered.count() <= 3
    question = offered.first.inner_text()
    visit.page.reload()
    visit.ready()
    offered.first.wait_for()
    assert offered.first.inner_text() == question, "a conversation taken up goes on as it would have"
    offered.first.click()
    turn = visit.next_turn()
    assert turn.locator(".question").inner_text() == question
    assert turn.get_attribute("data-status") != "abstained"


# ── languages ───────────────────────────────────────────────────────────────────────────────


def test_language_and_script_are_chosen_and_remembered_with_tab_and_draft(visit: Visit) -> None:
    visit.ask("2023年東湖縣共有學校多少所?")
    visit.page.fill("#question textarea", "還沒寫完")
    visit.open("figures").locator("tbody tr").first.wait_for()
    visit.page.select_option('[data-cookie="yinju_language"]', "en")
    visit.page.wait_for_selector("#tab-figures:text('Figures')[aria-selected='true']")
    visit.page.locator("#panel-figures .cell", has_text="48所").wait_for()
    visit.open("history").locator(".name").wait_for()
    visit.page.reload()
    visit.ready()
    visit.page.locator("#panel-history .name").wait_for()
    visit.open("chat")
    visit.turn(1)
    assert visit.page.input_value("#question textarea") == "還沒寫完"
    assert visit.page.get_attribute("html", "lang") == "en"
    visit.page.select_option('[data-cookie="yinju_script"]', "zh-Hans")
    visit.page.wait_for_selector('option[value="zh-Hans"][selected]', state="attached")
    visit.ready()
    answer = visit.ask("2019年東湖縣糧食產量是多少?").locator(".text")
    assert "没有" in answer.inner_text() or "沒有" not in answer.inner_text()
    assert "糧食產量" in visit.page.inner_text(".pages"), "the document stays as its author wrote it"


@pytest.mark.parametrize("visit", [{"locale": "zh-CN"}], indirect=True)
def test_suggested_questions_are_in_the_script_of_the_page(visit: Visit) -> None:
    offered = " ".join(visit.page.locator(".example").all_inner_texts())
    assert "东湖县" in offered
    visit.page.locator(".example").first.click()
    assert visit.next_turn().get_attribute("data-status") != "abstained"


# ── one's own documents ─────────────────────────────────────────────────────────────────────


def test_own_documents_are_asked_shown_and_removed_and_nobody_else_sees_them(
    browser: Any, visit: Visit, world: tuple[str, Assistant], tmp_path: Path
) -> None:
    own = tmp_path / "西山縣.md"
    own.write_text("# 西山縣\n\n2023年西山縣茶葉產量達3.2萬噸。\n", encoding="utf-8")
    assert "已加入 西山縣.md" in add(visit, own)
    visit.open("chat")
    turn = visit.ask("2023年西山縣茶葉產量是多少?")
    assert "3.2萬噸" in turn.inner_text()
    visit.page.wait_for_function("() => document.querySelector('.pages mark.key')?.textContent === '3.2萬噸'")
    other = Visit(browser, world[0])
    assert "3.2萬噸" not in other.ask("2023年西山縣茶葉產量是多少?").inner_text()
    other.open("figures").locator("tbody tr").first.wait_for()
    assert "3.2萬噸" not in other.page.content()
    assert "西山縣.md" not in other.page.content()
    other.close()
    visit.page.reload()
    visit.ready()
    visit.open("shelf")
    remove(visit, "西山縣.md")
    visit.page.wait_for_selector(".news:has-text('已移除 西山縣.md')")
    assert "西山縣" not in visit.page.inner_text("#reader")
    assert len(world[1].index.documents) == 1


HARBOUR = "海灣港年報\n" + "海灣港的碼頭與道路按計劃修建。\n" * 30 + "2023年海灣港貨物吞吐量達88萬噸。\n"


def key_is(visit: Visit, surface: str) -> None:
    """Wait until a figure is marked, in the document that the pane says it shows."""
    visit.page.wait_for_function(
        "surface => document.querySelector('.pages mark.key')?.textContent === surface", arg=surface
    )


def shows(visit: Visit, name: str, words: str) -> None:
    """Assert that the pane shows a document, and names it."""
    head = visit.page.locator(".reader-head :is(select, h2)")
    assert (head.input_value() if head.evaluate("e => e.tagName") == "SELECT" else head.inner_text()) == name
    assert visit.page.get_attribute(".pages", "data-document") == name
    assert words in visit.page.inner_text(".pages")


def test_citations_and_figures_show_their_own_document_after_another_was_added(visit: Visit, tmp_path: Path) -> None:
    own = tmp_path / "A港.txt"
    own.write_text(HARBOUR, encoding="utf-8")
    first = visit.ask("2023年東湖縣共有學校多少所?")
    key_is(visit, "48所")
    assert "已加入" in add(visit, own)
    assert visit.page.get_attribute("#tab-shelf", "aria-selected") == "true"
    assert visit.page.get_attribute("#tab-chat", "aria-selected") == "false"
    assert visit.page.locator('[role="tab"][tabindex="0"]').get_attribute("id") == "tab-shelf"
    assert visit.page.locator(".reader option").first.get_attribute("value") == own.name, "it is the first now"
    key_is(visit, "48所")
    shows(visit, "東湖.txt", "東湖縣年報")
    visit.open("figures").locator(".cell", has_text="40%").click()
    key_is(visit, "40%")
    visit.open("chat")
    visit.ask("2023年海灣港貨物吞吐量是多少?")
    key_is(visit, "88萬噸")
    shows(visit, own.name, "海灣港年報")
    first.locator(".chip").first.click()
    key_is(visit, "48所")
    shows(visit, "東湖.txt", "東湖縣年報")
    visit.page.select_option(".reader select", own.name)
    visit.page.wait_for_function("() => document.querySelector('.pages').textContent.includes('海灣港年報')")
    visit.ask("2023年東湖縣森林覆蓋率是多少?")
    key_is(visit, "40%")
    shows(visit, "東湖.txt", "東湖縣年報")


def test_a_citation_of_a_document_that_was_removed_says_so_and_marks_nothing(visit: Visit, tmp_path: Path) -> None:
    own = tmp_path / "A港.txt"
    own.write_text(HARBOUR, encoding="utf-8")
    assert "已加入" in add(visit, own)
    visit.open("chat")
    turn = visit.ask("2023年海灣港貨物吞吐量是多少?")
    key_is(visit, "88萬噸")
    visit.open("shelf")
    remove(visit, own.name)
    visit.page.wait_for_selector(".news:has-text('已移除 A港.txt')")
    shows(visit, "東湖.txt", "東湖縣年報")
    visit.open("chat")
    turn.locator(".repaired:has-text('「A港.txt」已移除')").wait_for()
    turn.locator(".chip").first.click()
    visit.page.wait_for_selector(".missing:has-text('「A港.txt」已移除')")
    assert visit.page.locator(".pages mark").count() == 0
    shows(visit, "東湖.txt", "東湖縣年報")
    visit.ask("2023年東湖縣共有學校多少所?")
    key_is(visit, "48所")
    assert visit.page.locator(".missing").count() == 0


def test_other_words_in_the_place_of_those_cited_are_not_marked(visit: Visit, tmp_path: Path) -> None:
    own = tmp_path / "A港.txt"
    own.write_text(HARBOUR, encoding="utf-8")
    assert "已加入" in add(visit, own)
    visit.open("chat")
    turn = visit.ask("2023年海灣港貨物吞吐量是多少?")
    key_is(visit, "88萬噸")
    own.write_text("別的話。" * 5 + HARBOUR, encoding="utf-8")
    assert "已加入" in add(visit, own)
    visit.open("chat")
    visit.page.wait_for_selector(".missing:has-text('文件在這之後改過')")
    assert visit.page.locator(".pages mark").count() == 0
    turn.locator(".chip").first.click()
    visit.page.wait_for_selector(".missing:has-text('文件在這之後改過')")
    assert visit.page.locator(".pages mark").count() == 0


def test_the_keyboard_stays_in_the_list_and_news_is_told_in_the_pages_language_until_the_list_is_left(
    visit: Visit, tmp_path: Path
) -> None:
    for name in ("甲.txt", "乙.txt"):
        (tmp_path / name).write_text(f"2023年{name[0]}縣共有學校7所。", encoding="utf-8")
    (tmp_path / "空.txt").write_text("")
    add(visit, *(tmp_path / name for name in ("甲.txt", "乙.txt", "空.txt")))
    first, second = visit.page.locator("[data-remove]").evaluate_all("all => all.map(e => e.dataset.remove)")
    visit.page.focus(f'[data-remove="{first}"]')
    visit.page.keyboard.press("Enter")
    assert visit.page.inner_text(f'[data-remove="{first}"]') == "確定移除？"
    visit.page.keyboard.press("Tab")
    assert visit.page.inner_text(f'[data-remove="{first}"]') == "移除", "who went on is not asked any more"
    for name, next_to in ((first, second), (second, None)):
        visit.page.focus(f'[data-remove="{name}"]')
        visit.page.keyboard.press("Enter")
        visit.page.keyboard.press("Enter")
        visit.page.wait_for_selector(f".news:has-text('已移除 {name}')")
        focused = visit.page.evaluate("document.activeElement.dataset.remove ?? document.activeElement.className")
        assert focused == (next_to or "panel-title")
    add(visit, tmp_path / "空.txt")
    visit.page.select_option('[data-cookie="yinju_language"]', "en")
    visit.page.wait_for_selector(".news:has-text('空.txt was not added: it is empty.')")
    visit.open("chat")
    visit.open("shelf")
    assert visit.page.inner_text("#shelf .news") == ""
    visit.page.reload()
    visit.ready()
    visit.page.wait_for_selector("#shelf .news", state="attached")
    visit.page.wait_for_timeout(700)
    assert visit.page.inner_text("#shelf .news") == ""


def test_a_document_being_removed_says_so_and_is_removed_also_after_a_reload(
    visit: Visit, held: Event, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from yinju import ui_suggest

    first, second = tmp_path / "甲.txt", tmp_path / "乙.txt"
    first.write_text("2023年甲縣共有學校7所。", encoding="utf-8")
    second.write_text("2023年乙縣共有學校9所。", encoding="utf-8")
    go, checked_questions = Event(), ui_suggest.checked_questions
    monkeypatch.setattr(ui_suggest, "checked_questions", lambda *given: go.wait(60) and checked_questions(*given))
    held.set()
    try:
        assert "已加入" in add(visit, first, second)
        held.clear()
        remove(visit, "甲.txt")
        visit.page.wait_for_selector(".coming:has-text('甲.txt'):has-text('移除中')")
        assert visit.page.locator("[data-cancel]").count() == 0
        visit.page.reload()
        visit.ready()
        visit.complaints.clear()  # Gradio breaks off what it reads before the page is left, and complains of that
        visit.open("shelf")
        visit.page.wait_for_selector(".coming:has-text('甲.txt'):has-text('移除中')")
        held.set()
        visit.page.wait_for_selector(".news:has-text('已移除 甲.txt')")
        assert visit.page.locator("[data-remove]").count() == 1
        assert visit.page.locator(".reader option").count() == 2
    finally:
        go.set()


def test_adding_can_be_cancelled_and_goes_on_in_a_window_opened_meanwhile(
    visit: Visit, held: Event, tmp_path: Path
) -> None:
    own = tmp_path / "西山縣.txt"
    own.write_text("2023年西山縣共有學校7所。", encoding="utf-8")
    send(visit, own)
    visit.page.wait_for_selector(".news:has-text('寫入索引')")
    visit.page.click("[data-cancel]")
    visit.page.wait_for_selector(".news:has-text('西山縣.txt 未能加入：已取消')")
    assert visit.page.locator(".coming, [data-cancel], [data-remove]").count() == 0
    send(visit, own)
    visit.page.wait_for_selector(".news:has-text('寫入索引')")
    other = visit.context.new_page()
    other.goto(visit.page.url)
    other.wait_for_selector("#tab-shelf")
    other.click("#tab-shelf")
    other.wait_for_selector(".coming:has-text('西山縣.txt')")
    other.wait_for_selector(".news:has-text('寫入索引')")
    held.set()
    for page in (visit.page, other):
        page.wait_for_selector(".news:has-text('已加入 西山縣.txt')")
        page.wait_for_selector('[data-remove="西山縣.txt"]')
        page.wait_for_selector(".reader option[value='西山縣.txt']", state="attached")


def test_answers_given_while_documents_are_indexed_stay(visit: Visit, held: Event, tmp_path: Path) -> None:
    own = tmp_path / "西山縣.txt"
    own.write_text("2023年西山縣茶葉產量達3.2萬噸。", encoding="utf-8")
    visit.ask("2023年東湖縣共有學校多少所?")
    send(visit, own)
    visit.page.wait_for_selector(".news:has-text('寫入索引')")
    visit.open("chat")
    visit.ask("2023年東湖縣森林覆蓋率是多少?")
    held.set()
    visit.page.wait_for_selector(".counts:has-text('2 份文件')", state="attached")
    visit.page.wait_for_timeout(700)
    assert visit.page.locator(".turn").count() == 2
    other = tmp_path / "北川縣.txt"
    other.write_text("2023年北川縣共有學校9所。", encoding="utf-8")
    assert "已加入" in add(visit, other)
    held.clear()
    visit.open("chat")
    visit.page.click("#new")
    visit.page.wait_for_selector(".welcome")
    visit.n_turns = 0
    visit.open("shelf")
    remove(visit, "西山縣.txt")
    visit.page.wait_for_selector(".coming:has-text('移除中')")
    visit.open("chat")
    visit.ask("2023年東湖縣共有學校多少所?")
    visit.ask("2023年東湖縣森林覆蓋率是多少?")
    held.set()
    visit.page.wait_for_selector(".counts:has-text('2 份文件')", state="attached")
    visit.page.wait_for_timeout(700)
    assert visit.page.locator(".turn").count() == 2
    assert "已不在原位" not in visit.page.inner_text("#conversation")


def test_documents_sent_while_others_are_indexed_wait_and_are_not_yet_in(
    visit: Visit, held: Event, tmp_path: Path
) -> None:
    empty, first, second = (tmp_path / name for name in ("空.txt", "甲.txt", "乙.txt"))
    empty.write_text("")
    first.write_text("2023年甲縣共有學校7所。", encoding="utf-8")
    second.write_text("2023年乙縣共有學校9所。", encoding="utf-8")
    send(visit, empty, first)
    visit.page.wait_for_selector(".news:has-text('寫入索引')")
    assert visit.page.locator("[data-remove]").count() == 0
    assert "只有你看得到" not in visit.page.inner_text("#shelf")
    send(visit, second)
    visit.page.wait_for_selector(".coming:has-text('乙.txt')")
    assert set(visit.page.locator(".coming .name").all_inner_texts()) == {"空.txt", "甲.txt", "乙.txt"}
    held.set()
    visit.page.wait_for_selector(".news:has-text('已加入 乙.txt')")
    said = visit.page.inner_text(".news")
    assert "空.txt 未能加入：檔案是空的" in said
    assert "已加入 甲.txt" in said, "what was said of the first is not lost to the second"
    assert visit.page.locator(".coming").count() == 0
    assert set(visit.page.locator("[data-remove]").evaluate_all("all => all.map(e => e.dataset.remove)")) == {
        "甲.txt",
        "乙.txt",
    }
    assert "已加入 甲.txt" in add(visit, first), "the same file can be sent again"


def test_a_document_is_in_before_questions_about_it_are_prepared(
    visit: Visit, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from yinju import ui_suggest

    go, checked_questions = Event(), ui_suggest.checked_questions
    monkeypatch.setattr(ui_suggest, "checked_questions", lambda *given: go.wait(60) and checked_questions(*given))
    own = tmp_path / "西山縣.txt"
    own.write_text("2023年西山縣共有學校7所。", encoding="utf-8")
    try:
        assert "已加入" in add(visit, own)
        visit.open("chat")
        assert "7所" in visit.ask("2023年西山縣共有學校多少所?").inner_text()
    finally:
        go.set()
    visit.page.click("#new")
    visit.page.wait_for_selector(".welcome .example")


def test_what_cannot_be_added_is_said_in_a_sentence_each(visit: Visit, tmp_path: Path) -> None:
    empty, broken = tmp_path / "空.txt", tmp_path / "壞.pdf"
    empty.write_text("")
    broken.write_bytes(b"%PDF-1.4 broken")
    said = add(visit, empty, broken)
    assert "空.txt 未能加入" in said
    assert "壞.pdf 未能加入" in said
    assert visit.page.locator("[data-remove]").count() == 0


@pytest.mark.parametrize(
    ("visit", "stage", "empty", "unknown"),
    [
        ({"locale": "zh-TW"}, "處理中：寫入索引", "檔案是空的", "這種檔案讀不了"),
        ({"locale": "zh-CN"}, "处理中：写入索引", "文件是空的", "这种文件读不了"),
        ({"locale": "en-GB"}, "Working: writing the index", "it is empty.", "this type of file cannot be read"),
    ],
    indirect=["visit"],
)
def test_news_of_documents_is_in_the_language_of_the_page(
    visit: Visit, held: Event, tmp_path: Path, stage: str, empty: str, unknown: str
) -> None:
    nothing, program, own = (tmp_path / name for name in ("e.txt", "p.exe", "o.txt"))
    nothing.write_text("")
    program.write_bytes(b"MZ")
    own.write_text("2023年西山縣共有學校7所。", encoding="utf-8")
    send(visit, own, nothing, program)
    visit.page.wait_for_selector(f".news:has-text('{stage}')")
    held.set()
    visit.page.wait_for_selector(f".news:has-text('{empty}')")
    assert unknown in visit.page.inner_text(".news")
    assert visit.page.locator("[data-remove]").count() == 1, "one that cannot be read keeps no other out"
    assert "Invalid file type" not in visit.page.content()
    assert visit.page.locator(".toast-body").count() == 0


def test_a_file_too_large_is_not_sent(visit: Visit, tmp_path: Path) -> None:
    large = tmp_path / "大.txt"
    with large.open("wb") as file:
        file.truncate(51 * 2**20)
    send(visit, large)
    visit.page.wait_for_selector(".news:has-text('大.txt 超過 50 MB')")
    assert not [url for url in visit.requests if "/upload" in url]
    assert visit.page.locator(".toast-body").count() == 0
    small = tmp_path / "小.txt"
    small.write_text("2023年西山縣共有學校7所。", encoding="utf-8")
    said = add(visit, large, small)
    assert "已加入 小.txt" in said, "it keeps no other out"
    assert visit.page.locator("#panel-shelf .news").last.inner_text().startswith("大.txt 超過 50 MB")
    assert "已加入" in add(visit, small)
    assert "大.txt" not in visit.page.inner_text("#panel-shelf")


# ── safety ──────────────────────────────────────────────────────────────────────────────────


def test_hostile_questions_documents_names_and_headings_stay_text(visit: Visit, tmp_path: Path) -> None:
    hostile = tmp_path / "惡.md"
    lines = [
        f"# {payload}\n\n{payload} 2023年惡意{number}縣產量達{number + 5}萬噸。"
        for number, payload in enumerate(PAYLOADS)
    ]
    hostile.write_text("\n\n".join(lines), encoding="utf-8")
    named = tmp_path / "'><img src=x onerror=alert(1)>.txt"
    named.write_text("2023年西山縣茶葉產量達3.2萬噸。", encoding="utf-8")
    add(visit, hostile, named)
    tags = "#reader :is(script, img, iframe, object, embed, svg, base, meta, form, video)"
    visit.page.select_option(".reader select", "惡.md")
    visit.page.wait_for_function("() => document.querySelector('.pages').textContent.includes('惡意')")
    assert visit.page.locator(tags).count() == 0
    for view in ("figures", "check"):
        visit.open(view).locator("tbody tr, .finding, .panel-title").first.wait_for()
    visit.open("chat")
    for number, payload in enumerate(PAYLOADS, 1):
        assert visit.ask(payload).locator(".question").inner_text().split() == payload.split(), number
    visit.open("history")
    visit.page.wait_for_timeout(500)
    inside = (
        "#conversation :is(script, img, iframe, object, embed, base, meta, video), #panels :is(script, img, iframe)"
    )
    assert visit.page.locator(inside).count() == 0


@pytest.mark.parametrize("visit", [{"viewport": PHONE, "has_touch": True, "is_mobile": True}], indirect=True)
def test_every_panel_fits_a_phone(visit: Visit) -> None:
    for view in ("figures", "check", "shelf", "history", "chat"):
        visit.open(view)
        page, window = visit.width()
        assert page <= window == PHONE["width"], view
    panel = visit.open("figures")
    panel.locator(".cell", has_text="48所").click()
    visit.page.wait_for_selector(".pages", state="visible")
    visit.marked("2023年東湖縣共有學校48所。")


# ── accessibility ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("visit", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
def test_axe_finds_nothing_against_wcag_2_1_aa(visit: Visit) -> None:
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    visit.page.evaluate(axe)
    for question in ("2023年東湖縣共有學校多少所?", "那2019年呢?"):
        visit.ask(question)
    levels = visit.page.evaluate(
        """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].filter(e => e.getClientRects().length)
            .map(e => Number(e.tagName[1]))"""
    )
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    for view, filled in (
        ("chat", ".turn"),
        ("figures", "tbody tr"),
        ("check", ".finding"),
        ("shelf", "li"),
        ("history", "li"),
    ):
        visit.open(view).locator(filled).first.wait_for()
        found = visit.page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa']})")
        assert found["passes"], "axe looked at something"
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == [], view
