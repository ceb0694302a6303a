/* The tabs, the table of figures with its plot, and the check; filled when first looked at.
 *
 * Runs once per page inside the panels' component, which gives it `element` and `server`. Cells are text nodes.
 */
const words = () => JSON.parse(document.querySelector("[data-words]")?.dataset.words || "{}");
const said = (key, values) => Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words()[key]);
const PAGE = 200, COLUMNS = ["surface", "value", "unit", "entity", "metric", "period", "document"];
const columns = () => (new Set(rows.map((row) => row.document)).size > 1 ? COLUMNS : COLUMNS.slice(0, -1));
const LABEL_WIDTH = 90;  // room that a value beside its point takes
const PLOT_WIDTHS = [280, 900];  // at least and at most; a plot is drawn in pixels, so that its text is as large as any
const MAX_DECIMALS = 6, SHOWN_DECIMALS = 4;
const SVG = "http://www.w3.org/2000/svg";
let rows = null, checked = false, sorting = null, limit = PAGE;
const chosen = new Set();

/* ── tabs ── */
/* Which one is open is kept for when the window is loaded again, also in another language. */
const VIEW = "yinju.view";
document.body.dataset.view = sessionStorage.getItem(VIEW) ?? "chat";
const tabs = () => [...document.querySelectorAll('[role="tab"][data-view]')];

const view = () => document.body.dataset.view;

function markTabs() {
  for (const tab of tabs()) {
    const on = String(tab.dataset.view === view());
    if (tab.getAttribute("aria-selected") === on) continue;
    tab.setAttribute("aria-selected", on);
    tab.tabIndex = on === "true" ? 0 : -1;
  }
}

function setView(view) {
  document.body.dataset.view = view;
  sessionStorage.setItem(VIEW, view);
  markTabs();
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
    setView(view());
  }
}).observe(element, { childList: true, subtree: true });
/* The top line comes anew as it first was, with the first tab chosen, but in the same elements. */
whenThere("masthead", (masthead) => {
  new MutationObserver(markTabs).observe(masthead, { childList: true, subtree: true, attributes: true, attributeFilter: ["aria-selected"] });
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
  for (const row of rows) row.searched = searchable([row.folded, row.surface, row.label, grouped(row.value), ...COLUMNS.map((key) => cellText(row, key))].join("\n"));
  const units = [...new Set(rows.map((row) => row.measured).filter(Boolean))].sort();
  const choice = element.querySelector("select.unit");
  choice.replaceChildren(choice.options[0], ...units.map((unit) => cell("option", { value: unit }, unit)));
  drawTable();
}

/* What a column shows of a row. */
const cellText = (row, key) => String(row[{ unit: "measured", surface: "stated" }[key] ?? key] ?? "");

/* In half width and small letters, digits without the commas between them: found however either was written. */
const searchable = (text) => text.normalize("NFKC").toLowerCase().replace(/(\d),(?=\d)/g, "$1");

function matching() {
  const query = searchable(element.querySelector(".filter").value).split(/\s+/).filter(Boolean);
  const unit = element.querySelector("select.unit").value;
  const found = rows.filter((row) => (!unit || row.measured === unit) && query.every((word) => row.searched.includes(word)));
  if (!sorting) return found;
  const { key, down } = sorting;
  const order = key === "value" ? (a, b) => Number(a.value) - Number(b.value) : (a, b) => cellText(a, key).localeCompare(cellText(b, key));
  return found.sort((a, b) => (down ? -order(a, b) : order(a, b)));
}

/* What was chosen and is not filtered out: a row out of sight takes no part. */
const picked = () => matching().filter((row) => chosen.has(row.id));

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

function line(row, at) {
  const what = [row.stated, row.entity, row.metric, row.period].filter(Boolean).join(" · ");
  const box = cell("input", { type: "checkbox", "data-row": row.id, "aria-label": `${words().choose_row} ${at + 1}: ${what}` });
  box.checked = chosen.has(row.id);
  const opens = cell("button", {
    type: "button", class: "cell", "data-cite": row.id, "data-document": row.document, "data-start": row.from, "data-end": row.to,
    "data-keys": `${row.start}-${row.end}`, title: row.sentence, "aria-label": said("show_figure", { text: row.stated }),
  }, row.stated);
  const shown = { ...row, surface: opens, unit: row.measured, value: ["year", "date"].includes(row.kind) ? row.value : grouped(row.value) };
  shown.document = cell("span", { class: "clamp", title: row.document }, row.document);
  const cells = columns().map((key) => cell("td", { class: key, role: "cell", "data-label": words()[`column_${key}`] }, shown[key] ?? ""));
  return cell("tr", { role: "row" }, cell("td", { class: "choose", role: "cell" }, box), ...cells);
}

function drawTable() {
  const found = matching(), shown = found.slice(0, limit);
  // The roles are those of a table, which it is no more for a browser once its rows are drawn as cards.
  const head = cell("thead", { role: "rowgroup" }, headings());
  const table = cell("table", { role: "table" }, head, cell("tbody", { role: "rowgroup" }, ...shown.map(line)));
  const parts = !found.length ? [cell("p", { class: "note" }, words().no_match)] : [cell("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": words().view_figures }, table)];
  if (found.length > limit)
    parts.push(cell("button", { type: "button", class: "action", "data-table": "more" }, said("more", { n: Math.min(PAGE, found.length - limit) })));
  element.querySelector(".rows").replaceChildren(...parts);
  fit();
  tell(found);
  if (plotted()) drawPlot();
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
  element.querySelector(".matching").textContent = said("matching", { n: found.length, m: found.filter((row) => chosen.has(row.id)).length });
  element.querySelector('[data-table="clear"]').hidden = !chosen.size;
}

