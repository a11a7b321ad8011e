// Speech: what comes has the format, the words and the times.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  BYTES_PER_SECOND,
  Cartesia,
  FOLDER,
  HEADER,
  MAN,
  RAW,
  SENTENCE,
  SPEECH,
  WAV,
  WOMAN,
  all,
  bytes,
  client,
  refused,
  speak,
  upload,
} from "./client.mjs";

const changed = async (audio) => ({
  clip: await upload(audio),
  "voice[id]": MAN,
  "output_format[container]": "wav",
  "output_format[encoding]": "pcm_s16le",
  "output_format[sample_rate]": 24000,
});

export const speech = {
  "tts.generate": async () => {
    const audio = await speak();
    assert.ok(audio.length > 2 * BYTES_PER_SECOND);
    assert.deepEqual(audio.subarray(HEADER), await speak({ output_format: RAW }));
    assert.deepEqual(audio, await speak({ voice: { id: WOMAN } }));
    assert.ok((await speak({ generation_config: { speed: 1.5 } })).length < 0.8 * audio.length);
    const mp3 = await speak({ output_format: { container: "mp3", sample_rate: 44100, bit_rate: 128000 } });
    assert.equal(mp3.readUInt16BE(0) >> 5, 0x7ff);
    const { response } = await client.tts.generate({ ...SPEECH, save: true }).withResponse();
    assert.ok(response.headers.get("Cartesia-File-ID"));
    await refused(Cartesia.BadRequestError, () => speak({ transcript: "" }));
    await refused(Cartesia.NotFoundError, () => speak({ voice: randomUUID() }));
    return { "tts.generate.wav": [audio, SENTENCE] };
  },
  "tts.generateSSE": async () => {
    const fields = { ...SPEECH, output_format: RAW, context_id: "mine", add_timestamps: true };
    const events = await all(await client.tts.generateSSE({ ...fields, add_phoneme_timestamps: true }));
    assert.deepEqual(new Set(events.map((event) => event.context_id)), new Set(["mine"]));
    assert.deepEqual([events.at(-1).type, events.at(-1).done], ["done", true]);
    const chunks = events.filter((event) => event.type === "chunk");
    const sound = Buffer.concat(chunks.map((event) => Buffer.from(event.data, "base64")));
    assert.deepEqual(sound, await speak({ output_format: RAW }));
    const [{ word_timestamps: words }] = events.filter((event) => event.type === "timestamps");
    const [{ phoneme_timestamps: sounds }] = events.filter((event) => event.type === "phoneme_timestamps");
    assert.deepEqual(words.words, SENTENCE.split(" "));
    for (const { start, end } of [words, sounds]) {
      assert.deepEqual(start, start.toSorted((a, b) => a - b));
      assert.ok(start.every((time, at) => time < end[at]));
      const seconds = sound.length / BYTES_PER_SECOND;
      assert.ok(seconds - 0.7 < end.at(-1) && end.at(-1) <= seconds);
    }
    const began = performance.now();
    let first = 0;
    for await (const _ of await client.tts.generateSSE({ ...fields, transcript: `${SENTENCE} `.repeat(60) })) {
      first ||= performance.now() - began;
    }
    assert.ok(first < 0.4 * (performance.now() - began));
    const failing = await client.tts.generateSSE(fields, { headers: { "Sandbox-Fault": "error-event" } });
    const last = (await all(failing)).at(-1);
    assert.deepEqual([last.type, last.done, last.status_code], ["error", true, 500]);
    assert.ok(last.title && last.message && last.request_id);
  },
  "tts.generateSse": async () => {
    // Without any handling of the stream, as the SDK says.
    const answer = await client.tts.generateSse({ ...SPEECH, output_format: RAW }).asResponse();
    assert.match(answer.headers.get("Content-Type"), /^text\/event-stream/);
    assert.match(await answer.text(), /^data: .*"type": ?"done".*\n\n$/ms);
  },
  "tts.infill": async () => {
    const texts = ["She packed her yellow jacket", "and a warm red hat", "before the long voyage."];
    const [left, right] = [await speak({ transcript: texts[0] }), await speak({ transcript: texts[2] })];
    const fields = { model_id: "sonic-3", language: "en", transcript: texts[1], voice_id: WOMAN, output_format: WAV };
    const sides = { left_audio: await upload(left), right_audio: await upload(right) };
    const middle = await client.tts.infill({ ...fields, ...sides }).then(bytes);
    await refused(Cartesia.BadRequestError, () => client.tts.infill(fields));
    const whole = Buffer.concat([left, middle.subarray(HEADER), right.subarray(HEADER)]);
    whole.writeUInt32LE(whole.length - 8, 4);
    whole.writeUInt32LE(whole.length - HEADER, 40);
    return { "tts.infill.wav": [whole, texts.join(" ")] };
  },
  "voiceChanger.generate": async () => {
    const clip = await speak();
    const audio = await client.voiceChanger.generate(await changed(clip)).then(bytes);
    assert.ok(Math.abs(audio.length / clip.length - 1) < 0.05);
    assert.notDeepEqual(audio, clip);
    return { "voiceChanger.generate.wav": [audio, SENTENCE] };
  },
  "voiceChanger.generateSSE": async () => {
    const clip = await speak();
    const events = await all(await client.voiceChanger.generateSSE(await changed(clip)));
    const sound = Buffer.concat(events.slice(0, -1).map((event) => Buffer.from(event.data, "base64")));
    assert.deepEqual(sound, await client.voiceChanger.generate(await changed(clip)).then(bytes));
    assert.deepEqual(events.at(-1), { status_code: 200, done: true });
  },
  "voiceChanger.changeVoiceBytes": async () => {
    const clip = await speak();
    const [older, newer] = [client.voiceChanger.changeVoiceBytes, client.voiceChanger.generate];
    const [one, other] = [await changed(clip), await changed(clip)];
    assert.deepEqual(
      await older.call(client.voiceChanger, one).then(bytes),
      await newer.call(client.voiceChanger, other).then(bytes),
    );
  },
  "voiceChanger.changeVoiceSse": async () => {
    const answer = await client.voiceChanger.changeVoiceSse(await changed(await speak())).asResponse();
    assert.match(await answer.text(), /^data: .*"done": ?true.*\n\n$/ms);
  },
  "stt.transcribe": async () => {
    const audio = await speak();
    const heard = await client.stt.transcribe({
      file: await upload(audio),
      model: "ink-whisper",
      timestamp_granularities: ["word"],
    });
    assert.deepEqual([heard.text, heard.type, heard.language], [SENTENCE, "transcript", "en"]);
    assert.deepEqual(heard.words.map((word) => word.word), SENTENCE.split(" "));
    const times = heard.words.flatMap((word) => [word.start, word.end]);
    assert.deepEqual(times, times.toSorted((a, b) => a - b));
    assert.ok(Math.abs(heard.duration - audio.length / BYTES_PER_SECOND) < 0.1);
    const raw = await speak({ output_format: RAW });
    const bare = { file: await upload(raw, "clip.pcm"), encoding: "pcm_s16le", sample_rate: 24000 };
    assert.equal((await client.stt.transcribe({ ...bare, model: "ink-whisper" })).text, SENTENCE);
    const path = join(FOLDER, "read-from-disk.wav");
    writeFileSync(path, audio);
    const file = createReadStream(path);
    assert.equal((await client.stt.transcribe({ file, model: "ink-whisper" })).text, SENTENCE);
  },
};
