"use strict";
// One spreadsheet: draws the tab that is chosen, moves through it, sends edits, follows what others change.
const KEY = decodeURIComponent(location.pathname.split("/")[2]);
const PAGE = 300;
const $ = (id) => document.getElementById(id);
const state = { book: null, tab: null, picture: null, shown: PAGE, row: 0, column: 0, editing: false };

const letters = (index) => (index < 26 ? "" : letters(Math.floor(index / 26) - 1)) + String.fromCharCode(65 + (index % 26));
const place = () => letters(state.column) + (state.row + 1);
const cellAt = (row, column) => state.picture.rows.find((line) => line.number === row)?.cells[column];

let asked = 0; // answers to an older question are dropped: people change tabs faster than a large one arrives

async function load(sheetId) {
  const question = ++asked;
  if (sheetId !== state.tab?.id) $("grid").setAttribute("aria-busy", "true");
  const book = await (await fetch("/_viewer/" + encodeURIComponent(KEY))).json();
  if (question !== asked) return;
  state.book = book;
  document.title = state.book.title;
  $("title").textContent = state.book.title;
  const wanted = sheetId ?? Number(location.hash.slice(5) || NaN);
  state.tab = state.book.tabs.find((tab) => tab.id === wanted) || state.book.tabs.find((tab) => !tab.hidden);
  history.replaceState(null, "", "#gid=" + state.tab.id);
  drawTabs();
  const answer = await fetch(`/_viewer/${encodeURIComponent(KEY)}/${state.tab.id}?count=${state.shown}`);
  const picture = await answer.json();
  if (question !== asked) return;
  state.picture = picture;
  $("grid").removeAttribute("aria-busy");
  drawGrid();
  $("charts").replaceChildren(...state.picture.charts.map(drawChart));
  $("more").hidden = state.picture.end <= state.shown;
}

function drawTabs() {
  $("tabs").replaceChildren(...state.book.tabs.map((tab) => {
    const button = document.createElement("button");
    button.textContent = tab.hidden ? `${tab.title} (${say("hidden")})` : tab.title;
    button.classList.toggle("hidden-tab", tab.hidden);
    button.setAttribute("aria-current", tab.id === state.tab.id);
    if (tab.color) button.style.borderBottomColor = tab.color;
    button.onclick = () => { Object.assign(state, { row: 0, column: 0, shown: PAGE }); load(tab.id); };
    return button;
  }));
}

function drawGrid() {
  const picture = state.picture, table = document.createElement("table");
  table.classList.toggle("plain", picture.hideGridlines);
  const group = document.createElement("colgroup");
  const seen = visible();
  group.append(column(46), ...seen.map((index) => column(picture.columns[index].width)));
  const head = table.createTHead().insertRow();
  head.append(headCell(""), ...seen.map((index) => headCell(letters(index), index)));
  const covered = new Map();
  for (const merge of picture.merges) {
    const under = seen.filter((index) => index >= merge.left && index < merge.right);
    for (let row = merge.top; row < merge.bottom; row += 1)
      for (const index of under)
        covered.set(`${row}:${index}`, row === merge.top && index === under[0] ? { ...merge, columns: under.length } : null);
  }
  const body = table.createTBody();
  for (const line of picture.rows) {
    const row = body.insertRow();
    row.append(headCell(line.number + 1));
    if (line.number < picture.frozenRows) row.classList.add("frozen");
    if (line.number === picture.frozenRows - 1) row.classList.add("last");
    for (const index of seen) {
      const merge = covered.get(`${line.number}:${index}`);
      // a merged cell whose own column is hidden stands in the first one that is seen
      if (merge !== null) row.append(drawCell(line.cells[merge ? merge.left : index], line.number, index, merge));
    }
  }
  table.prepend(group);
  const same = state.drawn === picture.id;
  const top = same ? $("grid").scrollTop : 0, left = same ? $("grid").scrollLeft : 0;
  state.drawn = picture.id;
  $("grid").replaceChildren(table);
  stickFrozen(table);
  $("grid").scrollTo(left, top);
  if (state.editing) mark(state.row, state.column);
  else choose(state.row, seen.includes(state.column) ? state.column : seen[0] ?? 0, false);
  note(picture.filteredRows ? `${picture.filteredRows} ${say("filtered")}` : "");
}

