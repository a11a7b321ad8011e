import { element } from "../element.js";
import { filterBar } from "./filters.js";
import { voiceGrid } from "./grid.js";
import { hearBar } from "./hear.js";
import { voiceDetails } from "./details.js";
import { comparisonBooth } from "./booth.js";
import { statusLine } from "./status.js";
import { listening } from "./listening.js";
import { explorerActs } from "./acts.js";
import { explorerKeys } from "./keys.js";

// The explorer, once the voices are here.
export function explorerView(model, root, voices, signal) {
  const bar = filterBar(voices);
  const hear = hearBar(voices, { hears: model.get("hears"), text: model.get("text") });
  const details = voiceDetails(voices);
  const booth = comparisonBooth(voices);
  const status = statusLine(voices, hear);
  const count = element("span", { role: "status", class: "count" });
  const ear = listening(model, voices, hear, draw, signal);
  const grid = voiceGrid(voices, standing, signal);
  const act = explorerActs(model, voices, { bar, hear, details, ear, grid, count }, draw, signal);

  function standing(voice) {
    const id = voices.id(voice);
    const marked = model.get("marked").includes(id);
    return { marked, usual: model.get("shown").usual === id, ...ear.standing(voice) };
  }

  function draw() {
    const shown = model.get("shown");
    const marked = model.get("marked").map(voices.voice).filter((voice) => voice >= 0);
    const at = grid.at();
    grid.draw();
    hear.show(shown.trouble);
    details.show(at, at !== undefined && shown.usual === voices.id(at));
    booth.show({ marked, text: hear.said.value, booth: shown.booth, playing: ear.playing() });
    status.show({ ...shown, said: ear.said() });
  }

  const top = element("div", { class: "top" }, count, bar.clear, bar.order);
  root.replaceChildren(...bar.elements, hear.element, top, grid.box, status.box, details.box, booth.box, ear.audio);
  model.on("change:shown change:marked", draw);
  signal.addEventListener("abort", () => model.off("change:shown change:marked", draw));
  listen({ root, bar, hear, grid, ear, act }, signal);
  explorerKeys(root, { search: bar.search, grid: grid.grid, said: hear.said }, act.keys, signal);
  act.find();
}

function listen({ root, bar, hear, grid, ear, act }, signal) {
  const on = (target, name, react) => target.addEventListener(name, react, { signal });
  on(bar.search, "input", act.find);
  for (const menu of root.querySelectorAll("select")) on(menu, "change", act.find);
  on(hear.said, "input", act.write);
  on(hear.element, "change", act.moved);
  on(root, "click", ({ target }) => {
    const button = target.closest("[data-act]");
    if (button) act.buttons[button.dataset.act](button.dataset);
  });
  on(grid.grid, "click", ({ target }) => {
    const column = target.closest("[data-column]")?.dataset.column;
    if (column) act.orderBy(column);
    const row = target.closest("[data-place]");
    if (!row) return;
    grid.grid.focus({ preventScroll: true });
    const voice = grid.of(target);
    act.go(Number(row.dataset.place));
    if (target.closest(".play")) ear.toggle(voice);
    if (target.matches("input")) act.mark(voice);
  });
  on(grid.grid, "dblclick", ({ target }) => {
    if (target.closest("[data-place]") && !target.closest("button, input")) ear.hear(grid.of(target));
  });
}
