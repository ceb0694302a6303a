/* A click on an example question asks it. */
element.addEventListener("click", (event) => {
  const example = event.target.closest("[data-question]");
  if (example) trigger("click", { question: example.dataset.question });
});
