// Sound as it goes to Python: mono, 16 bits, at the rate of the API's own speech, so that the two can be
// joined, whatever rate the microphone or the file has.
const PCM_RATE = 44_100; // Hz
const LARGEST_FILE = 100_000_000; // bytes
// A file may be longer than what is allowed by what its format adds at the ends.
const SLACK = 0.1; // seconds
const SHORTEST_SOUND = 0.1;
const TOO_SHORT = "That was too short: there is less than a tenth of a second of sound.";

// The sound of a Blob, at most `longest` seconds of it: its samples, highest level, and a WAV file.
export async function decoded(blob, source, longest) {
  const fromMicrophone = source === "microphone";
  if (!fromMicrophone && blob.size > LARGEST_FILE) throw new Error(`${source} has more than 100 MB.`);
  const buffer = await new OfflineAudioContext(1, 1, PCM_RATE)
    .decodeAudioData(await blob.arrayBuffer())
    .catch(() => {
      throw new Error(fromMicrophone && blob.size < 1000 ? TOO_SHORT : cannotRead(source));
    });
  const { duration } = buffer;
  if (!fromMicrophone && duration > longest + SLACK) throw new Error(tooLong(source, duration, longest));
  const samples = asMono(buffer).subarray(0, Math.floor(longest * PCM_RATE));
  if (samples.length < SHORTEST_SOUND * PCM_RATE) throw new Error(TOO_SHORT);
  const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0);
  return { samples, peak, duration: samples.length / PCM_RATE, wav: asWav(samples) };
}

function cannotRead(source) {
  return `This browser finds no sound in ${source} that it can read. WAV, MP3, FLAC, Ogg or M4A is what most can.`;
}

function tooLong(source, duration, longest) {
  const wayOut = `Choose a shorter file, or show recorder(${Math.ceil(duration)}).`;
  return `${source} lasts ${duration.toFixed(1)} s; this takes up to ${longest} s. ${wayOut}`;
}

function asMono(buffer) {
  const channels = Array.from({ length: buffer.numberOfChannels }, (_, at) => buffer.getChannelData(at));
  if (channels.length === 1) return channels[0];
  return channels[0].map((_, at) => channels.reduce((sum, channel) => sum + channel[at], 0) / channels.length);
}

function asWav(samples) {
  const header = new DataView(new ArrayBuffer(44));
  const text = (at, letters) => [...letters].forEach((letter, i) => header.setUint8(at + i, letter.charCodeAt(0)));
  const number = (at, value) => header.setUint32(at, value, true);
  text(0, "RIFF");
  number(4, 36 + 2 * samples.length);
  text(8, "WAVEfmt ");
  number(16, 16);
  number(20, 0x0001_0001); // PCM, one channel
  number(24, PCM_RATE);
  number(28, 2 * PCM_RATE); // bytes per second
  number(32, 0x0010_0002); // bytes of a frame, bits of a sample
  text(36, "data");
  number(40, 2 * samples.length);
  const whole = (sample) => Math.max(-32768, Math.min(32767, Math.round(32768 * sample)));
  const integers = Int16Array.from(samples, whole);
  return new Blob([header, integers], { type: "audio/wav" });
}
