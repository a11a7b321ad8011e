import { element } from "../element.js";
import { received } from "../parts.js";

const KINDS = { wav: "audio/wav", mp3: "audio/mpeg" };

// One sound at a time, by the name of its take; `changed` is called when another plays, or none.
export function sounds(model, { changed, failed }, signal) {
  const audio = element("audio");
  const addresses = new Map();
  let playing = null;

  async function address(take) {
    if (!addresses.has(take)) {
      const sound = await received(model, take, signal);
      addresses.set(take, URL.createObjectURL(new Blob([sound], { type: KINDS[take.split(".").at(-1)] })));
    }
    return addresses.get(take);
  }

  function stop() {
    playing = null;
    audio.pause();
    changed();
  }

  async function play(take) {
    stop();
    playing = take;
    changed();
    const source = await address(take);
    if (playing !== take || signal.aborted) return;
    audio.src = source;
    await audio.play().catch((error) => {
      // Another sound came first.
      if (error.name === "AbortError") return;
      stop();
      failed(`The browser does not play it: ${error.message}`);
    });
  }

  audio.addEventListener("ended", stop, { signal });
  signal.addEventListener("abort", () => {
    audio.pause();
    for (const source of addresses.values()) URL.revokeObjectURL(source);
  });
  return { audio, play, stop, playing: () => playing };
}
