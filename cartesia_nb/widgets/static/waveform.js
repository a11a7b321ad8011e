import { element, fromMarkup } from "./element.js";

// A waveform with what has been played in another colour: a slider for the eyes, the keyboard and screen
// readers alike.
export function waveform(markup, duration) {
  const played = element("div", { class: "played", "aria-hidden": "true" }, fromMarkup(markup));
  const head = element("div", { class: "head" });
  const slider = element(
    "div",
    {
      class: "waveform",
      role: "slider",
      tabindex: "0",
      "aria-label": "Position",
      "aria-valuemin": "0",
      "aria-valuemax": duration.toFixed(2),
    },
    fromMarkup(markup),
    played,
    head,
  );

  function show(seconds) {
    const part = duration ? Math.min(seconds / duration, 1) : 0;
    played.style.clipPath = `inset(0 ${100 - 100 * part}% 0 0)`;
    head.style.left = `${100 * part}%`;
  }

  function tell(seconds, word) {
    const text = `${seconds.toFixed(1)} of ${duration.toFixed(1)} seconds${word ? `: ${word}` : ""}`;
    slider.setAttribute("aria-valuenow", seconds.toFixed(2));
    slider.setAttribute("aria-valuetext", text);
  }

  function secondsAt(event) {
    const { left, width } = slider.getBoundingClientRect();
    return Math.min(Math.max((event.clientX - left) / width, 0), 1) * duration;
  }

  return { slider, show, tell, secondsAt };
}
