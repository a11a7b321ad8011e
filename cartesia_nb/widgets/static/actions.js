import { SHORTEST } from "./region.js";

// Seconds: a step where no words are known; how long after its begin a word that plays is not yet the one to
// go back to, or nobody could go further back.
const STEP = 0.1;
const JUST_BEGUN = 0.3;

// What a person does with a player, by mouse or by keyboard.
export function actions(model, player, words, draw) {
  const { audio, now } = player;

  // Python hears where it stands when it stands still, not sixty times a second.
  function report() {
    model.set("position", now());
    model.save_changes();
  }
  function go(seconds) {
    player.seek(seconds);
    report();
  }
  // This view hears of it from the model, as all others do.
  function choose(start, end) {
    if (end - start >= SHORTEST) model.set("selection", [start, end]);
  }
  function setLoop(on) {
    player.loop = on;
    draw();
  }

  return {
    report,
    go,
    choose,
    setLoop,
    toggle: () => (audio.paused ? player.play() : audio.pause()),
    by: (seconds) => go(now() + seconds),
    nextWord() {
      go(words.known ? (words.after(now())?.start ?? player.duration) : now() + STEP);
    },
    previousWord() {
      const from = now() - (audio.paused ? 0.001 : JUST_BEGUN);
      go(words.known ? (words.before(from)?.start ?? 0) : now() - STEP);
    },
    beginRegion() {
      const end = player.region?.[1] ?? player.duration;
      choose(now(), end > now() ? end : player.duration);
      report();
    },
    endRegion() {
      const start = player.region?.[0] ?? 0;
      choose(start < now() ? start : 0, now());
      report();
    },
    clearRegion() {
      model.set("selection", null);
      setLoop(false);
      report();
    },
  };
}
