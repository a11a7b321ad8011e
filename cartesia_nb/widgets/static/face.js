import { element, fromMarkup } from "./element.js";
import { waveform } from "./waveform.js";
import { timedWords } from "./words.js";
import { region } from "./region.js";
import { clock, downloadButton, loopButton, playButton, speedMenu } from "./controls.js";

// What a player looks like: its elements, in the order in which the keyboard visits them.
export function face(about) {
  const { duration } = about;
  const play = playButton();
  const wave = waveform(about.waveform, duration);
  const mark = region(wave, duration);
  const said = about.words ? fromMarkup(about.words) : element("div");
  said.classList.add("words");
  const words = timedWords(said);
  const time = element("span", { class: "time" });
  const loop = loopButton();
  const speed = speedMenu();
  const download = downloadButton(about.fileName);
  const facts = element("span", { class: "facts" }, about.facts);

  function show(player) {
    const now = player.now();
    play.show(!player.audio.paused);
    wave.show(now);
    wave.tell(now, words.at(now)?.text);
    mark.show(player.region);
    words.show(now);
    loop.show(player.loop);
    const text = clock(now, duration);
    if (time.textContent !== text) time.textContent = text;
  }

  return {
    elements: [
      play.button,
      element("div", { class: "line" }, wave.slider, said),
      element("div", { class: "controls" }, time, loop.button, speed, download, facts),
    ],
    buttons: { play: play.button, loop: loop.button, speed, download },
    wave,
    said,
    words,
    show,
  };
}
