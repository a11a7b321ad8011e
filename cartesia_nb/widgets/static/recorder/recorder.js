import { received } from "../parts.js";
import { keys } from "../keys.js";
import { recorderFace } from "./face.js";
import { listenTo } from "./controls.js";
import { captured } from "./capture.js";
import { decoded } from "./sound.js";
import { onShow } from "./show.js";
import { handed } from "./sending.js";

const QUIETEST = 0.003; // of full scale, which is 1: speech is louder even far from a microphone
const SILENT =
  "Almost nothing can be heard. Is the microphone muted, or does the browser listen to another one? " +
  "The recording is kept all the same.";

function render({ model, el }) {
  const life = new AbortController();
  const { signal } = life;
  const face = recorderFace(model);
  const held = holder(model, face, signal);
  const taking = taker(model, face, held, signal);
  el.append(face.root);

  const record = () => taking.run(async (until) => [await captured(model, face, until), "microphone"]);
  const open = (files) =>
    taking.run(async () => {
      if (files.length !== 1) throw new Error("One sound file at a time, please.");
      return [files[0], files[0].name];
    });
  function press() {
    if (face.state === "recording") face.stop();
    else if (taking.busy) taking.cancel();
    else if (held.shown) held.shown.toggle();
    else record();
  }

  listenTo(face, model, { press, record, open }, signal);
  keys(face.root, { " ": press, Escape: taking.cancel }, signal);
  window.addEventListener("pagehide", taking.cancel, { signal });
  const follow = () => taking.busy || held.follow();
  model.on("change:_state", follow);
  signal.addEventListener("abort", () => model.off("change:_state", follow));
  taking.rest();
  return () => life.abort();
}

// Gets a recording, one at a time; the one before stays on show until there is another.
function taker(model, face, held, signal) {
  let current = null;

  async function run(work) {
    current?.abort();
    const mine = (current = within(signal));
    face.complain("");
    held.shown?.pause();
    try {
      const [blob, source] = await work(mine.signal);
      mine.signal.throwIfAborted();
      face.show("reading", `Reading the sound of ${source} …`);
      const sound = await decoded(blob, source, model.get("longest"));
      if (!mine.signal.aborted) held.take(sound, source);
    } catch (error) {
      if (!mine.signal.aborted) face.complain(error.message);
    }
    mine.abort();
    if (current === mine) rest();
  }

  function rest() {
    current = null;
    if (signal.aborted) return;
    if (held.shown) held.shown.show();
    else face.show("empty");
    held.follow();
  }

  function cancel() {
    if (!current) return;
    current.abort();
    face.tell("");
    rest();
  }

  return {
    run,
    rest,
    cancel,
    get busy() {
      return current !== null;
    },
  };
}

// Holds the recording on show, and sees to it that it is the one that Python has.
function holder(model, face, signal) {
  const held = { shown: null, take, follow };

  function put(id, sound) {
    held.shown?.end();
    held.shown = onShow(id, sound, model, face, within(signal));
    return held.shown;
  }

  async function take(sound, source) {
    const mine = put(Math.random().toString(36).slice(2), sound);
    const about = { recording: mine.id, source, bytes: sound.wav.size };
    face.tell("The sound is on its way to Python …");
    if (sound.peak < QUIETEST) face.complain(SILENT);
    try {
      await handed(model, about, sound.wav, face.tell, mine.signal);
      mine.isHanded = true;
      mine.report();
      face.tell(`${sound.duration.toFixed(1)} seconds of sound: Python has it as .speech.`);
    } catch (error) {
      if (!mine.signal.aborted) face.complain(error.message);
    }
  }

  // Another view may have recorded or trimmed, or this view may be new.
  async function follow() {
    const { recording, kept, by } = model.get("_state");
    const { shown } = held;
    if (shown?.isHanded && shown.id === recording && by !== shown.view) shown.keep(kept);
    if (!isNews(recording)) return;
    face.tell("The recording is on its way from the kernel …");
    const sound = await decoded(await received(model, "sound", signal), "the kernel", Infinity);
    if (signal.aborted || !isNews(recording)) return;
    const mine = put(recording, sound);
    mine.isHanded = true;
    mine.keep(model.get("_state").kept);
    // Meanwhile, another may be being recorded here.
    if (face.state !== "empty" && face.state !== "shown") return;
    face.tell("");
    mine.show();
  }

  // What is on show here and not yet in Python is newer than all that Python has.
  function isNews(recording) {
    const isOurs = held.shown && (!held.shown.isHanded || held.shown.id === recording);
    return recording && recording === model.get("_state").recording && !isOurs;
  }

  return held;
}

// An AbortController that ends with another one's signal.
function within(signal) {
  const made = new AbortController();
  signal.addEventListener("abort", () => made.abort(), { signal: made.signal });
  return made;
}

export default { render };
