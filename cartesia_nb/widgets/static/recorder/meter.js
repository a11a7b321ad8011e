import { element, fromMarkup } from "../element.js";
import { clearedWave } from "./wave.js";

const FLOOR = -60; // dB: where the meter begins
const TOO_LOUD = -1;
const FAINT = -35;

// How loud it is now, how loud it was, and the number that is counted down.
export function levelMeter() {
  const count = element("div", { class: "count", "aria-hidden": "true" });
  const past = element("div", { class: "past" });
  const bar = element("div", { class: "bar" });
  const range = { "aria-valuemin": FLOOR, "aria-valuemax": 0 };
  const meter = element("div", { class: "meter", role: "meter", "aria-label": "Level", ...range }, bar);
  const word = element("span", { class: "facts" });
  let wave = clearedWave();

  // `part` is how much of the picture of the past is full: 0 to 1, or null before there is one.
  function show(level, part) {
    const decibels = Math.max(20 * Math.log10(level), FLOOR);
    const text = decibels > TOO_LOUD ? "too loud" : decibels < FAINT ? "quiet" : "good";
    bar.style.width = `${100 * (1 - decibels / FLOOR)}%`;
    meter.dataset.level = word.textContent = text;
    meter.setAttribute("aria-valuenow", decibels.toFixed(0));
    meter.setAttribute("aria-valuetext", text);
    if (part === null) return;
    wave.add(level, part);
    past.replaceChildren(fromMarkup(wave.markup()));
  }

  return {
    element: element("div", { class: "live" }, count, past, element("div", { class: "metered" }, meter, word)),
    show,
    count: (text) => (count.textContent = text),
    clear() {
      wave = clearedWave();
      past.replaceChildren();
    },
  };
}
