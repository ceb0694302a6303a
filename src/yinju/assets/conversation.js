/* The conversation: what its buttons do, and the list of those before it.
 *
 * Runs once per page, after history.js, inside the conversation's component, which gives it `element`, `trigger` (events
 * for the Python side) and `server` (its functions). Texts become text nodes, never HTML.
 */
const spoken = () => JSON.parse(document.querySelector("[data-words]")?.dataset.words || "{}");
const show = (view) => document.dispatchEvent(new CustomEvent("yinju-show", { detail: view }));

function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/* ── copying ── */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https a browser gives no clipboard; the old way still works.
    const field = make("textarea");
    field.value = text;
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

const notice = document.body.appendChild(make("div", { id: "notice", role: "status" }));
function say(text) {
  notice.textContent = text;
  notice.classList.add("shown");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => notice.classList.remove("shown"), 2500);
}

/* ── a citation's words, beside it ── */
const peek = document.body.appendChild(make("div", { id: "peek", role: "tooltip", hidden: "" }));

function showPeek(target) {
  peek.textContent = target.dataset.peek;
  peek.hidden = false;
  const box = target.getBoundingClientRect(), size = peek.getBoundingClientRect();
  const below = box.bottom + 8 + size.height < innerHeight;
  peek.style.top = `${below ? box.bottom + 8 : Math.max(box.top - size.height - 8, 8)}px`;
  peek.style.left = `${Math.max(8, Math.min(box.left - 12, innerWidth - size.width - 8))}px`;
}
const peekable = (event) => event.target.closest?.(".chip[data-peek], .operand[data-peek]");
for (const kind of ["mouseover", "focusin"])
  document.addEventListener(kind, (event) => {
    const target = peekable(event);
    // Focus that a click gave, or gives back, is not looking for the words: the click has shown them.
    if (target && (kind === "mouseover" || target.matches(":focus-visible"))) showPeek(target);
  });
for (const kind of ["mouseout", "focusout"])
  document.addEventListener(kind, (event) => { if (peekable(event)) peek.hidden = true; });
document.addEventListener("click", () => { peek.hidden = true; }, true);
document.addEventListener("scroll", () => { peek.hidden = true; }, true);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") peek.hidden = true; });

/* ── what the buttons of an answer do ── */
const address = (end) => location.origin + location.pathname + end;
const actions = {
  copy: async (button) => { await copy(button.dataset.copy); say(spoken().copied); },
  link: async (button) => { await copy(address(button.dataset.link)); say(spoken().copied); },
  retry: (button) => ask(button.closest(".turn").querySelector(".question").textContent, true),
  stop: () => { giveUp(); trigger("halt", {}); },
  edit: (button) => compose(button.dataset.text),
  right: (button) => judge(button, true, ""),
  wrong: (button) => {
    const form = button.closest(".answer").querySelector(".correction");
    form.hidden = !form.hidden;
    if (!form.hidden) form.querySelector("input").focus();
  },
};

const box = () => document.querySelector("#question textarea");

function write(text) {
  box().value = text;
  box().dispatchEvent(new Event("input", { bubbles: true }));
}

function compose(text) {
  write(text);
  box().focus();
}

async function judge(button, right, correction) {
  const turn = button.closest(".turn");
  const records = (openConversation()?.turns ?? []).slice(0, Number(turn.dataset.turn));
  const told = await server.verdict(JSON.stringify({ records, right, correction }));
  if (!told.error) { verdicts.set(records.at(-1), right); showVerdicts(); }
  say(told.error ?? told.said);
  return !told.error && !told.asks;
}

/* What was said of answers on this page; their buttons are made anew with every turn. */
const verdicts = new Map();
function showVerdicts() {
  const records = verdicts.size ? openConversation()?.turns ?? [] : [];
  records.forEach((record, n) => {
    if (!verdicts.has(record)) return;
    for (const each of element.querySelectorAll(`.turn[data-turn="${n + 1}"] :is([data-action="right"], [data-action="wrong"])`))
      each.setAttribute("aria-pressed", String((each.dataset.action === "right") === verdicts.get(record)));
  });
}

