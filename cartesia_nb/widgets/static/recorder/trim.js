import { element } from "../element.js";
import { keys } from "../keys.js";

const STEP = 0.05; // seconds
const LONG_STEP = 0.5;
const LEAST_KEPT = 0.1;

// The two ends of what is kept of a waveform: `changed` while they move, `done` when they have.
export function trimmer(wave, duration, { changed, done }, signal) {
  const trim = { start: 0, end: duration, moved: false, set, kept, words };
  const cuts = [element("div", { class: "cut before" }), element("div", { class: "cut after" })];
  const handles = { start: handle("Start"), end: handle("End") };
  trim.elements = [...cuts, handles.start, handles.end];

  function set([start, end]) {
    trim.start = Math.min(Math.max(start, 0), duration);
    trim.end = Math.min(Math.max(end, 0), duration);
    const percent = (seconds) => `${(100 * seconds) / duration}%`;
    cuts[0].style.width = handles.start.style.left = percent(trim.start);
    cuts[1].style.left = handles.end.style.left = percent(trim.end);
    describe(handles.start, trim.start, 0, trim.end);
    describe(handles.end, trim.end, trim.start, duration);
  }
  // Whatever is kept stays long enough to be heard.
  function move(end, seconds) {
    if (end === "start") set([Math.min(seconds, trim.end - LEAST_KEPT), trim.end]);
    else set([trim.start, Math.max(seconds, trim.start + LEAST_KEPT)]);
    trim.moved = true;
    changed();
  }
  function kept() {
    return trim.start > 0 || trim.end < duration ? [trim.start, trim.end] : null;
  }
  function words() {
    if (!kept()) return "Drag the ends to trim it.";
    return `${(trim.end - trim.start).toFixed(2)} s are kept: ${trim.start.toFixed(2)} to ${trim.end.toFixed(2)} s.`;
  }

  for (const [end, made] of Object.entries(handles)) {
    const go = (seconds) => {
      move(end, seconds);
      done();
    };
    keys(made, moves((seconds) => go(trim[end] + seconds), go, duration), signal);
    draggable(made, (event) => move(end, wave.secondsAt(event)), done, signal);
  }
  set([0, duration]);
  return trim;
}

function handle(name) {
  return element("div", { class: "handle", role: "slider", tabindex: "0", "aria-label": name });
}

function describe(slider, now, least, most) {
  slider.setAttribute("aria-valuemin", least.toFixed(2));
  slider.setAttribute("aria-valuemax", most.toFixed(2));
  slider.setAttribute("aria-valuenow", now.toFixed(2));
  slider.setAttribute("aria-valuetext", `${now.toFixed(2)} seconds`);
}

function moves(by, go, duration) {
  return {
    ArrowLeft: () => by(-STEP),
    ArrowDown: () => by(-STEP),
    ArrowRight: () => by(STEP),
    ArrowUp: () => by(STEP),
    "Shift+ArrowLeft": () => by(-LONG_STEP),
    "Shift+ArrowRight": () => by(LONG_STEP),
    Home: () => go(0),
    End: () => go(duration),
  };
}

function draggable(held, moved, done, signal) {
  const on = (name, act) => held.addEventListener(name, act, { signal });
  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault(); // or it would select text
    held.focus({ preventScroll: true });
    held.setPointerCapture(event.pointerId);
  });
  on("pointermove", (event) => held.hasPointerCapture(event.pointerId) && moved(event));
  on("lostpointercapture", done);
}
