// The SDK's client, and short ways to call it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export const [URL_, KEY, FOLDER, SDK] = process.argv.slice(2);
export const { default: Cartesia } = await import(pathToFileURL(join(SDK, "node_modules/@cartesia/cartesia-js/index.mjs")));
export const client = new Cartesia({ apiKey: KEY, baseURL: URL_, maxRetries: 0 });

export const WOMAN = "e07c00bc-4134-4eae-9ea4-1a55fb45746b";
export const MAN = "694f9389-aac1-45b6-b726-9d9369183238";
export const SENTENCE = "The small boats drift slowly past the quiet harbor.";
export const WAV = { container: "wav", encoding: "pcm_s16le", sample_rate: 24000 };
export const RAW = { ...WAV, container: "raw" };
export const SPEECH = { model_id: "sonic-3.5", transcript: SENTENCE, voice: WOMAN, output_format: WAV };
export const BYTES_PER_SECOND = 48000;
export const HEADER = 44;

export const speak = (fields = {}) => client.tts.generate({ ...SPEECH, ...fields }).then(bytes);
export const bytes = async (response) => Buffer.from(await response.arrayBuffer());
export const upload = (audio, name = "clip.wav") => Cartesia.toFile(audio, name, { type: "audio/wav" });
export const ids = (rows) => rows.map((row) => row.id);

// Rows that come again would never end.
export async function all(list) {
  const rows = [];
  const seen = new Set();
  for await (const row of list) {
    assert.ok(!seen.has(row.id), `${row.id} came twice`);
    if (row.id) seen.add(row.id);
    rows.push(row);
  }
  return rows;
}

export async function refused(kind, call) {
  await assert.rejects(call, (error) => error instanceof kind && Boolean(error.error.message));
}

// The newest first, each row once, in pages of any size, forward and back.
export async function pages(readList, made = []) {
  const everything = ids(await all(readList({ limit: 100 })));
  assert.equal(new Set(everything).size, everything.length);
  assert.deepEqual(everything.filter((id) => made.includes(id)), made.toReversed());
  for (const limit of [1, 3]) assert.deepEqual(ids(await all(readList({ limit }))), everything);
  const back = ids(await all(readList({ limit: 2, ending_before: everything.at(-1) })));
  assert.deepEqual(back.sort(), everything.slice(0, -1).sort());
  return everything;
}

export async function advance(seconds) {
  const headers = { "X-API-Key": KEY, "Content-Type": "application/json" };
  const body = JSON.stringify({ advance: seconds });
  assert.ok((await fetch(`${URL_}/sandbox/clock`, { method: "POST", headers, body })).ok);
}
