/* A visitor's documents: a click on Remove takes one away. */
element.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove]");
  if (button) { button.disabled = true; trigger("remove", { name: button.dataset.remove }); }
});
