/* The conversation: examples are asked by a click, answers are copied, a citation shows its words before it is clicked.
 *
 * Runs once per page inside the conversation's component, which gives it `element` and `trigger`.
 */
const spoken = () => JSON.parse(document.querySelector("[data-words]")?.dataset.words || "{}");

/* ── copying ── */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without https a browser gives no clipboard; the old way still works.
    const field = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(field);
    field.select();
    document.execCommand("copy");
    field.remove();
  }
}

function say(text) {
  const notice = document.getElementById("notice") ?? document.body.appendChild(
    Object.assign(document.createElement("div"), { id: "notice", role: "status" }));
  notice.textContent = text;
  notice.classList.add("shown");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => notice.classList.remove("shown"), 1800);
}

/* ── a citation's words, beside it ── */
const peek = Object.assign(document.createElement("div"), { id: "peek", role: "tooltip", hidden: true });
document.body.append(peek);

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
  document.addEventListener(kind, (event) => { const target = peekable(event); if (target) showPeek(target); });
for (const kind of ["mouseout", "focusout"])
  document.addEventListener(kind, (event) => { if (peekable(event)) peek.hidden = true; });
document.addEventListener("scroll", () => { peek.hidden = true; }, true);
document.addEventListener("keydown", (event) => { if (event.key === "Escape") peek.hidden = true; });

/* ── what a click does ── */
const actions = {
  copy: async (button) => { await copy(button.dataset.copy); say(spoken().copied); },
};
element.addEventListener("click", (event) => {
  const example = event.target.closest("[data-question]");
  if (example) trigger("click", { question: example.dataset.question });
  const action = event.target.closest("[data-action]");
  if (action) actions[action.dataset.action]?.(action);
});