// Hidden columns are not drawn at all, as in Google Sheets.
const visible = () => state.picture.columns.flatMap((one, index) => (one.hidden ? [] : [index]));
function column(width) { const node = document.createElement("col"); node.style.width = width + "px"; return node; }
function headCell(text, index) {
  const node = document.createElement("th");
  node.textContent = text;
  if (index !== undefined) node.dataset.column = index;
  return node;
}

function stickFrozen(table) {
  let top = table.tHead.rows[0].offsetHeight;
  for (const row of table.querySelectorAll("tr.frozen")) {
    for (const cell of row.cells) cell.style.top = top + "px";
    top += row.offsetHeight;
  }
  let left = 46;
  for (const index of visible().filter((one) => one < state.picture.frozenColumns)) {
    for (const cell of table.querySelectorAll(`[data-column="${index}"]`)) { cell.classList.add("frozen"); cell.style.left = left + "px"; }
    left += state.picture.columns[index].width;
  }
}

function drawCell(cell, row, index, merge) {
  const node = document.createElement("td");
  node.style.cssText = cell.style || "";
  Object.assign(node.dataset, { row, column: index });
  if (merge) { node.colSpan = merge.columns; node.rowSpan = merge.bottom - merge.top; }
  const hints = [cell.note, cell.invalid && say("notAChoice"), cell.protected && say(cell.protected)].filter(Boolean);
  if (hints.length) node.title = hints.join("\n");
  for (const name of ["note", "invalid"]) if (cell[name]) node.classList.add(name);
  if (cell.protected) node.classList.add(cell.protected);
  const filter = state.picture.filter;
  if (filter && row === filter.top && index >= filter.left && index < filter.right && cell.text) {
    const funnel = document.createElement("span");
    funnel.className = "funnel";
    funnel.textContent = "▼";
    node.append(funnel);
  }
  if (cell.options) node.append(dropdown(cell, row, index));
  else if ("check" in cell && cell.check !== null && cell.check !== undefined) node.append(tick(cell, row, index));
  else if (cell.link && /^https?:/.test(cell.link)) {
    const link = document.createElement("a");
    Object.assign(link, { href: cell.link, textContent: cell.text || cell.link, target: "_blank", rel: "noreferrer" });
    node.append(link);
  } else node.append(cell.text);
  node.onmousedown = (event) => {
    leave();
    choose(row, index);
    if (!event.target.closest("select, input, a")) { event.preventDefault(); focusLine(); }
  };
  node.ondblclick = () => startEditing();
  return node;
}

function dropdown(cell, row, index) {
  const select = document.createElement("select");
  select.setAttribute("aria-label", `${say("choose")} ${letters(index)}${row + 1}`);
  const options = ["", ...cell.options];
  if (!options.includes(cell.text)) options.push(cell.text);
  for (const text of options) select.add(new Option(text, text, false, text === cell.text));
  select.onchange = () => { choose(row, index); write(select.value); };
  return select;
}

function tick(cell, row, index) {
  const box = document.createElement("input");
  Object.assign(box, { type: "checkbox", checked: cell.check });
  box.setAttribute("aria-label", letters(index) + (row + 1));
  box.onchange = () => { choose(row, index); write(box.checked); };
  return box;
}

function choose(row, index, scroll = true) {
  Object.assign(state, { row, column: index });
  const node = mark(row, index);
  if (scroll) node?.scrollIntoView({ block: "nearest", inline: "nearest" });
  $("place").textContent = place();
  $("entered").value = cellAt(row, index)?.entered || "";
  state.editing = false;
}

function mark(row, index) {
  document.querySelector("#grid td.chosen")?.classList.remove("chosen");
  const node = document.querySelector(`#grid td[data-row="${row}"][data-column="${index}"]`);
  node?.classList.add("chosen");
  return node;
}

