"""What stands around everything on the page: the line at the top, and the words its scripts need."""

from __future__ import annotations

import json

from yinju.ui_document import Texts, escape

# What the page's scripts say themselves.
SCRIPT_WORDS = ("copied",)


def render_masthead(n_documents: int, n_figures: int, words: Texts) -> str:
    """Return the line above everything: name, purpose, what is loaded, and the way to the documents on a phone."""
    counts = f"{words['documents_count'].format(n=n_documents)} · {words['figures_count'].format(n=f'{n_figures:,}')}"
    spoken = json.dumps({key: words[key] for key in SCRIPT_WORDS}, ensure_ascii=False)
    return (
        f'<header class="masthead" data-words="{escape(spoken)}">'
        '<h1><span class="name">引據</span> <span class="latin">yinju</span></h1>'
        f'<p class="tagline">{escape(words["tagline"])}</p><p class="counts">{escape(counts)}</p>'
        f'<button type="button" class="open-reader" data-open-reader>{escape(words["open_document"])}</button></header>'
    )
