// A sound that can be moved in, slowed down and looped; `changed` is called when anything about it is.
export function playback(sound, duration, changed, signal) {
  const audio = new Audio(URL.createObjectURL(sound));
  audio.preservesPitch = true;
  // What loops: a region, [start, end] in seconds, or all where it is null.
  const player = { audio, duration, region: null, loop: false, now, seek, play };
  const on = (name, act) => audio.addEventListener(name, act, { signal });

  function now() {
    return Math.min(audio.currentTime, duration);
  }

  function seek(seconds) {
    audio.currentTime = Math.min(Math.max(seconds, 0), duration);
    changed();
  }

  function play() {
    // A pause that comes before the first sound is no failure.
    return audio.play().catch((error) => {
      if (error.name !== "AbortError") throw error;
    });
  }

  function again() {
    const [start, end] = player.region ?? [0, duration];
    if (player.loop && (now() >= end || now() < start)) seek(start);
  }

  // An audio element says where it stands four times a second: too seldom for words and loops.
  function frame() {
    if (audio.paused || signal.aborted) return;
    again();
    changed();
    requestAnimationFrame(frame);
  }

  on("play", frame);
  on("pause", changed);
  on("seeked", changed);
  // What is behind other windows draws no frames.
  on("timeupdate", () => audio.paused || again());
  on("ended", () => player.loop && play());

  signal.addEventListener("abort", () => {
    audio.pause();
    URL.revokeObjectURL(audio.src);
    audio.removeAttribute("src");
  });
  return player;
}