// The line has the focus while a cell is chosen, so that accents and input methods arrive whole; not on a
// touch screen, where it would call up the keyboard.
function focusLine() {
  if (!matchMedia("(pointer: coarse)").matches) { $("entered").focus(); $("entered").select(); }
}

function startEditing() {
  state.editing = true;
  $("entered").focus();
  $("entered").setSelectionRange($("entered").value.length, $("entered").value.length);
}

function leave() {
  const before = cellAt(state.row, state.column)?.entered || "";
  if (state.editing && $("entered").value !== before) write($("entered").value);
  state.editing = false;
}

async function edit(action) {
  const body = { spreadsheet: KEY, tab: state.tab.title, ...action };
  const answer = await fetch("/_emulator/edit", { method: "POST", body: JSON.stringify(body) });
  const content = await answer.json();
  await load(state.tab.id);
  note(answer.ok ? say("saved") : say("failed") + content.error.message, !answer.ok);
  return answer.ok;
}

function note(text, bad = false) {
  $("status").textContent = text;
  $("status").classList.toggle("bad", bad);
}

function write(value) {
  const cell = cellAt(state.row, state.column);
  if (cell?.protected && !confirm(say("warn"))) { drawGrid(); return; }
  edit({ cells: { [place()]: value } });
}

function move(down, right) {
  const rows = state.picture.rows.map((line) => line.number);
  const at = Math.max(0, Math.min(rows.length - 1, rows.indexOf(state.row) + down));
  const seen = visible();
  choose(rows[at], seen[Math.max(0, Math.min(seen.length - 1, seen.indexOf(state.column) + right))]);
  focusLine();
}

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
$("entered").oninput = () => { state.editing = true; };
$("entered").onmousedown = () => { state.editing = true; };
$("entered").onkeydown = (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") { choose(state.row, state.column); focusLine(); }
  else if (event.key === "F2") startEditing();
  else if (event.key === "Enter" && !state.editing) startEditing();
  else if (event.key === "Enter" || (event.key === "Tab" && state.editing)) {
    event.preventDefault();
    leave();
    move(...(event.key === "Enter" ? [1, 0] : [0, event.shiftKey ? -1 : 1]));
  } else if (!state.editing && STEPS[event.key]) { event.preventDefault(); move(...STEPS[event.key]); }
  else if (!state.editing && (event.key === "Delete" || event.key === "Backspace")) { event.preventDefault(); write(""); }
};
$("grid").onkeydown = (event) => {
  if (event.target !== $("grid")) return;
  if (STEPS[event.key]) { event.preventDefault(); move(...STEPS[event.key]); }
  else if (event.key === "Enter" || event.key === "F2") { event.preventDefault(); startEditing(); }
};
$("sort-up").onclick = () => edit({ sort: { column: state.column } });
$("sort-down").onclick = () => edit({ sort: { column: state.column, descending: true } });
$("row-add").onclick = () => edit({ insert_rows: { at: state.row + 1 } });
$("row-delete").onclick = () => { if (confirm(say("deleteAsk"))) edit({ delete_rows: { at: state.row } }); };
$("column-add").onclick = () => edit({ insert_columns: { at: state.column + 1 } });
$("column-delete").onclick = () => { if (confirm(say("deleteColumnAsk"))) edit({ delete_columns: { at: state.column } }); };
$("note").onclick = () => {
  const text = prompt(say("noteAsk"), cellAt(state.row, state.column)?.note || "");
  if (text !== null) edit({ note: { [place()]: text } });
};
$("tab-rename").onclick = () => { const title = prompt(say("renameAsk"), state.tab.title); if (title) edit({ rename_tab: title }); };
$("tab-add").onclick = () => { const title = prompt(say("addAsk")); if (title) edit({ add_tab: title }); };
$("more").onclick = () => { state.shown += PAGE; load(state.tab.id); };
setInterval(async () => {
  if (state.editing || !state.book || document.hidden) return;
  const now = await (await fetch("/_viewer/" + encodeURIComponent(KEY))).json();
  if (now.version !== state.book.version) { await load(state.tab.id); note(say("changedElsewhere")); }
}, 3000);
load();
