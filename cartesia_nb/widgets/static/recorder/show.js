import { element } from "../element.js";
import { waveform } from "../waveform.js";
import { drags } from "../region.js";
import { keys } from "../keys.js";
import { playback } from "../playback.js";
import { clock } from "../controls.js";
import { waveOf } from "./wave.js";
import { trimmer } from "./trim.js";

// A recording that can be listened to and trimmed, until life.abort().
export function onShow(id, sound, model, face, life) {
  const { duration } = sound;
  const { signal } = life;
  const view = Math.random().toString(36).slice(2);
  const wave = waveform(waveOf(sound.samples), duration);
  const trim = trimmer(wave, duration, { changed, done: report }, signal);
  const player = playback(sound.wav, duration, draw, signal);
  const stage = element("div", { class: "trimmed" }, wave.slider, ...trim.elements);
  const shown = { id, view, signal, isHanded: false, show, toggle, pause, keep, report, end: () => life.abort() };

  function draw() {
    const now = player.now();
    // Each pause and each move draws again.
    if (!player.audio.paused && now >= trim.end) return rewind();
    wave.show(now);
    wave.tell(now);
    face.playing(!player.audio.paused, clock(now, duration), trim.words());
  }
  // It is heard from where it begins.
  function changed() {
    if (player.audio.paused) player.seek(Math.max(Math.min(player.now(), trim.end), trim.start));
    draw();
  }
  function rewind() {
    player.audio.pause();
    player.seek(trim.start);
  }
  function show() {
    face.show("shown", undefined, stage);
    draw();
  }
  function pause() {
    player.audio.pause();
  }
  function toggle() {
    if (!player.audio.paused) return pause();
    if (player.now() < trim.start || player.now() >= trim.end - 0.01) player.seek(trim.start);
    player.play().catch((error) => face.complain(`The browser does not play it: ${error.message}`));
  }
  // What another view, or this one before, has said is kept: [start, end] in seconds, or null for all.
  function keep(kept) {
    trim.set(kept ?? [0, duration]);
    changed();
  }
  // Before Python has the recording, it would not know what this is about.
  function report() {
    if (shown.isHanded && trim.moved) model.send({ recording: id, keep: trim.kept(), by: view });
  }

  const by = (seconds) => () => player.seek(player.now() + seconds);
  const to = (seconds) => () => player.seek(seconds);
  keys(wave.slider, { ArrowLeft: by(-1), ArrowRight: by(1), Home: to(0), End: to(duration) }, signal);
  drags(wave, { choosing: () => false, seek: player.seek, choose() {}, done() {} }, signal);
  return shown;
}
