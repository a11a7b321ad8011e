// Words of which a row is chosen as in a text: by dragging over them, or with Shift and the arrow keys.
import { element } from "../element.js";
import { keys } from "../keys.js";

function render({ model, el }) {
  const life = new AbortController();
  const { signal } = life;
  const id = `cartesia-word-list-${Math.random().toString(36).slice(2)}`;
  const label = element("div", { class: "label", id }, model.get("description"));
  const list = element("div", {
    class: "list",
    role: "listbox",
    tabindex: "0",
    "aria-labelledby": id,
    "aria-multiselectable": "true",
  });
  el.classList.add("cartesia-word-list");
  el.append(label, list);
  // The word at which choosing began, and the one where it is now: the last of the row, or the first.
  let options = [], from = 0, at = 0;

  const row = () => [Math.min(from, at), Math.max(from, at)];

  function fill() {
    options = model.get("words").map((word, number) =>
      element("span", { role: "option", id: `${id}-${number}` }, word),
    );
    list.replaceChildren(...options.flatMap((option) => [option, " "]));
    el.hidden = options.length === 0;
    from = at = 0;
    draw();
  }

  function draw() {
    const chosen = model.get("value");
    // Python may have chosen others.
    if (chosen && String(chosen) !== String(row())) [from, at] = chosen;
    options.forEach((option, number) => {
      option.setAttribute("aria-selected", chosen !== null && chosen[0] <= number && number <= chosen[1]);
      option.classList.toggle("at", number === at);
    });
    if (options.length) list.setAttribute("aria-activedescendant", options[at].id);
  }

  function choose(number, extend) {
    at = Math.min(Math.max(number, 0), options.length - 1);
    if (!extend) from = at;
    model.set("value", row());
    model.save_changes();
    draw();
    follow(options[at]);
  }

  function clear() {
    model.set("value", null);
    model.save_changes();
  }

  // scrollIntoView() would move the notebook as well.
  function follow(option) {
    const place = option.getBoundingClientRect(), view = list.getBoundingClientRect();
    if (place.bottom > view.bottom) list.scrollTop += place.bottom - view.bottom;
    if (place.top < view.top) list.scrollTop -= view.top - place.top;
  }

  const on = (name, react) => list.addEventListener(name, react, { signal });
  const wordAt = (event) => options.indexOf(document.elementFromPoint(event.clientX, event.clientY));
  let dragging = false;
  on("pointerdown", (event) => {
    const number = wordAt(event);
    if (event.button !== 0 || number < 0) return;
    event.preventDefault(); // or it would select text
    list.focus({ preventScroll: true });
    list.setPointerCapture(event.pointerId);
    dragging = true;
    choose(number, event.shiftKey);
  });
  on("pointermove", (event) => {
    const number = dragging ? wordAt(event) : -1;
    if (number >= 0 && number !== at) choose(number, true);
  });
  for (const name of ["pointerup", "pointercancel"]) on(name, () => (dragging = false));

  const none = () => model.get("value") === null;
  // The first arrow chooses the word that is marked.
  const step = (by) => choose(none() ? at : at + by, false);
  const table = {
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    "Shift+ArrowLeft": () => choose(at - 1, true),
    "Shift+ArrowRight": () => choose(at + 1, true),
    Home: () => choose(0, false),
    End: () => choose(options.length - 1, false),
    "Shift+Home": () => choose(0, true),
    "Shift+End": () => choose(options.length - 1, true),
    " ": () => choose(at, false),
    Escape: clear,
  };
  keys(list, table, signal);

  for (const [name, react] of [["change:words", fill], ["change:value", draw]]) {
    model.on(name, react);
    signal.addEventListener("abort", () => model.off(name, react));
  }
  fill();
  return () => life.abort();
}

export default { render };
