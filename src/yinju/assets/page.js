/* The reading pane: shows a document, finds a span given in code points, marks it and scrolls to it.
 *
 * Runs once per page, inside the pane's own component, which gives it `element` (the pane) and `server` (the
 * functions of the Python side). Everything put into the page as HTML was escaped there.
 */
const loaded = new Map();
let shown = element.querySelector(".pages")?.dataset.document ?? null;
let lastTurn = null;
let opener = null;
/* An address that names a place is followed before the answers of a conversation that is taken up again. */
let linked = /:\d+-\d+$/.test(location.hash);

/* The place that is marked or will be, as it was asked for, and how often one was asked for. */
let place = null, asked = 0, scrolled = 0;

/* The pane comes anew in the same elements; only this says that it did. */
const stamp = () => element.querySelector(".reader")?.dataset.at ?? null;
/* The end of the address that names the place last shown. */
let here = "";

const pages = () => element.querySelector(".pages");
const NARROW = window.matchMedia("(max-width: 860px)");
const narrow = () => NARROW.matches;

function clearMarks() {
  for (const mark of pages().querySelectorAll("mark")) {
    const parent = mark.parentNode;
    mark.replaceWith(...mark.childNodes);
    parent.normalize();
  }
}

function wrap(node, from, to, key) {
  const characters = Array.from(node.data);
  const before = characters.slice(0, from).join("").length;
  const length = characters.slice(from, to).join("").length;
  const middle = before ? node.splitText(before) : node;
  if (length < middle.length) middle.splitText(length);
  const mark = document.createElement("mark");
  if (key) mark.className = "key";
  middle.replaceWith(mark);
  mark.append(middle);
}

/* Marks [start, end) of the document; offsets are code points, as in the answer. */
function markSpan(start, end, key) {
  for (const block of pages().querySelectorAll("[data-start]")) {
    let position = Number(block.dataset.start);
    if (position >= end || Number(block.dataset.end) <= start) continue;
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    for (const node of nodes) {
      const length = Array.from(node.data).length;
      const from = Math.max(start - position, 0);
      const to = Math.min(end - position, length);
      if (from < to) wrap(node, from, to, key);
      position += length;
    }
  }
}

/* Marks the citation, cut at the figures in it, which are marked more strongly. */
function markCitation(start, end, keys) {
  let position = start;
  for (const [from, to] of keys.sort((one, other) => one[0] - other[0])) {
    if (from < position) continue;
    markSpan(position, from, false);
    markSpan(from, to, true);
    position = to;
  }
  markSpan(position, end, false);
}

/* Shows a document, unless another was asked for after this, the `mine`-th, while it came; tells whether it is here. */
async function showDocument(name, mine) {
  if (shown === name) return true;
  if (shown !== null && !loaded.has(shown)) { clearMarks(); loaded.set(shown, pages().innerHTML); }
  while (!loaded.has(name)) {
    const at = stamp();
    const page = await server.read_document(name);
    if (mine !== asked) return false;
    if (at !== stamp()) continue;  // there are other documents since
    if (!page) return false;
    loaded.set(name, page);
  }
  pages().innerHTML = loaded.get(name);
  pages().dataset.document = name;
  pages().scrollTop = 0;
  shown = name;
  nameShown();
  return true;
}

function nameShown() {
  const choice = element.querySelector("select");
  if (choice) choice.value = shown;
  const title = element.querySelector(".document-name");
  if (title) title.textContent = shown;
}

/* Says in the pane why there is nothing to show; without a key the sentence goes. */
function tellMissing(key, name) {
  element.querySelector(".missing")?.remove();
  if (!key) return;
  const words = JSON.parse(document.querySelector("[data-words]")?.dataset.words ?? "null");
  if (!words) return setTimeout(tellMissing, 50, key, name);
  const note = document.createElement("p");
  note.className = "missing";
  note.setAttribute("role", "alert");
  note.textContent = words[key].replace("{name}", name);
  pages().before(note);
}

