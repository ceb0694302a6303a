/* The tabs, the table of figures with its plot, and the check; filled when first looked at.
 *
 * Runs once per page inside the panels' component, which gives it `element` and `server`. Cells are text nodes.
 */
const words = () => JSON.parse(document.querySelector("[data-words]")?.dataset.words || "{}");
const said = (key, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words()[key]);
const PAGE = 200, COLUMNS = ["surface", "value", "unit", "entity", "metric", "period", "document"];
const columns = () => (new Set(rows.map((row) => row.document)).size > 1 ? COLUMNS : COLUMNS.slice(0, -1));
const MAX_DECIMALS = 6, SHOWN_DECIMALS = 4;
const SVG = "http://www.w3.org/2000/svg";
let rows = null, checked = false, sorting = null, limit = PAGE;
const chosen = new Set();

/* ── tabs ── */
const tabs = () => [...document.querySelectorAll('[role="tab"][data-view]')];

function setView(view) {
  document.body.dataset.view = view;
  for (const tab of tabs()) {
    const on = tab.dataset.view === view;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
  }
  if (view === "figures") loadFigures();
  if (view === "check") loadCheck();
  document.dispatchEvent(new CustomEvent("yinju-view", { detail: view }));
}

document.addEventListener("click", (event) => {
  const tab = event.target.closest('[role="tab"][data-view]');
  if (tab) setView(tab.dataset.view);
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.('[role="tab"][data-view]')) return;
  const all = tabs(), at = all.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = all[(to + all.length) % all.length];
  setView(next.dataset.view);
  next.focus();
});
document.addEventListener("yinju-show", (event) => setView(event.detail));
document.addEventListener("change", (event) => {
  const choice = event.target.closest("[data-cookie]");
  if (!choice) return;
  document.cookie = `${choice.dataset.cookie}=${choice.value}; path=/; max-age=31536000; SameSite=Lax`;
  location.reload();
});
/* The other parts of the page may be put into it after this one. */
function whenThere(id, act) {
  const found = document.getElementById(id);
  if (found) act(found); else setTimeout(whenThere, 50, id, act);
}
for (const view of ["chat", "shelf"]) {
  whenThere(`panel-${view}`, (panel) => {
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", `tab-${view}`);
  });
}
/* Other documents, other figures: the top line and the empty panels come anew with them. */
new MutationObserver(() => {
  const fresh = element.querySelector(".rows");
  if (fresh && !fresh.dataset.ready) {
    fresh.dataset.ready = "yes";
    rows = null; checked = false; limit = PAGE; chosen.clear();
    setView(document.body.dataset.view ?? "chat");
  }
}).observe(element, { childList: true, subtree: true });
whenThere("masthead", (masthead) => {
  new MutationObserver(() => setView(document.body.dataset.view ?? "chat")).observe(masthead, { childList: true, subtree: true });
});