element.addEventListener("click", (event) => {
  const example = event.target.closest("[data-question]");
  if (example) ask(example.dataset.question);
  const action = event.target.closest("[data-action]");
  if (action) actions[action.dataset.action]?.(action);
});
element.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  form.hidden = await judge(form, false, form.querySelector("input").value);
});

/* What is said of a question is said until it changes; that it comes back into the box is no change. */
let isGivingBack = false;
document.addEventListener("input", (event) => {
  if (!event.target.closest("#question")) return;
  sessionStorage.setItem(DRAFT, box().value);
  if (!isGivingBack) document.querySelector("#note p")?.setAttribute("hidden", "");
});

/* The question box is Gradio's: its buttons come and go without names of their own, and stand in its label. */
(function nameParts() {
  const question = document.getElementById("question"), words = spoken();
  if (!question || !words.send) return setTimeout(nameParts, 50);
  const name = () => {
    for (const [part, label] of [["textarea", words.placeholder], [".submit-button", words.send], [".stop-button", words.stop]])
      question.querySelector(part)?.setAttribute("aria-label", label);
    question.querySelector("textarea")?.setAttribute("dir", "auto");
  };
  new MutationObserver(name).observe(question, { childList: true, subtree: true });
  name();
})();

/* ── asking ── */
/* The question that has no answer yet; there is one at most, and it is shown before the server has its turn for it. */
let asking = null;

function ask(question, again = false) {
  if (asking) return;
  asking = { id: newId(), conversation: currentId(), question, again };
  if (!again) sessionStorage.setItem(PENDING, question);
  document.body.dataset.asking = "yes";
  showAsking();
  trigger("ask", asking);
}

/* Caught here, since Gradio tells of it only later, when more may have been typed. */
document.addEventListener("keydown", (event) => {
  // With Enter an input method takes over what was composed; Safari tells so by the code alone.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229 || event.target !== box()) return;
  event.preventDefault();
  submit();
}, true);
document.addEventListener("click", (event) => { if (event.target.closest("#question .submit-button")) submit(); }, true);

function submit() {
  if (asking) return;
  const question = box().value.trim();
  if (!question) return trigger("blank", {});
  write("");
  ask(question);
}

/* A question that waits and is not the one being asked was stopped. */
function dropStopped() {
  for (const turn of element.querySelectorAll('[data-status="pending"]'))
    if (turn.dataset.asked !== asking?.id) turn.remove();
}

function showAsking() {
  dropStopped();
  const talk = element.querySelector(".talk");
  if (!asking || !talk || talk.querySelector('[data-status="pending"]')) return;
  const words = spoken();
  for (const other of talk.querySelectorAll(".welcome, .next")) other.remove();
  if (asking.again) talk.querySelector(".turn:last-child")?.remove();
  talk.append(make("article", { class: "turn", "data-turn": talk.querySelectorAll(".turn").length + 1, "data-status": "pending", "data-asked": asking.id },
    make("h2", { class: "question", dir: "auto" }, asking.question),
    make("p", { class: "thinking", role: "status" }, words.thinking),
    make("button", { type: "button", class: "action", "data-action": "stop" }, words.stop)));
}

function settle() {
  asking = null;
  sessionStorage.removeItem(PENDING);
  delete document.body.dataset.asking;
}

/* A question without an answer goes back into the box, before what was written there since. */
function giveBack(question) {
  const since = box().value.trim();
  isGivingBack = true;
  write(since ? `${question}\n${since}` : question);
  isGivingBack = false;
}

function giveUp() {
  if (!asking) return;
  const { question, again } = asking;
  settle();
  dropStopped();
  if (!again) giveBack(question);
}

/* ── keeping, and taking up again ── */
new MutationObserver(() => {
  showVerdicts();
  if (!asking) return dropStopped();
  if (element.querySelector(".talk")?.dataset.ended !== asking.id) return showAsking();
  const turn = element.querySelector(".turn[data-record]");
  if (!turn) return giveUp();
  const { record, conversation, replaces } = turn.dataset;
  settle();
  keepTurn(conversation, turn.querySelector(".question").textContent, record, replaces === "true");
}).observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-ended", "data-record"] });

document.addEventListener("click", (event) => {
  if (!event.target.closest("#new")) return;
  giveUp();
  beginConversation();
  show("chat");
});

