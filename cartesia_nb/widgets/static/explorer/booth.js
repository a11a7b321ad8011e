import { element } from "../element.js";
import { costs } from "./hear.js";
import { showPlay } from "./grid.js";

// Where the voices that are marked say the same sentence; blind, their names come after the choice.
export function comparisonBooth(voices) {
  const chips = element("ul", { "aria-label": "Marked voices" });
  const hint = element("span", { class: "hint" });
  const compare = element("button", { type: "button", "data-act": "compare" }, "Compare");
  const blind = element("button", { type: "button", "data-act": "blind" }, "Compare blind");
  const price = element("span", { class: "price" });
  const heading = element("p", { role: "status" });
  const takes = element("div", { class: "takes", role: "group", "aria-label": "Takes" });
  const box = element(
    "section",
    { class: "booth", "aria-label": "Comparison" },
    element("div", { class: "actions" }, element("h4", {}, "Compare"), chips, hint, compare, blind, price),
    heading,
    takes,
  );
  let shownMarks = "";
  let shownTakes = "";

  function showMarks(marked, text) {
    const few = marked.length < 2;
    box.hidden = !marked.length && !takes.childElementCount;
    hint.textContent = few ? "Mark more voices, with the space bar or their boxes: up to four." : "";
    for (const button of [compare, blind]) button.hidden = few;
    price.textContent = few ? "" : costs(voices, text, marked.length);
    if (shownMarks === marked.join()) return;
    shownMarks = marked.join();
    chips.replaceChildren(...marked.map((voice) => chip(voices, voice)));
  }

  function showTakes(booth, playing) {
    const state = JSON.stringify(booth);
    if (state !== shownTakes) {
      heading.textContent = booth ? caption(booth) : "";
      takes.replaceChildren(...(booth?.takes ?? []).map((take) => card(take, booth, voices)));
    }
    shownTakes = state;
    for (const take of booth?.takes ?? []) {
      const button = takes.querySelector(`[data-take="${CSS.escape(take.take)}"]`);
      showPlay(button, playing === take.take ? "Stop" : "Play", nameOf(take, voices));
    }
  }

  return {
    box,
    show({ marked, text, booth, playing }) {
      showTakes(booth, playing);
      showMarks(marked, text);
    },
  };
}

function chip(voices, voice) {
  const name = voices.name(voice);
  const remove = element("button", { type: "button", "data-act": "unmark", "data-voice": voice, "aria-label": `Take ${name} out` }, "×");
  return element("li", {}, name, remove);
}

function caption({ blind, chosen, text }) {
  if (blind && !chosen) return "Which one do you like best? The names come after your choice.";
  return `“${text}”`;
}

function card(take, booth, voices) {
  const play = element("button", { type: "button", class: "play", "data-act": "take", "data-take": take.take });
  const name = nameOf(take, voices);
  const chosen = booth.chosen === take.label;
  const parts = [play, element("strong", {}, name)];
  if (booth.blind && booth.chosen) parts.push(element("span", { class: "was" }, chosen ? `was ${take.label}, your choice` : `was ${take.label}`));
  if (booth.blind && !booth.chosen) {
    parts.push(element("button", { type: "button", "data-act": "choose", "data-label": take.label }, `Choose ${take.label}`));
  }
  return element("div", { class: chosen ? "take chosen" : "take" }, ...parts);
}

function nameOf(take, voices) {
  if (!take.voice) return `Voice ${take.label}`;
  const voice = voices.voice(take.voice);
  return voice < 0 ? take.voice : voices.name(voice);
}