/* ── the plot ── */
function drawn(tag, attributes, text) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

const plotted = () => !element.querySelector(".plot").hidden;

function setPlot(open) {
  const button = element.querySelector('[data-table="plot"]');
  element.querySelector(".plot").hidden = !open;
  button.setAttribute("aria-expanded", String(open));
  button.textContent = words()[open ? "close_plot" : "plot"];
  if (open) drawPlot();
}

function drawPlot() {
  const place = element.querySelector(".plot"), all = picked();
  if (all.length < 2 || new Set(all.map((row) => row.unit)).size > 1)
    return place.replaceChildren(cell("p", { class: "note" }, words().plot_hint));
  const overTime = all.length > 2 && all.every((row) => /^\d{4}/.test(row.period)) && new Set(all.map((row) => row.period)).size === all.length;
  if (overTime) all.sort((a, b) => a.period.localeCompare(b.period));
  const what = ["entity", "metric"].map((key) => common(all, key)).filter(Boolean).join(" · ") || words().chosen_figures;
  const title = all[0].measured ? said("plot_title", { what, unit: all[0].measured }) : what;
  const label = `${title}: ${all.map((row) => `${name(row)} ${row.label}`).join("; ")}`;
  const [least, most] = PLOT_WIDTHS, width = Math.min(Math.max(place.clientWidth - 30, least), most);
  const svg = overTime ? lineChart(all, width) : barChart(all, width);
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", label);
  place.replaceChildren(cell("h2", {}, title), svg);
}

/* What all rows have alike in a column; nothing where they differ. */
const common = (all, key) => (all.every((row) => row[key] === all[0][key]) ? all[0][key] : "");
/* What tells a row from the others: the title says what they have alike. */
const apart = (all, row) => ["entity", "metric", "period"].filter((key) => !common(all, key)).map((key) => row[key]).filter(Boolean).join(" · ") || name(row);
const name = (row) => [row.entity, row.metric, row.period].filter(Boolean).join(" · ") || row.stated;

function barChart(picked, width) {
  const high = Math.max(0, ...picked.map((row) => Number(row.value))), low = Math.min(0, ...picked.map((row) => Number(row.value)));
  const at = (value) => 10 + ((value - low) / (high - low || 1)) * (width - 160);
  const svg = drawn("svg", { viewBox: `0 0 ${width} ${picked.length * 46 + 6}` });
  picked.forEach((row, n) => {
    const value = Number(row.value), y = n * 46;
    svg.append(drawn("text", { x: 10, y: y + 14, class: "label" }, apart(picked, row).slice(0, 60)));
    svg.append(drawn("rect", { x: Math.min(at(0), at(value)), y: y + 20, width: Math.max(Math.abs(at(value) - at(0)), 1), height: 16, rx: 2 }));
    svg.append(drawn("text", { x: Math.max(at(0), at(value)) + 6, y: y + 33, class: "number" }, row.label));
  });
  return svg;
}

/* About four round values from the lowest to the highest and a little above. */
function ticks(low, high) {
  const rough = (high - low || 1) / 4, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((size) => size >= rough);
  const first = Math.floor(low / step), n = Math.ceil(high / step) - first;
  return Array.from({ length: n + 1 }, (_, i) => (first + i) * step);
}

function lineChart(picked, width) {
  const values = picked.map((row) => Number(row.value));
  const marks = ticks(Math.min(...values, 0), Math.max(...values, 0)), low = marks[0], high = marks.at(-1);
  const x = (n) => 95 + (n / (picked.length - 1)) * (width - 145), y = (value) => 210 - ((value - low) / (high - low || 1)) * 180;
  const svg = drawn("svg", { viewBox: `0 0 ${width} 250` });
  const short = new Intl.NumberFormat(document.documentElement.lang, { notation: "compact" });
  for (const mark of marks) {
    svg.append(drawn("line", { x1: 60, x2: width - 10, y1: y(mark), y2: y(mark) }));
    svg.append(drawn("text", { x: 54, y: y(mark) + 4, class: "label tick", "text-anchor": "end" }, short.format(mark)));
  }
  svg.append(drawn("polyline", { points: values.map((value, n) => `${x(n)},${y(value)}`).join(" ") }));
  const every = Math.ceil(picked.length / Math.floor(width / LABEL_WIDTH));
  picked.forEach((row, n) => {
    const dot = drawn("circle", { cx: x(n), cy: y(values[n]), r: 4 });
    dot.append(drawn("title", {}, `${row.period}: ${row.label}`));
    svg.append(dot);
    if (n % every) return;
    svg.append(drawn("text", { x: x(n), y: y(values[n]) - 10, class: "number", "text-anchor": "middle" }, row.label));
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

function clearChosen() {
  chosen.clear();
  drawTable();
  element.querySelector(".filter").focus();
}

const uses = { plot: () => setPlot(!plotted()), csv: downloadCsv, clear: clearChosen, more: () => { limit += PAGE; drawTable(); } };
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
  if (plotted()) drawPlot();
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
