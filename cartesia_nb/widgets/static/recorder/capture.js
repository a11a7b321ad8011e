// Records the microphone, as it is: what a browser does to calls would change the voice.
const AS_IT_IS = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, channelCount: 1 };

// MediaRecorder, which writes beside the page, however busy that is, and needs no module of its own, which a
// notebook's page may not be allowed to load. From the best: the first two lose nothing.
const KINDS = ["audio/webm;codecs=pcm", "audio/mp4;codecs=alac", "audio/webm;codecs=opus", "audio/mp4"];
const BITS_PER_SECOND = 256_000;

const TRY_AGAIN = "and record again, or choose a file.";
const NO_MICROPHONE = {
  NotAllowedError: `The microphone is not allowed. Allow it in the browser, beside the page's address, ${TRY_AGAIN}`,
  NotFoundError: `There is no microphone. Connect one ${TRY_AGAIN}`,
  NotReadableError: `The microphone cannot be used: another program may have it. Close that ${TRY_AGAIN}`,
  AbortError: `The microphone did not start. Connect it anew ${TRY_AGAIN}`,
};
const INSECURE =
  "A browser gives the microphone to pages on https or localhost only. Open the notebook there, or choose a file.";
const RECORD_ELSEWHERE = "Record with another program and choose the file.";
const NOT_HERE = `Where this notebook is shown, no page may use the microphone. ${RECORD_ELSEWHERE}`;
const NO_RECORDER = `This browser cannot record. ${RECORD_ELSEWHERE}`;
const GONE = "The microphone went away. What it had heard until then is kept.";

// The sound as a Blob, once it is stopped; `signal` ends it, and lets go of the microphone, at any time.
export async function captured(model, face, signal) {
  face.show("asking", "The browser asks whether this page may use the microphone.");
  const stream = await microphone(signal);
  let started = null;
  meter(stream, (level) => face.level(level, started && (performance.now() - started) / 1000), signal);
  if (model.get("countdown")) await countDown(face, signal);
  const blob = await recording(stream, model.get("longest"), signal, (stop) => {
    started = performance.now();
    face.stop = stop;
    face.show("recording", `Recording from ${stream.getAudioTracks()[0].label || "the microphone"}.`);
  });
  if (stream.wentAway) face.complain(GONE);
  release(stream);
  return blob;
}

async function microphone(signal) {
  if (!navigator.mediaDevices?.getUserMedia) throw new Error(INSECURE);
  if (!window.MediaRecorder) throw new Error(NO_RECORDER);
  const stream = await navigator.mediaDevices.getUserMedia({ audio: AS_IT_IS }).catch((error) => {
    const forbidden = document.featurePolicy?.allowsFeature("microphone") === false;
    const reason = NO_MICROPHONE[error.name] ?? `The microphone did not start: ${error.message}`;
    throw new Error(forbidden ? NOT_HERE : reason);
  });
  signal.addEventListener("abort", () => release(stream));
  if (signal.aborted) release(stream);
  signal.throwIfAborted();
  return stream;
}

function release(stream) {
  for (const track of stream.getTracks()) track.stop();
}

async function countDown(face, signal) {
  for (const left of [3, 2, 1]) {
    face.show("counting", `Recording begins in ${left} …`, left);
    await new Promise((go) => setTimeout(go, 1000));
    signal.throwIfAborted();
  }
}

function recording(stream, longest, signal, started) {
  const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  const recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
  const stop = () => recorder.state === "inactive" || recorder.stop();
  return new Promise((resolve, reject) => {
    const pieces = [];
    recorder.ondataavailable = (event) => pieces.push(event.data);
    recorder.onerror = (event) => reject(new Error(`The recording failed: ${event.error?.message}`));
    recorder.onstop = () => resolve(new Blob(pieces, { type: recorder.mimeType }));
    recorder.onstart = () => {
      setTimeout(stop, 1000 * longest);
      started(stop);
    };
    // Only what stops by itself tells it: not what release() stops.
    stream.getAudioTracks()[0].onended = () => (stream.wentAway = true);
    signal.addEventListener("abort", stop);
    recorder.start();
  });
}

// Tells the highest level, 0 to 1, of each frame of the screen; it falls slowly enough to be read.
function meter(stream, tell, signal) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  let level = 0;
  const frame = () => {
    if (signal.aborted) return;
    analyser.getFloatTimeDomainData(samples);
    level = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0.95 * level);
    tell(level);
    requestAnimationFrame(frame);
  };
  signal.addEventListener("abort", () => context.close());
  frame();
}