function takeUp(id) {
  const one = conversations().find((each) => each.id === id);
  if (!one) return;
  giveUp();
  sessionStorage.setItem(OPEN, id);
  trigger("restore", { records: one.turns });
}

function openKept(id) {
  takeUp(id);
  show("chat");
}

/* The page's first content has come: ask what the address asks, or go on where this tab was. */
function begin() {
  if (!document.querySelector("[data-words]")) return setTimeout(begin, 50);
  if (!box()) return setTimeout(begin, 50);
  const asked = new URLSearchParams(location.search).get("q"), left = sessionStorage.getItem(PENDING);
  settle();
  write(sessionStorage.getItem(DRAFT) ?? "");
  if (left) giveBack(left);
  if (asked) {
    show("chat");
    beginConversation();
    history.replaceState(null, "", location.pathname + location.hash);
    ask(asked);
  } else if (openId()) takeUp(openId());
}
begin();

/* ── the list of conversations ── */
function button(label, act) {
  const made = make("button", { type: "button", class: "action" }, label);
  made.addEventListener("click", act);
  return made;
}

/* Title and day, without what a file name cannot hold. */
function fileName(one) {
  const title = one.title.replace(/[\\/:*?"<>|\s\u0000-\u001f]+/g, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 60);
  return `yinju-${title}-${new Date(one.updated).toLocaleDateString("sv")}`;
}

async function download(one, form) {
  const file = await server.export(JSON.stringify({ records: one.turns, form, title: one.title }));
  if (file.error) return say(file.error);
  const kind = form === "json" ? "application/json" : "text/markdown";
  const url = URL.createObjectURL(new Blob([file.text], { type: kind }));
  make("a", { href: url, download: `${fileName(one)}.${form === "json" ? "json" : "md"}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function renaming(one, row) {
  const words = spoken();
  const field = make("input", { "aria-label": words.new_name, maxlength: "80", dir: "auto" });
  const form = make("form", { class: "renaming" }, field, make("button", { class: "action" }, words.save), button(words.cancel, listConversations));
  field.value = one.title;
  form.addEventListener("keydown", (event) => { if (event.key === "Escape") listConversations(); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    renameConversation(one.id, field.value);
    listConversations();
  });
  row.replaceChildren(form);
  field.focus();
}

function deleting(one, made) {
  if (made.dataset.sure) {
    const wasOpen = openId() === one.id;
    deleteConversation(one.id);
    const at = [...document.querySelectorAll("#panel-history .shelf > li")].indexOf(made.closest("li"));
    if (wasOpen) { giveUp(); trigger("restore", { records: [] }); }
    listConversations();
    const names = document.querySelectorAll("#panel-history .name");
    return (names[Math.min(at, names.length - 1)] ?? document.getElementById("panel-history")).focus();
  }
  askWhetherSure(made, (label) => { made.textContent = label; }, spoken().delete_sure, spoken().delete);
}

function titled(one) {
  const made = button(one.title, () => openKept(one.id));
  made.className = "name";
  made.dir = "auto";
  return made;
}

function listed(one) {
  const words = spoken();
  const row = make("li", one.id === openId() ? { "aria-current": "true" } : {});
  const removing = button(words.delete, () => deleting(one, removing));
  const when = new Date(one.updated).toLocaleString(document.documentElement.lang);
  row.append(
    titled(one), make("span", { class: "of" }, `${one.turns.length} · ${when}`),
    make("span", { class: "row-actions" },
      button(words.open_conversation, () => openKept(one.id)), button(words.rename, () => renaming(one, row)),
      button(words.export_markdown, () => download(one, "markdown")),
      button(words.export_json, () => download(one, "json")), removing));
  return row;
}

function listConversations() {
  const panel = document.getElementById("panel-history");
  if (!panel) return;
  const words = spoken(), list = conversations();
  const rows = list.length ? make("ul", { class: "shelf" }, ...list.map(listed)) : make("p", {}, words.no_history);
  panel.replaceChildren(make("h2", { class: "panel-title" }, words.view_history),
    make("p", { class: "note" }, words.history_note), rows);
}
document.addEventListener("yinju-view", (event) => { if (event.detail === "history") listConversations(); });
