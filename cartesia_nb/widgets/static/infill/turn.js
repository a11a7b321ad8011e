// Turns from one of two sounds to the other, in the midst of a word if need be: see takes.py.
import { element } from "../element.js";

const NAMES = ["Original", "New"];

// The place in the other sound, by the places that are known in both.
function samePlace(seconds, anchors, backwards) {
  const known = anchors.map(([original, now]) => (backwards ? [now, original] : [original, now]));
  const next = known.findIndex(([time]) => time > seconds);
  if (next < 1) return next < 0 ? known.at(-1)[1] : known[0][1];
  const [start, end] = [known[next - 1], known[next]];
  return start[1] + ((seconds - start[0]) / (end[0] - start[0])) * (end[1] - start[1]);
}

// Who turns back before the first sound has come wants no sound: that is no failure.
function ignoreAbort(error) {
  if (error.name !== "AbortError") throw error;
}

function render({ model, el }) {
  const life = new AbortController();
  const { signal } = life;
  const group = element("div", { class: "cartesia-turn", role: "group", "aria-label": "What is heard" });
  const buttons = NAMES.map((name) => element("button", { type: "button" }, name));
  group.append(...buttons);
  el.append(group);

  const draw = () => {
    buttons.forEach((button, number) => button.setAttribute("aria-pressed", number === model.get("shown")));
  };
  const turn = (number) => {
    const shown = model.get("shown");
    if (number === shown) return;
    const sounds = [...el.closest(".cartesia-takes").querySelectorAll(".cartesia-player audio")];
    const [now, next] = [sounds[shown], sounds[number]];
    if (now && next) {
      const playing = !now.paused;
      next.currentTime = samePlace(now.currentTime, model.get("anchors"), shown === 1);
      now.pause();
      if (playing) next.play().catch(ignoreAbort);
    }
    model.set("shown", number);
    model.save_changes();
  };
  buttons.forEach((button, number) => button.addEventListener("click", () => turn(number), { signal }));
  model.on("change:shown", draw);
  signal.addEventListener("abort", () => model.off("change:shown", draw));
  draw();
  return () => life.abort();
}

export default { render };
