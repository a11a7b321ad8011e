import { element, fromMarkup } from "./element.js";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];
const SHAPES = { Play: "M7 4l13 8-13 8z", Pause: "M6 4h4v16H6zM14 4h4v16h-4z" };

function button(title, ...content) {
  return element("button", { type: "button", title }, ...content);
}

export function playButton() {
  const made = button("Space bar");
  made.classList.add("play");
  const show = (playing) => {
    const name = playing ? "Pause" : "Play";
    if (made.getAttribute("aria-label") === name) return;
    made.setAttribute("aria-label", name);
    const shape = `<svg viewBox="0 0 24 24" aria-hidden="true"><path d="${SHAPES[name]}"/></svg>`;
    made.replaceChildren(fromMarkup(shape));
  };
  return { button: made, show };
}

export function loopButton() {
  const made = button("Play the region, or all of it, again and again (L)", "Loop");
  return { button: made, show: (on) => made.setAttribute("aria-pressed", String(on)) };
}

export function speedMenu() {
  const choice = (speed) => element("option", { value: speed, selected: speed === 1 }, `${speed}×`);
  return element("select", { "aria-label": "Speed", title: "Speed" }, ...SPEEDS.map(choice));
}

export function downloadButton(fileName) {
  return button(`Save ${fileName}: the sound as received`, "Download");
}

export function save(blob, fileName) {
  const link = element("a", { href: URL.createObjectURL(blob), download: fileName });
  link.click();
  // The browser may not have begun to read it.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// 1.2 / 3.4 s, or 1:02 / 10:00
export function clock(seconds, duration) {
  if (duration < 60) return `${seconds.toFixed(1)} / ${duration.toFixed(1)} s`;
  const minutes = (time) => `${Math.floor(time / 60)}:${String(Math.floor(time % 60)).padStart(2, "0")}`;
  return `${minutes(seconds)} / ${minutes(duration)}`;
}
