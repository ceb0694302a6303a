"""What stands around the conversation: the line at the top with its tabs, and the empty panels behind them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from time import monotonic_ns

from yinju.ingest import MEDIA_TYPES
from yinju.text import Language
from yinju.ui_document import LANGUAGES, Texts, escape

VIEWS = ("chat", "figures", "check", "shelf", "history")
"""The tabs, in order; each has its panel in the element ``panel-…``."""
MAX_UPLOAD_MB = 50
"""Larger files are not sent."""
_NAMES = {"zh-Hant": "繁體中文", "zh-Hans": "简体中文", "en": "English"}


def render_masthead(
    n_documents: int, n_figures: int, words: Texts, language: Language = "zh-Hant", script: Language | None = None
) -> str:
    """Return the line above everything: name, tabs, what is loaded, languages, the way to the documents on a phone."""
    counts = f"{words['documents_count'].format(n=n_documents)} · {words['figures_count'].format(n=f'{n_figures:,}')}"
    spoken = json.dumps(dict(words), ensure_ascii=False)
    return (
        f'<header class="masthead" data-words="{escape(spoken)}" data-page-language="{language}">'
        f'<h1 title="{escape(words["tagline"])}"><span class="name">引據</span> <span class="latin">yinju</span></h1>'
        f'<div class="tabs" role="tablist" aria-label="{escape(words["views"])}">{_tabs(words)}</div>'
        f'<p class="counts">{escape(counts)}</p>{_choices(words, language, script)}'
        f'<button type="button" class="open-reader" data-open-reader>{escape(words["open_document"])}</button></header>'
    )


def _tabs(words: Texts) -> str:
    return "".join(
        f'<button type="button" role="tab" id="tab-{view}" data-view="{view}" aria-controls="panel-{view}" '
        f'aria-selected="{str(view == "chat").lower()}" tabindex="{0 if view == "chat" else -1}">'
        f"{escape(words['view_' + view])}</button>"
        for view in VIEWS
    )


def _choices(words: Texts, language: Language, script: Language | None) -> str:
    languages = [(each, _NAMES[each]) for each in LANGUAGES]
    scripts = [("", words["script_asked"]), ("zh-Hant", words["script_hant"]), ("zh-Hans", words["script_hans"])]
    return _select("yinju_script", words["script"], scripts, script or "") + _select(
        "yinju_language", words["language"], languages, language
    )


def _select(cookie: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> str:
    listed = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(name)}</option>'
        for value, name in options
    )
    return f'<select class="choice" data-cookie="{cookie}" aria-label="{escape(label)}">{listed}</select>'


def render_panels(words: Texts) -> str:
    """Return the panels of figures, check and history, still empty; the page's script fills them when first shown.

    Each time they are others, since what filled those before were the figures of other documents.
    """
    waiting = f'<p class="note" role="status">{escape(words["loading"])}</p>'
    return (
        f'<section class="panel" id="panel-figures" role="tabpanel" aria-labelledby="tab-figures" tabindex="0">'
        f'{_filters(words)}<div class="plot" hidden></div>'
        f'<div class="rows" data-at="{monotonic_ns()}">{waiting}</div></section>'
        f'<section class="panel" id="panel-check" role="tabpanel" aria-labelledby="tab-check" tabindex="0">'
        f"{waiting}</section>"
        f'<section class="panel" id="panel-history" role="tabpanel" aria-labelledby="tab-history" tabindex="0">'
        "</section>"
    )


def _filters(words: Texts) -> str:
    options = f'<option value="">{escape(words["all_units"])}</option>'
    buttons = (
        f'<button type="button" class="action" data-table="plot" aria-expanded="false">{escape(words["plot"])}</button>'
        f'<button type="button" class="action" data-table="csv">{escape(words["csv"])}</button>'
    )
    clear = f'<button type="button" class="action" data-table="clear" hidden>{escape(words["clear_chosen"])}</button>'
    return (
        f'<div class="filters"><input type="search" class="filter" placeholder="{escape(words["filter"])}" '
        f'aria-label="{escape(words["filter"])}">'
        f'<select class="unit" aria-label="{escape(words["unit"])}">{options}</select>{buttons}'
        f'<div class="told"><p class="matching" role="status"></p>{clear}</div></div>'
    )


def render_shelf(
    shared: Sequence[str],
    own: Sequence[str],
    words: Texts,
    said: Sequence[str] = (),
    *,
    coming: Sequence[str] = (),
    leaving: Sequence[str] = (),
    can_cancel: bool = False,
) -> str:
    """Return the list of documents: those everyone sees, the visitor's with a way to remove each, and news.

    Those in ``coming`` are still looked at and may yet be refused, those in ``leaving`` are being removed; the last
    line of news can have a button that stops what it says.
    """
    rows = [f'<li>{_name(name, words)}<span class="of">{escape(words["shared"])}</span></li>' for name in shared]
    rows += [
        f'<li>{_name(name, words)}<span class="of">{escape(words["own"])}</span>'
        f'<button type="button" class="action" data-remove="{escape(name)}" '
        f'aria-label="{escape(words["remove"])}: {escape(name)}">{escape(words["remove"])}</button></li>'
        for name in own
        if name not in leaving
    ]
    rows += [
        f'<li class="coming"><span class="name">{escape(name)}</span>'
        f'<span class="of">{escape(words["removing"])}</span></li>'
        for name in leaving
    ]
    rows += [
        f'<li class="coming"><span class="name">{escape(name)}</span>'
        f'<span class="of">{escape(words["coming"])}</span></li>'
        for name in coming
    ]
    cancel = f'<button type="button" class="action" data-cancel>{escape(words["cancel"])}</button>'
    news = "".join(f"<p>{escape(line)}</p>" for line in said) + (cancel if can_cancel else "")
    return (
        f'<h2 class="panel-title">{escape(words["view_shelf"])}</h2><p class="note">{escape(words["shelf_note"])}</p>'
        f'<ul class="shelf">{"".join(rows)}</ul><div class="news" role="status" '
        f'data-accept="{",".join(MEDIA_TYPES)}" data-limit="{MAX_UPLOAD_MB}">{news}</div>'
    )


def _name(name: str, words: Texts) -> str:
    """A document's name as a button that opens it."""
    return (
        f'<button type="button" class="name" data-show-document="{escape(name)}" '
        f'title="{escape(words["show_document"])}">{escape(name)}</button>'
    )


def render_note(text: str, refused: bool = True) -> str:
    """Return the sentence beside the question box; each stands for itself, also where its words are those before."""
    kind = 'class="refused" role="alert"' if refused else 'class="said" role="status"'
    return f'<p {kind} data-at="{monotonic_ns()}">{escape(text)}</p>'
