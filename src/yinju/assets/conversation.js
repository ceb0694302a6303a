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
  retry: () => trigger("ask", { again: true }),
  edit: (button) => compose(button.dataset.text),
  right: (button) => judge(button, true, ""),
  wrong: (button) => {
    const form = button.closest(".answer").querySelector(".correction");
    form.hidden = !form.hidden;
    if (!form.hidden) form.querySelector("input").focus();
  },
};

function compose(text) {
  const box = document.querySelector("#question textarea");
  box.value = text;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
}

async function judge(button, right, correction) {
  const turn = button.closest(".turn");
  const records = (openConversation()?.turns ?? []).slice(0, Number(turn.dataset.turn));
  const told = await server.verdict(JSON.stringify({ records, right, correction }));
  for (const each of turn.querySelectorAll('[data-action="right"], [data-action="wrong"]'))
    each.setAttribute("aria-pressed", String((each.dataset.action === "right") === right));
  say(told.error ?? told.said);
}

element.addEventListener("click", (event) => {
  const example = event.target.closest("[data-question]");
  if (example) trigger("ask", { question: example.dataset.question });
  const action = event.target.closest("[data-action]");
  if (action) actions[action.dataset.action]?.(action);
});
element.addEventListener("submit", async (event) => {
  event.preventDefault();
  await judge(event.target, false, event.target.querySelector("input").value);
  event.target.hidden = true;
});

/* What was refused is said until the question changes. */
document.addEventListener("input", (event) => {
  if (event.target.closest("#question")) document.querySelector("#note .refused")?.setAttribute("hidden", "");
});

/* ── keeping, and taking up again ── */
let lastRecord = null;
new MutationObserver(() => {
  const turn = element.querySelector(".turn[data-record]");
  if (!turn || turn.dataset.record === lastRecord) return;
  lastRecord = turn.dataset.record;
  keepTurn(turn.querySelector(".question").textContent, lastRecord, turn.dataset.replaces === "true");
}).observe(element, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-record"] });

document.addEventListener("click", (event) => { if (event.target.closest("#new")) { beginConversation(); show("chat"); } });

function takeUp(id) {
  const one = conversations().find((each) => each.id === id);
  if (!one) return;
  sessionStorage.setItem(OPEN, id);
  trigger("restore", { records: one.turns });
  show("chat");
}

/* The page's first content has come: ask what the address asks, or go on where this tab was. */
function begin() {
  if (!document.querySelector("[data-words]")) return setTimeout(begin, 50);
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) {
    beginConversation();
    history.replaceState(null, "", location.pathname + location.hash);
    trigger("ask", { question: asked });
  } else if (openId()) takeUp(openId());
}
begin();

/* ── the list of conversations ── */
function button(label, act) {
  const made = make("button", { type: "button", class: "action" }, label);
  made.addEventListener("click", act);
  return made;
}

async function download(one, form) {
  const file = await server.export(JSON.stringify({ records: one.turns, form, title: one.title }));
  if (file.error) return say(file.error);
  const kind = form === "json" ? "application/json" : "text/markdown";
  const url = URL.createObjectURL(new Blob([file.text], { type: kind }));
  make("a", { href: url, download: `yinju-${one.id.split("-")[0]}.${form === "json" ? "json" : "md"}` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function renaming(one, row) {
  const words = spoken();
  const field = make("input", { "aria-label": words.new_name, maxlength: "80" });
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
    if (wasOpen) trigger("restore", { records: [] });
    return listConversations();
  }
  made.dataset.sure = "yes";
  made.textContent = spoken().delete_sure;
}

function listed(one) {
  const words = spoken();
  const row = make("li", one.id === openId() ? { "aria-current": "true" } : {});
  const removing = button(words.delete, () => deleting(one, removing));
  const when = new Date(one.updated).toLocaleString(document.documentElement.lang);
  row.append(
    make("span", { class: "name" }, one.title), make("span", { class: "of" }, `${one.turns.length} · ${when}`),
    make("span", { class: "row-actions" },
      button(words.open_conversation, () => takeUp(one.id)), button(words.rename, () => renaming(one, row)),
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
