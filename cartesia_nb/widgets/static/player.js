import { element } from "./element.js";
import { received } from "./parts.js";
import { face } from "./face.js";
import { playback } from "./playback.js";
import { actions } from "./actions.js";
import { drags } from "./region.js";
import { keys } from "./keys.js";
import { save } from "./controls.js";

const PATIENCE = 5000; // milliseconds
const WAITING = "The sound is on its way from the kernel …";
const LATE =
  "The kernel has not sent the sound yet: it may be busy. If it was restarted, run this cell again.";
const ALONE = "The kernel is not there any more: this plays on, but Python does not hear of it.";

function render({ model, el }) {
  const life = new AbortController();
  const { signal } = life;
  const status = element("div", { class: "status", role: "status" }, WAITING);
  const root = element("div", { class: "cartesia-player" }, status);
  const tell = (text) => status.replaceChildren(text);
  el.append(root);
  const late = setTimeout(tell, PATIENCE, LATE);
  signal.addEventListener("abort", () => clearTimeout(late));
  Promise.all(["about", "sound"].map((name) => received(model, name, signal)))
    .then(async ([about, sound]) => {
      clearTimeout(late);
      tell("");
      const known = JSON.parse(await about.text());
      if (!signal.aborted) start(model, root, known, sound, tell, signal);
    })
    .catch((error) => tell(`The player failed: ${error.message}`));
  return () => life.abort();
}

function start(model, root, about, sound, tell, signal) {
  const shown = face(about);
  const draw = () => shown.show(player);
  const player = playback(new Blob([sound], { type: about.mimetype }), about.duration, draw, signal);
  const act = actions(model, player, shown.words, draw);
  // The copy for a notebook without a kernel, in the next output: see player.py.
  const copy = `[data-copy-of="${about.id}"]`;
  const hideCopy = `${copy}, .jp-OutputArea-child:has(> .jp-OutputArea-output > ${copy}) { display: none }`;
  root.prepend(...shown.elements, player.audio, element("style", {}, hideCopy));
  root.classList.add("cartesia-live");

  const takeSelection = () => {
    player.region = model.get("selection");
    draw();
  };
  const checkKernel = () => {
    tell(ALONE);
    received(model, "about", signal).then(() => tell(""));
  };
  for (const [name, react] of [["change:selection", takeSelection], ["comm_live_update", checkKernel]]) {
    model.on(name, react);
    signal.addEventListener("abort", () => model.off(name, react));
  }
  player.audio.addEventListener("pause", act.report, { signal });
  player.audio.addEventListener("error", () => tell("This browser cannot play the sound."), { signal });

  const play = () => act.toggle()?.catch((error) => tell(`The browser does not play it: ${error.message}`));
  const download = async () => {
    if (!about.soundIsFile) tell(WAITING);
    save(about.soundIsFile ? sound : await received(model, "file", signal), about.fileName);
    tell("");
  };
  listen(shown, player, act, { play, download }, signal);
  keys(root, keyTable(act, play, player), signal);
  player.seek(model.get("position"));
  takeSelection();
}

function listen(shown, player, act, { play, download }, signal) {
  const { buttons, said, wave, words } = shown;
  const on = (target, name, react) => target.addEventListener(name, react, { signal });
  on(buttons.play, "click", play);
  on(buttons.loop, "click", () => act.setLoop(!player.loop));
  on(buttons.speed, "change", () => (player.audio.playbackRate = Number(buttons.speed.value)));
  on(buttons.download, "click", download);
  on(said, "click", (event) => {
    const word = words.of(event.target);
    if (word) act.go(word.start);
  });
  drags(
    wave,
    {
      choosing: (event) => event.shiftKey || player.loop,
      seek: player.seek,
      choose(start, end) {
        act.choose(start, end);
        act.setLoop(true);
      },
      done: act.report,
    },
    signal,
  );
}

function keyTable(act, play, player) {
  return {
    " ": play,
    ArrowLeft: () => act.by(-1),
    ArrowRight: () => act.by(1),
    "Shift+ArrowLeft": act.previousWord,
    "Shift+ArrowRight": act.nextWord,
    Home: () => act.go(0),
    End: () => act.go(player.duration),
    i: act.beginRegion,
    o: act.endRegion,
    l: () => act.setLoop(!player.loop),
    Escape: act.clearRegion,
  };
}

export default { render };
