// Hands a file to Python in parts: see _collect in recorder.py. A server may lose messages, large ones and
// fast ones above all: so Python is asked what is missing, until nothing is.
const BYTES_A_PART = 500_000;
const FIRST_WAIT = 3000; // milliseconds; each further one is twice as long
const MOST_LOSSES = 5;
const NOT_YET =
  "Python does not have it yet: a cell may be running. If the kernel was restarted, run this cell again.";
const LOST =
  "Parts of the recording are lost on their way to Python, again and again. Please record something shorter.";

export async function handed(model, about, file, tell, signal) {
  const parts = Math.ceil(file.size / BYTES_A_PART);
  const bytes = await file.arrayBuffer();
  let missing = [...Array(parts).keys()];
  let losses = 0;
  for (let round = 0; losses < MOST_LOSSES; round++) {
    for (const part of missing) {
      const content = bytes.slice(part * BYTES_A_PART, (part + 1) * BYTES_A_PART);
      model.send({ ...about, parts, part }, undefined, [content]);
    }
    const answer = await asked(model, { ...about, parts }, FIRST_WAIT * 2 ** Math.min(round, 4), signal);
    if (answer?.refused) throw new Error(answer.refused);
    if (answer?.missing.length === 0) return;
    missing = answer?.missing ?? [];
    if (answer) losses += 1;
    else tell(NOT_YET);
  }
  throw new Error(LOST);
}

// Python's answer, or null where it does not come in time.
function asked(model, question, patience, signal) {
  return new Promise((resolve, reject) => {
    const end = (settle, value) => {
      clearTimeout(late);
      model.off("msg:custom", take);
      signal.removeEventListener("abort", stop);
      settle(value);
    };
    const take = (answer) => answer.recording === question.recording && end(resolve, answer);
    const stop = () => end(reject, new Error("It is not wanted any more."));
    const late = setTimeout(() => end(resolve, null), patience);
    model.on("msg:custom", take);
    signal.addEventListener("abort", stop);
    model.send(question);
  });
}
