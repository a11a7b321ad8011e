import { sounds } from "./sounds.js";

const PATIENCE_FOR_SOUND = 4000; // milliseconds
const ELSEWHERE = "The kernel is busy with something else: this comes next.";

// Hearing voices: what was asked of the kernel, what came of it, and what plays.
export function listening(model, voices, hear, draw, signal) {
  const sound = sounds(model, { changed: draw, failed: say }, signal);
  let wanted = null; // what this view waits for: { voice, text }
  let last = null; // what was asked for last, for another try
  let heard = null; // the voice whose take plays
  let turn = model.get("shown").turn;
  let said = "";
  let late;

  function say(text) {
    said = text;
    draw();
  }

  function ask(message, about) {
    said = "";
    wanted = last = about;
    model.send(message);
    clearTimeout(late);
    late = setTimeout(() => wanted && !model.get("shown").work && say(ELSEWHERE), PATIENCE_FOR_SOUND);
    draw();
  }

  function play(voice) {
    const about = { voice: voices.id(voice), text: hear.text() };
    sound.stop();
    ask({ do: "hear", ...about }, about);
  }

  // What the kernel shows has changed.
  function follow() {
    const { heard: made, trouble, turn: now } = model.get("shown");
    if (now === turn) return;
    turn = now;
    if (!wanted) return;
    const isWanted = (about) => !about || (about.voice === wanted.voice && about.text === wanted.text);
    if (trouble) wanted = isWanted(trouble.about) ? null : wanted;
    else if (made && isWanted(made)) {
      wanted = null;
      heard = { voice: made.voice, take: made.take };
      sound.play(made.take);
    }
  }

  function cancel() {
    wanted = null;
    model.send({ do: "cancel" });
    draw();
  }

  const isPlaying = (voice) => heard !== null && sound.playing() === heard.take && heard.voice === voices.id(voice);
  model.on("change:shown", follow);
  signal.addEventListener("abort", () => (clearTimeout(late), model.off("change:shown", follow)));

  return {
    audio: sound.audio,
    say,
    cancel,
    hear: play,
    playing: sound.playing,
    said: () => said,
    again: () => ask({ do: "again" }, last),
    compare: (ids, blind) => ask({ do: "compare", voices: ids, text: hear.said.value, blind }, null),
    standing: (voice) => ({ waiting: wanted?.voice === voices.id(voice), playing: isPlaying(voice) }),
    toggle(voice) {
      if (wanted?.voice === voices.id(voice)) return cancel();
      return isPlaying(voice) ? sound.stop() : play(voice);
    },
    takeOf: (take) => (sound.playing() === take ? sound.stop() : sound.play(take)),
  };
}
