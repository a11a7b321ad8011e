import { element, fromMarkup } from "../element.js";
import { title } from "./filters.js";

const HEIGHT = 46; // pixels, of each row
const SPARE = 4; // rows that are drawn beyond those in sight
const PICTURES = { Play: "M8 5l11 7-11 7z", Stop: "M7 7h10v10H7z" };
const COLUMNS = ["name", "description", "language", "gender", "country", "accent"];

// A table of which only the rows in sight are in the page. `state(voice)` says how a voice stands:
// { marked, playing, waiting, usual }.
export function voiceGrid(voices, state, signal) {
  const columns = COLUMNS.filter(voices.has);
  const prefix = `voice-${Math.random().toString(36).slice(2)}`;
  const heads = columns.map((name) => columnHead(name));
  const body = element("div", { class: "body", role: "rowgroup" });
  const none = element("div", { class: "none", hidden: true }, "No voice is like that.");
  const grid = element(
    "div",
    {
      class: "voices",
      role: "grid",
      tabindex: "0",
      "aria-label": "Voices",
      "aria-multiselectable": "true",
      "aria-colcount": columns.length + 2,
      "aria-keyshortcuts": "Enter Space",
      style: `--row: ${HEIGHT}px; --columns: ${tracks(columns)}`,
    },
    element("div", { role: "rowgroup", class: "head" }, headRow(heads)),
    body,
  );
  const drawn = new Map(); // elements by voice
  let found = [];
  let at = 0;

  function inSight() {
    const first = Math.max(0, Math.floor(grid.scrollTop / HEIGHT) - SPARE);
    const last = Math.min(found.length, Math.ceil((grid.scrollTop + grid.clientHeight) / HEIGHT) + SPARE);
    const places = Array.from({ length: Math.max(0, last - first) }, (_, place) => first + place);
    // The one that the keyboard is at is always there, for screen readers.
    return at in found && !places.includes(at) ? [...places, at].sort((one, other) => one - other) : places;
  }

  function draw() {
    const places = inSight();
    const wanted = new Set(places.map((place) => found[place]));
    for (const [voice, row] of drawn) {
      if (wanted.has(voice)) continue;
      row.remove();
      drawn.delete(voice);
    }
    let next = body.firstChild;
    for (const place of places) {
      const row = rowOf(found[place]);
      // Only what is new is moved: an element that moves loses the pointer and the focus.
      if (row === next) next = next.nextSibling;
      else body.insertBefore(row, next);
      paint(row, voices.name(found[place]), state(found[place]), place, place === at);
    }
    if (at in found) grid.setAttribute("aria-activedescendant", `${prefix}-${found[at]}`);
    else grid.removeAttribute("aria-activedescendant");
  }

  function rowOf(voice) {
    if (!drawn.has(voice)) drawn.set(voice, voiceRow(voices, voice, columns, `${prefix}-${voice}`));
    return drawn.get(voice);
  }

  function scrollTo(place) {
    const room = grid.clientHeight - HEIGHT;
    const top = place * HEIGHT;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + HEIGHT > grid.scrollTop + room) grid.scrollTop = top + HEIGHT - room;
  }

  grid.addEventListener("scroll", draw, { signal });
  const resized = new ResizeObserver(draw);
  resized.observe(grid);
  signal.addEventListener("abort", () => resized.disconnect());

  return {
    grid,
    box: element("div", { class: "list" }, grid, none),
    draw,
    at: () => found[at],
    // The voice that an element in a row belongs to.
    of: (target) => found[Number(target.closest("[data-place]")?.dataset.place)],
    page: () => Math.max(1, Math.floor(grid.clientHeight / HEIGHT) - 2),
    place: () => at,
    go(place) {
      at = Math.min(Math.max(place, 0), Math.max(found.length - 1, 0));
      scrollTo(at);
    },
    // Takes other rows; draw() shows them.
    show(rows, order) {
      found = rows;
      at = 0;
      grid.scrollTop = 0;
      body.style.height = `${found.length * HEIGHT}px`;
      none.hidden = found.length > 0;
      grid.setAttribute("aria-rowcount", found.length + 1);
      for (const head of heads) showOrder(head, order);
    },
  };
}

// Names and descriptions share the room that is left; where there is little, explorer.css says what stays.
function tracks(columns) {
  const widths = { name: "minmax(9em, 3fr)", description: "minmax(8em, 4fr)", language: "7em", gender: "6.5em", country: "8.5em" };
  return ["3em", ...columns.map((name) => widths[name] ?? "9.5em"), "5.5em"].join(" ");
}

function headRow(heads) {
  const cell = (text) => element("div", { role: "columnheader" }, text);
  return element("div", { role: "row", class: "row", "aria-rowindex": "1" }, cell("Hear"), ...heads, cell("Compare"));
}

function columnHead(name) {
  if (!title(name)) return element("div", { role: "columnheader", class: name }, "Description");
  // The menu of orders does the same for the keyboard.
  const button = element("button", { type: "button", tabindex: "-1" }, title(name));
  return element("div", { role: "columnheader", class: name, "data-column": name }, button);
}

function showOrder(head, order) {
  const { column } = head.dataset;
  const ways = { [column]: "ascending", [`-${column}`]: "descending" };
  if (ways[order]) head.setAttribute("aria-sort", ways[order]);
  else head.removeAttribute("aria-sort");
}

function voiceRow(voices, voice, columns, id) {
  const cell = (name, ...content) => element("div", { role: "gridcell", class: name }, ...content);
  const play = element("button", { type: "button", tabindex: "-1", class: "play" });
  const mark = element("input", { type: "checkbox", tabindex: "-1", "aria-label": `Compare ${voices.name(voice)}` });
  const cells = columns.map((name) => (name === "name" ? nameCell(voices, voice, cell) : cell(name, voices.label(name, voice))));
  return element("div", { role: "row", class: "row", id }, cell("play-cell", play), ...cells, cell("mark", mark));
}

function nameCell(voices, voice, cell) {
  const lines = [element("span", { class: "title" }, voices.name(voice))];
  if (voices.label("tagline", voice)) lines.push(element("span", { class: "tagline" }, voices.label("tagline", voice)));
  return cell("name", ...lines);
}

function paint(row, name, { marked, playing, waiting, usual }, place, isAt) {
  row.style.top = `${place * HEIGHT}px`;
  row.dataset.place = place;
  row.setAttribute("aria-rowindex", place + 2);
  row.setAttribute("aria-selected", String(marked));
  row.classList.toggle("at", isAt);
  row.classList.toggle("waiting", waiting);
  row.classList.toggle("playing", playing);
  row.classList.toggle("usual", usual);
  row.querySelector("input").checked = marked;
  showPlay(row.querySelector(".play"), playing || waiting ? "Stop" : "Play", name);
}

export function showPlay(button, act, name) {
  const label = `${act} ${name}`;
  if (button.getAttribute("aria-label") === label) return;
  button.setAttribute("aria-label", label);
  button.replaceChildren(fromMarkup(`<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${PICTURES[act]}"/></svg>`));
}
