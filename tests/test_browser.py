"""The page as a person uses it, in Debian's chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browsing import PHONE, Visit, chromium
from conftest import free_port
from fake_assistant import HARBOUR, FakeAssistant

# What a browser shows when is a matter of milliseconds on a busy machine: a failure counts if it comes again.
pytestmark = [pytest.mark.browser, pytest.mark.flaky(reruns=2)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as launched:
        yield launched


@pytest.fixture
def visit(browser: Any, fake_page: tuple[str, FakeAssistant], request: pytest.FixtureRequest) -> Iterator[Visit]:
    visit = Visit(browser, fake_page[0], **getattr(request, "param", {}))
    yield visit
    visit.well()
    visit.close()


def phone(*locales: str) -> pytest.MarkDecorator:
    options = {"viewport": PHONE, "has_touch": True, "is_mobile": True}
    return pytest.mark.parametrize("visit", [{**options, "locale": locale} for locale in locales], indirect=True)


# ── the real thing ──────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_a_real_question_leads_to_the_words_in_the_document(browser: Any, seed_index: Path) -> None:
    import yinju
    from yinju.ui import build_page, launch_options

    assistant = yinju.open(seed_index)
    page = build_page(assistant)
    page.launch(server_name="127.0.0.1", server_port=free_port(), prevent_thread_lock=True, **launch_options())
    visit = Visit(browser, page.local_url)
    try:
        turn = visit.ask("2024年南山區戰略性新興產業增加值占GDP比重是多少?")
        answer = assistant.ask("2024年南山區戰略性新興產業增加值占GDP比重是多少?")
        assert turn.get_attribute("data-status") == answer.status
        assert answer.citations
        visit.marked(answer.citations[0].quote.replace("\n", ""))
        for citation in reversed(answer.citations):
            turn.locator(f'.source[data-cite="{citation.index}"]').click()
            visit.marked(citation.quote.replace("\n", ""))
        assert visit.outside() == []
        assert visit.complaints == []
    finally:
        visit.close()
        page.close()


# ── what a person does ──────────────────────────────────────────────────────────────────────


def test_the_first_citation_of_an_answer_is_shown_at_once(visit: Visit) -> None:
    visit.ask("𠮷祥碼頭占比是多少?")
    visit.marked("𠮷祥碼頭占比為40%")


def test_a_click_scrolls_to_the_words_also_behind_characters_of_two_code_units(visit: Visit) -> None:
    turn = visit.ask("吞吐量是多少?")
    visit.marked("2023年,海灣港貨物吞吐量達1.25億噸")
    turn.locator('.chip[data-cite="2"]').first.click()
    visit.marked("海灣港貨物吞吐量為1.31億噸")
    assert turn.locator('.source[data-cite="2"]').get_attribute("aria-current") == "true"
    assert turn.locator('.source[data-cite="1"]').get_attribute("aria-current") is None
    visit.page.evaluate("document.querySelector('.pages').scrollTop = 0")
    turn.locator('.chip[data-cite="2"]').first.click()
    visit.marked("海灣港貨物吞吐量為1.31億噸")


def test_marking_leaves_the_document_as_it_was(visit: Visit) -> None:
    before = visit.page.evaluate("document.querySelector('.pages').textContent")
    turn = visit.ask("結尾?")
    visit.marked("全文完")
    turn.locator(".source").click()
    assert visit.page.evaluate("document.querySelector('.pages').textContent") == before
    visit.page.click("#new")
    visit.page.wait_for_selector(".welcome")
    visit.page.wait_for_function("() => !document.querySelector('.pages mark')")


def test_a_citation_of_another_document_opens_it(visit: Visit) -> None:
    first = visit.ask("吞吐量?")
    visit.marked("2023年,海灣港貨物吞吐量達1.25億噸")
    visit.ask("渡輪有多少?")
    visit.marked("渡輪共有18艘")
    assert visit.page.input_value(".reader select") == "<b>x</b>.txt"
    first.locator('.source[data-cite="2"]').click()
    visit.marked("海灣港貨物吞吐量為1.31億噸")
    assert visit.page.input_value(".reader select") == "港口.txt"
    visit.page.select_option(".reader select", "<b>x</b>.txt")
    visit.page.wait_for_function("() => document.querySelector('.pages').textContent.includes('渡輪')")
    assert visit.page.locator(".pages script, .pages img, .pages b").count() == 0


def test_a_follow_up_knows_the_conversation_and_a_new_one_forgets_it(
    visit: Visit, fake_page: tuple[str, FakeAssistant]
) -> None:
    visit.ask("吞吐量?")
    assert "2023年𠮷祥碼頭占比是多少?" in visit.ask("那占比呢?").inner_text()
    assert fake_page[1].asked[-1] == ("那占比呢?", 1)
    visit.page.click("#new")
    visit.page.wait_for_selector(".welcome")
    visit.n_turns = 0
    visit.ask("那占比呢?")
    assert fake_page[1].asked[-1] == ("那占比呢?", 0)


def test_two_people_do_not_see_each_other(browser: Any, visit: Visit, fake_page: tuple[str, FakeAssistant]) -> None:
    visit.ask("吞吐量?")
    other = Visit(browser, fake_page[0])
    assert other.page.locator(".turn").count() == 0
    other.ask("那占比呢?")
    assert fake_page[1].asked[-1] == ("那占比呢?", 0)
    assert "理解為" not in other.page.inner_text("#conversation")
    visit.ask("2019年呢?")
    assert fake_page[1].asked[-1] == ("2019年呢?", 1)
    other.close()


def begin_to_ask(visit: Visit, question: str) -> None:
    visit.page.fill("#question textarea", question)
    visit.page.press("#question textarea", "Enter")


def titles(visit: Visit) -> list[tuple[str, int]]:
    """The conversations kept, the latest first: title and number of turns."""
    kept = json.loads(visit.page.evaluate("localStorage.getItem('yinju.conversations') ?? '[]'"))
    return [(one["title"], len(one["turns"])) for one in kept]


def test_a_question_that_waits_is_shown_asked_once_and_lets_the_next_be_typed(
    browser: Any, visit: Visit, fake_page: tuple[str, FakeAssistant]
) -> None:
    other, n_asked = Visit(browser, fake_page[0]), len(fake_page[1].asked)
    begin_to_ask(other, "慢慢說占比")
    other.page.wait_for_selector(".turn[data-status='pending'] .text")
    begin_to_ask(visit, "吞吐量是多少?")
    assert visit.page.inner_text(".turn[data-status='pending'] .question") == "吞吐量是多少?"
    assert visit.page.locator(".welcome").count() == 0
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.type("下一個問題")
    visit.page.keyboard.press("Enter")
    visit.next_turn()
    assert visit.page.input_value("#question textarea") == "下一個問題"
    other.next_turn()
    other.close()
    assert [question for question, _ in fake_page[1].asked[n_asked:]].count("吞吐量是多少?") == 1


def test_a_question_that_waits_can_be_stopped_and_is_not_asked(
    browser: Any, visit: Visit, fake_page: tuple[str, FakeAssistant]
) -> None:
    other, n_asked = Visit(browser, fake_page[0]), len(fake_page[1].asked)
    begin_to_ask(other, "慢慢說占比")
    other.page.wait_for_selector(".turn[data-status='pending'] .text")
    begin_to_ask(visit, "吞吐量是多少?")
    visit.page.keyboard.type("又想到")
    visit.page.click(".turn [data-action='stop']")
    visit.page.wait_for_selector("#note .said:text-is('已停止。')")
    visit.page.wait_for_selector(".welcome")
    assert visit.page.input_value("#question textarea") == "吞吐量是多少?\n又想到"
    other.next_turn()
    visit.page.wait_for_timeout(500)
    assert "吞吐量是多少?" not in [question for question, _ in fake_page[1].asked[n_asked:]]
    assert visit.page.locator(".turn").count() == 0
    other.close()


@pytest.mark.parametrize("leave", ["new", "open"])
def test_an_answer_that_comes_late_goes_into_no_other_conversation(visit: Visit, leave: str) -> None:
    visit.ask("吞吐量?")
    visit.page.click("#new")
    visit.page.wait_for_selector(".welcome")
    visit.n_turns = 0
    visit.ask("渡輪有多少?")
    begin_to_ask(visit, "慢慢說占比")
    visit.page.wait_for_selector(".turn[data-status='pending'] .text")
    if leave == "new":
        visit.page.click("#new")
        visit.page.wait_for_selector(".welcome")
        visit.n_turns = 0
    else:
        visit.open("history").locator("li", has_text="吞吐量?").get_by_role("button", name="開啟").click()
        visit.page.wait_for_selector(".turn:has-text('1.31億噸')")
        visit.n_turns = 1
    assert visit.page.input_value("#question textarea") == "慢慢說占比", "without an answer it is not lost"
    visit.ask("結尾?")
    visit.page.wait_for_timeout(3500)
    assert visit.page.locator(".turn").count() == visit.n_turns
    expected = {"new": [("結尾?", 1), ("渡輪有多少?", 1), ("吞吐量?", 1)], "open": [("吞吐量?", 2), ("渡輪有多少?", 1)]}
    assert titles(visit) == expected[leave]


def test_half_a_question_is_kept_when_another_conversation_is_opened(visit: Visit) -> None:
    visit.ask("吞吐量?")
    visit.page.fill("#question textarea", "還沒寫完")
    visit.page.click("#new")
    visit.page.wait_for_selector(".welcome")
    assert visit.page.input_value("#question textarea") == "還沒寫完"
    visit.open("history").get_by_role("button", name="開啟").click()
    visit.turn(1)
    assert visit.page.input_value("#question textarea") == "還沒寫完"


def test_a_question_without_an_answer_outlives_a_reload(visit: Visit) -> None:
    visit.ask("吞吐量?")
    begin_to_ask(visit, "慢慢說占比")
    visit.page.wait_for_selector(".turn[data-status='pending'] .text")
    visit.page.reload()
    visit.ready()
    visit.complaints.clear()  # Gradio breaks off what it reads before the page is left, and complains of that
    visit.turn(1)
    visit.page.wait_for_function("() => document.querySelector('#question textarea').value === '慢慢說占比'")
    visit.page.reload()
    visit.ready()
    visit.turn(1)
    visit.page.wait_for_timeout(300)
    assert visit.page.input_value("#question textarea") == "慢慢說占比", "given back once"
    assert titles(visit) == [("吞吐量?", 1)]


def test_an_example_is_asked_by_a_click(visit: Visit) -> None:
    visit.page.locator(".example").first.click()
    visit.next_turn()
    visit.marked("𠮷祥碼頭占比為40%")


def test_states_of_an_answer_differ_to_the_eye(visit: Visit) -> None:
    colours = [
        visit.ask(question).locator(".answer").evaluate("e => getComputedStyle(e).backgroundColor")
        for question in ("𠮷祥碼頭占比?", "吞吐量?", "2019年呢?")
    ]
    assert len(set(colours)) == 3


def test_an_error_is_one_sentence_and_the_question_comes_back(visit: Visit) -> None:
    visit.page.fill("#question textarea", "太長的問題")
    visit.page.press("#question textarea", "Enter")
    visit.page.wait_for_selector("text=The question is <too> long. Ask a shorter one.")
    assert visit.page.input_value("#question textarea") == "太長的問題"
    assert visit.page.locator(".welcome").count() == 1
    visit.ask("占比?")


def test_a_question_that_cannot_be_asked_is_told_beside_the_box_until_it_changes(visit: Visit) -> None:
    note = visit.page.locator("#note .refused")
    for _ in range(2):
        visit.page.fill("#question textarea", "  ")
        visit.page.press("#question textarea", "Enter")
        note.wait_for(state="visible")
        assert note.inner_text() == "請先輸入問題。"
        box, composer = note.bounding_box(), visit.page.locator("#composer").bounding_box()
        assert box and composer
        assert 0 <= composer["y"] - (box["y"] + box["height"]) < 20
        visit.page.keyboard.type("占")
        note.wait_for(state="hidden")
    visit.ask("冗" * 2001)
    assert note.count() == 0
    visit.page.fill("#question textarea", "太長的問題")
    visit.page.press("#question textarea", "Enter")
    note.wait_for(state="visible")
    assert visit.page.locator(".toast-body").count() == 0
    visit.page.click("#new")
    note.wait_for(state="detached")


def test_a_defect_shows_no_insides(visit: Visit) -> None:
    visit.page.fill("#question textarea", "壞掉")
    visit.page.press("#question textarea", "Enter")
    visit.page.wait_for_selector("text=這個問題沒能回答")
    assert "broken inside" not in visit.page.content()


@pytest.mark.parametrize("question", ["<img src=x onerror=alert(1)>", "<script>alert(2)</script>", "${alert(3)}{{4}}"])
def test_a_hostile_question_is_only_text(visit: Visit, question: str) -> None:
    assert visit.ask(question).locator(".question").inner_text() == question
    visit.page.wait_for_timeout(300)


# ── answers that can be used ────────────────────────────────────────────────────────────────


def test_each_operand_of_a_formula_leads_to_its_own_words(visit: Visit) -> None:
    turn = visit.ask("多了多少?")
    operands = turn.locator(".operand")
    assert operands.all_inner_texts() == ["1.31億噸", "1.25億噸"]
    operands.nth(0).click()
    visit.marked("吞吐量為1.31億噸")
    assert visit.page.inner_text(".pages mark.key") == "1.31億噸"
    operands.nth(1).focus()
    visit.page.keyboard.press("Enter")
    visit.marked("吞吐量達1.25億噸")


def test_a_citation_shows_its_words_to_mouse_and_keyboard(visit: Visit) -> None:
    turn = visit.ask("吞吐量是多少?")
    peek = visit.page.locator("#peek")
    turn.locator('.chip[data-cite="2"]').first.hover()
    assert peek.inner_text() == "海灣港貨物吞吐量為1.31億噸"
    visit.page.mouse.move(1, 1)
    peek.wait_for(state="hidden")
    turn.locator('.chip[data-cite="1"]').first.focus()
    assert peek.inner_text() == "2023年,海灣港貨物吞吐量達1.25億噸"
    visit.page.keyboard.press("Escape")
    peek.wait_for(state="hidden")


@pytest.mark.parametrize("visit", [{"viewport": {"width": 390, "height": 800}}], indirect=True)
def test_the_words_beside_a_citation_go_when_it_is_clicked(visit: Visit) -> None:
    turn = visit.ask("吞吐量是多少?")
    peek = visit.page.locator("#peek")
    chip = turn.locator('.chip[data-cite="2"]').first
    chip.hover()
    peek.wait_for(state="visible")
    chip.click()
    visit.marked("海灣港貨物吞吐量為1.31億噸")
    visit.page.wait_for_timeout(400)
    assert not peek.is_visible()
    visit.page.click("#reader .close")
    visit.page.wait_for_selector(".pages", state="hidden")
    visit.page.mouse.move(1, 1)
    visit.page.wait_for_timeout(100)
    assert not peek.is_visible(), "the focus that comes back shows nothing"


@pytest.mark.parametrize("visit", [{"permissions": ["clipboard-read", "clipboard-write"]}], indirect=True)
def test_answer_and_proof_can_be_copied(visit: Visit) -> None:
    turn = visit.ask("𠮷祥碼頭占比?")
    copies = turn.locator('[data-action="copy"]')
    copies.nth(0).click()
    visit.page.wait_for_selector("#notice.shown:text('已複製')")
    assert visit.page.evaluate("navigator.clipboard.readText()") == "40%。"
    copies.nth(1).click()
    visit.page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('「𠮷祥碼頭占比為40%」'))")


# ── languages, widths, keyboard ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("visit", "welcome", "placeholder", "language"),
    [
        ({"locale": "zh-HK"}, "想從文件裡知道什麼？", "問文件裡的內容……", "zh-Hant"),
        ({"locale": "zh-CN"}, "想从文件里知道什么？", "问文件里的内容……", "zh-Hans"),
        ({"locale": "en-GB"}, "What would you like to know?", "Ask the documents…", "en"),
    ],
    indirect=["visit"],
)
def test_the_page_speaks_the_browsers_language(visit: Visit, welcome: str, placeholder: str, language: str) -> None:
    assert visit.page.inner_text(".welcome h2") == welcome
    visit.page.wait_for_selector(f'#question textarea[placeholder="{placeholder}"]')
    visit.page.get_by_role("textbox", name=placeholder, exact=True).wait_for()
    assert visit.page.get_attribute("html", "lang") == language


@phone("zh-TW", "en-GB")
def test_on_a_phone_nothing_scrolls_sideways_and_the_document_slides_over(visit: Visit) -> None:
    page, window = visit.width()
    assert page <= window == PHONE["width"]
    for question in ("吞吐量?", "多了多少?", "2019年呢?", "長" * 300):
        turn = visit.ask(question)
        page, window = visit.width()
        assert page <= window
    assert not visit.page.is_visible(".pages")
    turn.locator(".chip").first.click()
    visit.page.wait_for_selector(".pages", state="visible")
    visit.marked("2023年,海灣港貨物吞吐量達1.25億噸")
    visit.page.click(".reader .close")
    visit.page.wait_for_selector(".pages", state="hidden")
    visit.page.click(".open-reader")
    visit.page.wait_for_selector(".pages", state="visible")
    visit.page.keyboard.press("Escape")
    visit.page.wait_for_selector(".pages", state="hidden")


@pytest.mark.parametrize("visit", [{"locale": "en-US"}, {"locale": "zh-TW"}], indirect=True)
def test_the_line_at_the_top_fits_every_width(visit: Visit) -> None:
    for width in (320, 390, 481, 700, 861, 900, 1000, 1101, 1280):
        visit.page.set_viewport_size({"width": width, "height": 700})
        cut = visit.page.evaluate(
            """() => [...document.querySelectorAll('.masthead :is(button, select)')].filter(each => {
                const box = each.getBoundingClientRect();
                return each.getClientRects().length && (box.left < 0 || box.right > innerWidth + 0.5);
            }).map(each => each.textContent)"""
        )
        assert cut == [], width
        assert visit.page.locator("#masthead").bounding_box()["height"] < 100, width
        for choice in visit.page.locator("#masthead select.choice").all():
            room, text = choice.evaluate(ROOM_AND_TEXT)
            assert room >= text + 12, width


TABLETS = [{"width": 390, "height": 800}, {"width": 820, "height": 1000}]


@pytest.mark.parametrize("visit", [{"viewport": size} for size in TABLETS], indirect=True)
def test_the_sheet_with_the_document_goes_by_back_by_a_tap_beside_it_and_with_its_tab(visit: Visit) -> None:
    turn = visit.ask("吞吐量?")
    chip = turn.locator('.chip[data-cite="2"]').first
    pages = visit.page.locator(".pages")

    def sheet() -> None:
        chip.click()
        pages.wait_for(state="visible")
        visit.marked("海灣港貨物吞吐量為1.31億噸")

    sheet()
    address = visit.page.url
    visit.page.go_back()
    pages.wait_for(state="hidden")
    assert visit.page.locator(".turn").count() == 1, "the page is not left"
    assert visit.page.url == address
    sheet()
    visit.page.mouse.click(195, 40)
    pages.wait_for(state="hidden")
    sheet()
    visit.page.evaluate("document.getElementById('tab-check').click()")
    pages.wait_for(state="hidden")
    visit.open("chat")
    sheet()
    visit.page.click("#reader .close")
    pages.wait_for(state="hidden")
    assert visit.page.evaluate("document.activeElement.dataset.cite") == "2", "focus goes back to where it was"
    visit.page.wait_for_timeout(300)
    assert visit.page.evaluate("document.querySelector('.pages mark.key').textContent") == "1.31億噸"


@pytest.mark.parametrize("visit", [{"viewport": PHONE}], indirect=True)
def test_the_sheet_has_the_focus_while_it_covers_the_page_and_gives_it_back(visit: Visit) -> None:
    turn = visit.ask("吞吐量?")
    focused = "() => (document.activeElement.closest('#reader') ?? document.activeElement).id"
    covered = "() => ['masthead', 'talk-column'].map(id => document.getElementById(id).inert)"
    chip = turn.locator('.chip[data-cite="2"]').first
    for close in ("Escape", "Enter"):
        chip.focus()
        visit.page.keyboard.press("Enter")
        assert visit.page.evaluate("document.activeElement.className") == "close"
        assert visit.page.evaluate(covered) == [True, True]
        visit.page.keyboard.press(close)
        visit.page.locator(".pages").wait_for(state="hidden")
        assert visit.page.evaluate("document.activeElement.dataset.cite") == "2"
    chip.click()
    for _ in range(4):
        visit.page.keyboard.press("Tab")
        assert visit.page.evaluate(focused) in ("reader", ""), "nothing of what is covered"
    visit.page.set_viewport_size({"width": 1280, "height": 800})
    visit.page.wait_for_function("() => !document.getElementById('masthead').inert")


def test_a_new_conversation_has_an_address_that_names_no_place(visit: Visit) -> None:
    visit.ask("吞吐量?")
    visit.marked("2023年,海灣港貨物吞吐量達1.25億噸")
    assert "#" in visit.page.url
    visit.page.click("#new")
    visit.page.wait_for_function("() => !location.hash")


@phone("zh-TW", "zh-CN", "en-GB")
def test_the_choices_on_a_phone_show_the_whole_of_what_is_chosen(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 360, "height": 740})
    for choice in visit.page.locator("#masthead select.choice").all():
        room, text = choice.evaluate(ROOM_AND_TEXT)
        assert room >= text + 12, "with room for the arrow"
    page, window = visit.width()
    assert page <= window
    assert visit.page.locator("#masthead").bounding_box()["height"] < 130


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    turn = visit.ask("吞吐量?")
    turn.locator('.chip[data-cite="2"]').first.focus()
    visit.page.keyboard.press("Enter")
    visit.marked("海灣港貨物吞吐量為1.31億噸")


@pytest.mark.parametrize("visit", [{"color_scheme": "light"}, {"color_scheme": "dark"}], indirect=True)
def test_text_stands_out_in_light_and_dark(visit: Visit) -> None:
    turn = visit.ask("吞吐量?")
    visit.ask("多了多少?")
    visit.ask("2019年呢?")
    turn.locator(".chip").first.click()
    visit.page.wait_for_selector(".pages mark.key")
    low = visit.page.evaluate(CONTRAST)
    assert low == []


# The width of a choice inside, and that of the text of what is chosen.
ROOM_AND_TEXT = """select => { const pen = document.createElement('canvas').getContext('2d');
  pen.font = getComputedStyle(select).font;
  return [select.clientWidth, pen.measureText(select.selectedOptions[0].text).width]; }"""

# WCAG 2.1, 1.4.3: contrast of text and what lies behind it, at least 4.5 : 1.
CONTRAST = """() => {
  const parse = value => { const [r, g, b, a = 1] = value.match(/[\\d.]+/g).map(Number); return {r, g, b, a}; };
  const channel = c => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = c => 0.2126 * channel(c.r) + 0.7152 * channel(c.g) + 0.0722 * channel(c.b);
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
    if (c.a === 1) return c; } return {r: 255, g: 255, b: 255}; };
  const low = [];
  for (const field of document.querySelectorAll('textarea, input:not([type=file], [type=checkbox])')) {
    const ink = parse(getComputedStyle(field, '::placeholder').color), plain = parse(getComputedStyle(field).color);
    const [a, b] = [light(ink), light(behind(field))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) low.push('placeholder');
    if (light(ink) === light(plain)) low.push('a placeholder looks like what was typed');
  }
  for (const e of document.querySelectorAll('#masthead *, #conversation *, #reader *, #new')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) || !e.getClientRects().length) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) low.push(`${e.className || e.tagName} ${ratio.toFixed(2)}`);
  }
  return low;
}"""


def test_the_text_is_what_the_file_says(visit: Visit) -> None:
    shown = visit.page.evaluate(
        "[...document.querySelectorAll('.pages [data-start]')].map(e => e.textContent).join('')"
    )
    assert shown == HARBOUR.replace("\n", "")


def test_what_a_model_writes_is_shown_as_it_comes_and_can_be_stopped(visit: Visit) -> None:
    visit.page.fill("#question textarea", "慢慢說占比")
    visit.page.press("#question textarea", "Enter")
    visit.page.wait_for_selector(".turn[data-status='pending'] .text:has-text('第一句。')")
    visit.page.wait_for_selector(".turn[data-status='pending'] .text:has-text('<b>第二句。</b>')")
    visit.next_turn()
    visit.page.fill("#question textarea", "慢慢說占比")
    visit.page.get_by_role("button", name="送出", exact=True).first.click()
    visit.page.wait_for_selector(".turn[data-status='pending']")
    visit.page.click(".turn [data-action='stop']")
    assert visit.page.locator(".turn[data-status='pending']").count() == 0, "gone at once"
    visit.page.wait_for_selector("#note .said:text-is('已停止。')")
    assert visit.page.input_value("#question textarea") == "慢慢說占比"
    visit.page.keyboard.press("Enter")
    visit.page.click("#question .submit-button")
    visit.page.wait_for_selector(".turn[data-status='pending'] .text")
    # Both in one moment: before the server has told anything of the first.
    visit.page.evaluate("document.querySelector('.turn [data-action=stop]').click()")
    begin_to_ask(visit, "吞吐量?")
    # Shown at once, pending or answered by now: which of the two is a matter of milliseconds.
    visit.page.wait_for_function("[...document.querySelectorAll('.turn .question')].at(-1)?.innerText === '吞吐量?'")
    assert not visit.page.locator("#note .said").is_visible()
    assert "1.31億噸" in visit.next_turn().inner_text()
    assert visit.page.locator(".turn").count() == visit.n_turns