/* ── the table ── */
function cell(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

async function loadFigures() {
  if (rows) return;
  rows = [];
  rows = await server.list_figures("");
  const units = [...new Set(rows.map((row) => row.unit).filter(Boolean))].sort();
  const choice = element.querySelector("select.unit");
  choice.replaceChildren(choice.options[0], ...units.map((unit) => cell("option", { value: unit }, unit)));
  drawTable();
}

function matching() {
  const query = element.querySelector(".filter").value.toLowerCase().split(/\s+/).filter(Boolean);
  const unit = element.querySelector("select.unit").value;
  const holds = (row, word) => row.folded.includes(word) || COLUMNS.some((key) => String(row[key]).toLowerCase().includes(word));
  const found = rows.filter((row) => (!unit || row.unit === unit) && query.every((word) => holds(row, word)));
  if (!sorting) return found;
  const { key, down } = sorting;
  const order = key === "value" ? (a, b) => Number(a.value) - Number(b.value) : (a, b) => String(a[key]).localeCompare(String(b[key]));
  return found.sort((a, b) => (down ? -order(a, b) : order(a, b)));
}

/* Digits to read: whole numbers in groups of three, a third not to its last digit; sorting and CSV keep them all. */
function grouped(value) {
  const [whole, fraction = ""] = value.split(".");
  const decimals = fraction.length > MAX_DECIMALS ? `${fraction.slice(0, SHOWN_DECIMALS)}…` : fraction;
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (decimals && `.${decimals}`);
}

function headings() {
  const cells = columns().map((key) => {
    const sorted = sorting?.key === key ? (sorting.down ? "descending" : "ascending") : "none";
    return cell("th", { scope: "col", role: "columnheader", "aria-sort": sorted, class: key }, cell("button", { type: "button", "data-sort": key }, words()[`column_${key}`]));
  });
  const first = cell("th", { scope: "col", role: "columnheader" }, cell("span", { class: "unseen" }, words().choose_row));
  return cell("tr", { role: "row", "data-label": words().sort }, first, ...cells);
}

function line(row) {
  const box = cell("input", { type: "checkbox", "data-row": row.id, "aria-label": `${words().choose_row}: ${row.surface}` });
  box.checked = chosen.has(row.id);
  const opens = cell("button", {
    type: "button", class: "cell", "data-cite": row.id, "data-document": row.document, "data-start": row.from, "data-end": row.to,
    "data-keys": `${row.start}-${row.end}`, title: row.sentence, "aria-label": said("show_figure", { text: row.surface }),
  }, row.stated);
  const shown = { ...row, surface: opens, value: ["year", "date"].includes(row.kind) ? row.value : grouped(row.value) };
  const cells = columns().map((key) => cell("td", { class: key, role: "cell", "data-label": words()[`column_${key}`] }, shown[key] ?? ""));
  return cell("tr", { role: "row" }, cell("td", { class: "choose", role: "cell" }, box), ...cells);
}

function drawTable() {
  const found = matching(), shown = found.slice(0, limit);
  // The roles are those of a table, which it is no more for a browser once its rows are drawn as cards.
  const head = cell("thead", { role: "rowgroup" }, headings());
  const table = cell("table", { role: "table" }, head, cell("tbody", { role: "rowgroup" }, ...shown.map(line)));
  const parts = [cell("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words().view_figures }, table)];
  if (found.length > limit)
    parts.push(cell("button", { type: "button", class: "action", "data-table": "more" }, said("more", { n: Math.min(PAGE, found.length - limit) })));
  element.querySelector(".rows").replaceChildren(...parts);
  fit();
  tell(found);
}

/* A table wider than its place would hide columns and cut values: its rows become cards. */
function fit() {
  const frame = element.querySelector(".scroll");
  if (!frame?.clientWidth) return;
  frame.classList.remove("cards");
  frame.classList.toggle("cards", frame.scrollWidth > frame.clientWidth);
}
new ResizeObserver(fit).observe(element);

function tell(found) {
  element.querySelector(".matching").textContent = said("matching", { n: found.length, m: chosen.size });
}

/* ── the plot ── */
function drawn(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function drawPlot() {
  const place = element.querySelector(".plot");
  const picked = rows.filter((row) => chosen.has(row.id));
  place.hidden = false;
  if (picked.length < 2 || new Set(picked.map((row) => row.unit)).size > 1)
    return place.replaceChildren(cell("p", { class: "note" }, words().plot_hint));
  const overTime = picked.length > 2 && picked.every((row) => /^\d{4}/.test(row.period)) && new Set(picked.map((row) => row.period)).size === picked.length;
  if (overTime) picked.sort((a, b) => a.period.localeCompare(b.period));
  const title = said("plot_title", { unit: picked[0].unit || "–" });
  const label = `${title}: ${picked.map((row) => `${name(row)} ${row.surface}`).join("; ")}`;
  const svg = overTime ? lineChart(picked) : barChart(picked);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  place.replaceChildren(cell("h3", {}, title), svg);
}

const name = (row) => [row.entity, row.metric, row.period].filter(Boolean).join(" · ") || row.surface;

function barChart(picked) {
  const high = Math.max(0, ...picked.map((row) => Number(row.value))), low = Math.min(0, ...picked.map((row) => Number(row.value)));
  const at = (value) => 10 + ((value - low) / (high - low || 1)) * 480;
  const svg = drawn("svg", { viewBox: `0 0 640 ${picked.length * 46 + 6}` });
  picked.forEach((row, n) => {
    const value = Number(row.value), y = n * 46;
    svg.append(drawn("text", { x: 10, y: y + 14, class: "label" }, name(row).slice(0, 60)));
    svg.append(drawn("rect", { x: Math.min(at(0), at(value)), y: y + 20, width: Math.max(Math.abs(at(value) - at(0)), 1), height: 16, rx: 2 }));
    svg.append(drawn("text", { x: Math.max(at(0), at(value)) + 6, y: y + 33, class: "number" }, row.surface));
  });
  return svg;
}

function lineChart(picked) {
  const values = picked.map((row) => Number(row.value));
  const low = Math.min(...values, 0), high = Math.max(...values, 0);
  const x = (n) => 50 + (n / (picked.length - 1)) * 540, y = (value) => 210 - ((value - low) / (high - low || 1)) * 180;
  const svg = drawn("svg", { viewBox: "0 0 640 250" });
  svg.append(drawn("line", { x1: 50, x2: 590, y1: y(0), y2: y(0) }));
  svg.append(drawn("polyline", { points: values.map((value, n) => `${x(n)},${y(value)}`).join(" ") }));
  picked.forEach((row, n) => {
    svg.append(drawn("circle", { cx: x(n), cy: y(values[n]), r: 4 }));
    svg.append(drawn("text", { x: x(n), y: y(values[n]) - 10, class: "number", "text-anchor": "middle" }, row.surface));
    svg.append(drawn("text", { x: x(n), y: 240, class: "label", "text-anchor": "middle" }, row.period));
  });
  return svg;
}

/* ── CSV ── */
const CSV_COLUMNS = ["id", "document", "start", "end", "surface", "value", "scale", "unit", "approx", "kind", "entity", "metric", "period", "sentence"];
const NUMBERS = new Set(["start", "end", "value", "scale"]);

function csvCell(key, value) {
  let text = value === null || value === undefined ? "" : String(value);
  // A spreadsheet would run a text that begins so as a formula.
  if (!NUMBERS.has(key) && /^[=+\-@\t\r]/.test(text)) text = `'${text}`;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function downloadCsv() {
  const lines = [CSV_COLUMNS.join(","), ...matching().map((row) => CSV_COLUMNS.map((key) => csvCell(key, row[key])).join(","))];
  const url = URL.createObjectURL(new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" }));
  cell("a", { href: url, download: "yinju-figures.csv" }).click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

const uses = { plot: drawPlot, csv: downloadCsv, more: () => { limit += PAGE; drawTable(); } };
element.addEventListener("click", (event) => {
  const sort = event.target.closest("[data-sort]")?.dataset.sort;
  if (sort) {
    sorting = { key: sort, down: sorting?.key === sort && !sorting.down };
    drawTable();
    element.querySelector(`[data-sort="${sort}"]`).focus();
  }
  uses[event.target.closest("[data-table]")?.dataset.table]?.();
});
element.addEventListener("input", (event) => {
  if (!event.target.matches(".filter, select.unit")) return;
  limit = PAGE;
  drawTable();
});
element.addEventListener("change", (event) => {
  const id = event.target.dataset.row;
  if (!id) return;
  if (event.target.checked) chosen.add(id); else chosen.delete(id);
  tell(matching());
  if (!element.querySelector(".plot").hidden) drawPlot();
});

/* ── the check ── */
async function loadCheck() {
  if (checked) return;
  checked = true;
  const panel = element.querySelector("#panel-check");
  panel.setAttribute("aria-busy", "true");
  panel.innerHTML = await server.check("");  // escaped where it was made
  panel.removeAttribute("aria-busy");
}
