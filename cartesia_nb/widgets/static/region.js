import { element } from "./element.js";

// A part of a waveform, [start, end] in seconds, or null; shorter than this it is only an unsteady hand.
export const SHORTEST = 0.02;

export function region(wave, duration) {
  const mark = element("div", { class: "region", hidden: true });
  wave.slider.append(mark);
  return {
    show(chosen) {
      mark.hidden = !chosen;
      if (!chosen) return;
      mark.style.left = `${(100 * chosen[0]) / duration}%`;
      mark.style.width = `${(100 * (chosen[1] - chosen[0])) / duration}%`;
    },
  };
}

// Turns drags in a waveform into seek(seconds), or choose(start, end) where choosing(event) says so, and
// then done().
export function drags(wave, { choosing, seek, choose, done }, signal) {
  let drag = null;
  const on = (name, act) => wave.slider.addEventListener(name, act, { signal });

  on("pointerdown", (event) => {
    if (event.button !== 0) return;
    event.preventDefault(); // or it would select text
    wave.slider.focus({ preventScroll: true });
    wave.slider.setPointerCapture(event.pointerId);
    drag = { from: wave.secondsAt(event), chooses: choosing(event) };
    seek(drag.from);
  });
  on("pointermove", (event) => {
    if (!drag) return;
    const to = wave.secondsAt(event);
    if (drag.chooses) choose(Math.min(drag.from, to), Math.max(drag.from, to));
    else seek(to);
  });
  const end = () => {
    if (drag) done();
    drag = null;
  };
  on("pointerup", end);
  on("pointercancel", end);
}
