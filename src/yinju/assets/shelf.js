/* A visitor's documents: a click on Remove takes one away; a file too large to be sent is refused before it is sent. */
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove]");
  if (button) { button.disabled = true; trigger("remove", { name: button.dataset.remove }); }
});

const files = "#panel-shelf input[type=file]";
/* The list comes anew with every stage; the window that chooses files offers what can be read. */
new MutationObserver(() => {
  const field = document.querySelector(files), news = element.querySelector(".news");
  if (field && news) field.accept = news.dataset.accept;
}).observe(element, { childList: true, subtree: true });

document.addEventListener("change", (event) => {
  if (!event.target.matches(files)) return;
  const news = element.querySelector(".news"), limit = Number(news.dataset.limit);
  const large = [...event.target.files].filter((file) => file.size > limit * 2 ** 20);
  if (!large.length) return;
  event.stopImmediatePropagation();
  event.target.value = "";
  const words = JSON.parse(document.querySelector("[data-words]").dataset.words);
  news.replaceChildren(...large.map((file) => {
    const line = document.createElement("p");
    line.textContent = words.too_large.replace("{name}", file.name).replace("{limit}", limit);
    return line;
  }));
}, true);