/* Tells whether what is marked is what is quoted; a quotation also has what stands between cells and lines. */
function isQuoted(marks, quote) {
  let position = 0;
  return [...marks].every((mark) => {
    const found = quote.indexOf(mark.textContent, position);
    position = found + mark.textContent.length;
    return found >= 0;
  });
}

async function openSpan(wanted, follow = true) {
  const mine = ++asked;
  place = { ...wanted };
  const { document: name, start, end, keys, peek } = place;
  tellMissing();
  const isHere = await showDocument(name, mine);
  if (mine !== asked) return;
  clearMarks();
  if (!isHere) return tellMissing(peek ? "gone" : "not_here", name);
  markCitation(Number(start), Number(end), (keys || "").split(" ").filter(Boolean).map((key) => key.split("-").map(Number)));
  const marks = pages().querySelectorAll("mark");
  if (peek && !isQuoted(marks, peek)) { clearMarks(); return tellMissing("changed", name); }
  history.replaceState({ ...history.state, followed: true }, "", `#${encodeURIComponent(name)}:${start}-${end}`);
  here = location.hash;
  if (!marks.length) return tellMissing("no_words", name);
  marks[0].tabIndex = -1;
  if (!follow) return;
  bring(marks, window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth");
  // Paragraphs out of sight have guessed heights: once those on the way are laid out, the place may be another.
  for (const wait of [500, 1200])
    setTimeout(() => { if (marks[0].isConnected && !inSight(marks[0])) bring(marks, "auto"); }, wait);
}

function inSight(mark) {
  const pane = pages().getBoundingClientRect(), box = mark.getBoundingClientRect();
  return box.top >= pane.top && box.bottom <= pane.bottom;
}

function bring(marks, behavior) {
  const pane = pages();
  const box = pane.getBoundingClientRect();
  const top = marks[0].getBoundingClientRect().top - box.top + pane.scrollTop;
  const bottom = marks[marks.length - 1].getBoundingClientRect().bottom - box.top + pane.scrollTop;
  const room = Math.max((pane.clientHeight - (bottom - top)) / 3, 16);
  pane.scrollTo({ top: Math.max(top - room, 0), behavior });
}

/* ── the sheet that a narrow window shows the documents on ── */
const backdrop = document.createElement("div");
backdrop.id = "backdrop";
backdrop.dataset.closeReader = "";
document.body.append(backdrop);
const reading = () => document.body.classList.contains("reading");

/* What the sheet covers is out of reach as long as it does. */
function cover() {
  for (const id of ["masthead", "talk-column"]) document.getElementById(id).inert = reading() && narrow();
}
NARROW.addEventListener("change", cover);

/* The sheet has an entry of its own in the window's history, so that going back closes it and leaves no page. */
function setDrawer(open, from = document.activeElement) {
  if (open === reading()) return;
  document.body.classList.toggle("reading", open);
  cover();
  if (open) {
    opener = from;
    history.replaceState({ followed: true, under: true }, "");
    history.pushState({ followed: true, sheet: true }, "");
    element.querySelector(".close")?.focus({ preventScroll: true });
    return;
  }
  giveFocusBack();
  if (history.state?.sheet) history.back();
}

/* To what opened the sheet or, where that is gone or was nothing on the page, to the tab. */
function giveFocusBack() {
  const back = opener?.isConnected && opener !== document.body ? opener : document.querySelector('[role="tab"][aria-selected="true"]');
  back?.focus({ preventScroll: true });
  opener = null;
}

window.addEventListener("popstate", (event) => {
  if (!event.state?.under) return;
  // The address stays that of the place last shown: it is where the document still stands.
  history.replaceState({ followed: true }, "", here || undefined);
  setDrawer(false);
});

/* Another tab: what belongs to the one before goes. */
let view = document.body.dataset.view ?? "chat";
document.addEventListener("yinju-view", (event) => {
  if (event.detail !== view) setDrawer(false);
  view = event.detail;
});

function markCurrent(chosen) {
  const same = (cite) => cite.closest(".turn") === chosen.closest(".turn") && cite.dataset.cite === chosen.dataset.cite;
  for (const cite of document.querySelectorAll("[data-cite]")) {
    if (same(cite)) cite.setAttribute("aria-current", "true");
    else cite.removeAttribute("aria-current");
  }
}

document.addEventListener("click", async (event) => {
  linked = false;
  const cite = event.target.closest("[data-cite]");
  if (cite) {
    markCurrent(cite);
    if (narrow()) setDrawer(true, cite);
    await openSpan(cite.dataset);
    return;
  }
  const listed = event.target.closest("[data-show-document]");
  if (listed) {
    if (narrow()) setDrawer(true, listed);
    place = null;
    tellMissing();
    await showDocument(listed.dataset.showDocument, ++asked);
  } else if (event.target.closest("[data-open-reader]")) setDrawer(true, event.target);
  else if (event.target.closest("[data-close-reader]")) setDrawer(false);
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") setDrawer(false);
});

element.addEventListener("change", async (event) => {
  if (event.target.matches("select")) { place = null; tellMissing(); await showDocument(event.target.value, ++asked); }
});
element.addEventListener("scroll", (event) => { if (event.target === pages()) scrolled = event.target.scrollTop; }, true);

/* A new answer: bring it into view and show where its first citation stands. */
function followConversation() {
  const turns = document.querySelectorAll("#conversation .turn");
  const turn = turns[turns.length - 1];
  const key = turn ? turn.dataset.turn + turn.dataset.status : null;
  if (key === lastTurn) return;
  lastTurn = key;
  if (!turn) {
    place = null;
    clearMarks();
    here = "";
    history.replaceState(history.state, "", location.pathname + location.search);
    return;
  }
  const pane = turn.closest(".talk");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  if (pane) pane.scrollTo({ top: turn.offsetTop - 12, behavior: calm ? "auto" : "smooth" });
  const takenUp = !turn.dataset.record && turn.dataset.status !== "pending";
  if (takenUp && linked) return;
  linked = false;
  const first = turn.querySelector("[data-cite]");
  if (first) { markCurrent(first); openSpan(first.dataset); }
}

/* The conversation may be put into the page after this pane. */
(function watchConversation() {
  const conversation = document.getElementById("conversation");
  if (!conversation) return setTimeout(watchConversation, 50);
  new MutationObserver(followConversation).observe(conversation, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-status"] });
})();
/* The address names a place: `#document:start-end`. */
function openAddress() {
  const place = /^#(.+):(\d+)-(\d+)$/.exec(location.hash);
  if (!place) return;
  let name = place[1];
  try { name = decodeURIComponent(name); } catch { /* written by hand, with a bare % in it */ }
  // A place that the page itself went to is found again, but nobody asked to see it over the conversation.
  if (narrow() && !history.state?.followed) setDrawer(true);
  openSpan({ document: name, start: place[2], end: place[3] });
}
window.addEventListener("hashchange", () => { if (location.hash !== here) openAddress(); });

/* The pane's own content comes with the first load, in the reader's language, and anew with other documents: the first
 * of them. Whoever reads another goes on where they were.
 */
let at = null;
new MutationObserver(async () => {
  if (stamp() === at) return;
  const isFirst = at === null, reading = shown, marked = place, top = scrolled;
  at = stamp();
  loaded.clear();
  shown = pages()?.dataset.document ?? null;
  if (shown === null) return;
  nameShown();
  tellMissing();
  document.documentElement.lang = element.querySelector("[data-language]").dataset.language;
  if (isFirst) return openAddress();
  const isHere = reading === shown || [...element.querySelectorAll("select option")].some((option) => option.value === reading);
  if (!isHere) {
    place = null;
    history.replaceState(null, "", location.pathname + location.search);
    pages().scrollTop = 0;
    return;
  }
  if (marked) await openSpan(marked, false); else await showDocument(reading, ++asked);
  if (stamp() === at) pages().scrollTop = top;
}).observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-at"] });
