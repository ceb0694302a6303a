/* A visitor's documents: a click on Remove, and another to confirm it, takes one away, on Cancel ends what is being added;
 * a file too large to be sent is refused before it is sent.
 */
const words = () => JSON.parse(document.querySelector("[data-words]").dataset.words);
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove], [data-cancel]");
  if (!button) return;
  if (button.dataset.remove && !button.dataset.sure) {
    const name = (label) => { button.textContent = label; button.setAttribute("aria-label", `${label}: ${button.dataset.remove}`); };
    return askWhetherSure(button, name, words().remove_sure, words().remove);
  }
  button.disabled = true;
  if (!button.dataset.remove) return trigger("cancel", {});
  button.textContent = words().removing;
  trigger("remove", { name: button.dataset.remove });
});

/* The list comes anew with every change, and whoever was in it with the keyboard goes on there: at the same button or,
 * where that is gone, at the next document that can be removed, or at the heading.
 */
const removers = () => [...element.querySelectorAll("[data-remove]")];
const does = (button) => JSON.stringify(button.dataset, ["remove", "showDocument", "cancel"]);
let held = null;
document.addEventListener("focusin", ({ target }) => {
  held = element.contains(target) ? { does: target.matches("button") && does(target), at: removers().indexOf(target) } : null;
});
document.addEventListener("pointerdown", ({ target }) => { if (!element.contains(target)) held = null; });

function holdFocus() {
  const heading = element.querySelector("h2"), all = removers();
  if (!held || !heading || document.activeElement !== document.body) return;
  heading.tabIndex = -1;
  const same = [...element.querySelectorAll("button")].find((button) => does(button) === held.does);
  (same ?? all[Math.min(held.at, all.length - 1)] ?? heading).focus();
}

/* What was told of documents has been read when the visitor leaves their list. */
let view = document.body.dataset.view;
document.addEventListener("yinju-view", (event) => {
  const left = view === "shelf" && event.detail !== "shelf";
  view = event.detail;
  if (!left) return;
  refused.replaceChildren();
  if (element.querySelector("[data-cancel], .coming")) return;
  element.querySelector(".news")?.replaceChildren();
  trigger("seen", {});
});

/* What was not sent is said beside the news, which come anew with every stage of what was sent. */
const refused = document.createElement("div");
refused.className = "news";
refused.setAttribute("role", "status");

const files = "#panel-shelf input[type=file]";
/* The list comes anew with every stage; the window that chooses files offers what can be read. */
new MutationObserver(() => {
  const field = document.querySelector(files), news = element.querySelector(".news");
  if (field && news) field.accept = news.dataset.accept;
  holdFocus();
}).observe(element, { childList: true, subtree: true });

document.addEventListener("change", (event) => {
  if (!event.target.matches(files)) return;
  const limit = Number(element.querySelector(".news").dataset.limit);
  const large = [...event.target.files].filter((file) => file.size > limit * 2 ** 20);
  document.querySelector("#panel-shelf").append(refused);
  refused.replaceChildren(...large.map((file) => {
    const line = document.createElement("p");
    line.textContent = words().too_large.replace("{name}", file.name).replace("{limit}", limit);
    return line;
  }));
  if (!large.length) return;
  const sent = new DataTransfer();
  for (const file of event.target.files) if (!large.includes(file)) sent.items.add(file);
  event.target.files = sent.files;
  if (!sent.files.length) { event.stopImmediatePropagation(); event.target.value = ""; }
}, true);
