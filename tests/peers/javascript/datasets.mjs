// Datasets, fine-tunes, dictionaries and tokens.

import assert from "node:assert/strict";
import { createReadStream, writeFileSync } from "node:fs";
import { join } from "node:path";

import {
  Cartesia,
  FOLDER,
  MAN,
  SENTENCE,
  SPEECH,
  URL_,
  advance,
  all,
  bytes,
  client,
  pages,
  refused,
  speak,
  upload,
} from "./client.mjs";

async function dataset(audio) {
  const made = await client.datasets.create({ name: "Man", description: "" });
  if (audio) await client.datasets.files.upload(made.id, { file: await upload(audio, "man.wav"), purpose: "fine_tune" });
  return made;
}

async function fineTune() {
  const { id } = await dataset(await speak({ voice: MAN }));
  const fields = { name: "Tuned", description: "A man.", language: "en", model_id: "sonic-3-2026-01-12" };
  return client.fineTunes.create({ ...fields, dataset: id, accent: "british" });
}

export const datasets = {
  "accessToken.create": async () => {
    const { token } = await client.accessToken.create({ grants: { tts: true }, expires_in: 60 });
    const guest = new Cartesia({ token, baseURL: URL_, maxRetries: 0 });
    assert.deepEqual(await guest.tts.generate(SPEECH).then(bytes), await speak());
    await refused(Cartesia.PermissionDeniedError, () => guest.voices.list());
    await refused(Cartesia.BadRequestError, () => client.accessToken.create({ expires_in: 3601 }));
  },
  "datasets.create": async () => {
    const made = await client.datasets.create({ name: "Set", description: "One." });
    assert.deepEqual([made.name, made.description], ["Set", "One."]);
  },
  "datasets.retrieve": async () => {
    const made = await dataset();
    assert.deepEqual(await client.datasets.retrieve(made.id), made);
  },
  "datasets.list": async () => {
    await pages((query) => client.datasets.list(query), [(await dataset()).id, (await dataset()).id]);
  },
  "datasets.update": async () => {
    const { id } = await dataset();
    await client.datasets.update(id, { name: "New", description: "New." });
    const { name, description } = await client.datasets.retrieve(id);
    assert.deepEqual([name, description], ["New", "New."]);
  },
  "datasets.delete": async () => {
    const { id } = await dataset();
    await client.datasets.delete(id);
    await refused(Cartesia.NotFoundError, () => client.datasets.retrieve(id));
  },
  "datasets.files.upload": async () => {
    const { id } = await dataset();
    const path = join(FOLDER, "from-a-stream.wav");
    writeFileSync(path, await speak());
    await client.datasets.files.upload(id, { file: createReadStream(path), purpose: "fine_tune" });
    const [file] = await all(client.datasets.files.list(id));
    assert.deepEqual([file.filename, file.size], ["from-a-stream.wav", (await speak()).length]);
  },
  "datasets.files.list": async () => {
    const audio = await speak();
    const { id } = await dataset(audio);
    for (const name of ["a.wav", "b.wav", "c.wav"]) {
      await client.datasets.files.upload(id, { file: await upload(audio, name), purpose: "fine_tune" });
    }
    assert.equal((await pages((query) => client.datasets.files.list(id, query))).length, 4);
  },
  "datasets.files.delete": async () => {
    const { id } = await dataset(await speak());
    const [file] = await all(client.datasets.files.list(id));
    await client.datasets.files.delete(file.id, { id });
    assert.deepEqual(await all(client.datasets.files.list(id)), []);
    await refused(Cartesia.NotFoundError, () => client.datasets.files.delete(file.id, { id }));
  },
  "fineTunes.create": async () => {
    const { name, language, model_id, accent, status } = await fineTune();
    const wanted = ["Tuned", "en", "sonic-3-2026-01-12", "british", "created"];
    assert.deepEqual([name, language, model_id, accent, status], wanted);
  },
  "fineTunes.retrieve": async () => {
    const made = await fineTune();
    assert.deepEqual(await client.fineTunes.retrieve(made.id), made);
    await advance(120);
    assert.equal((await client.fineTunes.retrieve(made.id)).status, "training");
    await advance(600);
    assert.equal((await client.fineTunes.retrieve(made.id)).status, "completed");
  },
  "fineTunes.list": async () => {
    await pages((query) => client.fineTunes.list(query), [(await fineTune()).id, (await fineTune()).id]);
  },
  "fineTunes.listVoices": async () => {
    const { id } = await fineTune();
    assert.deepEqual(await all(client.fineTunes.listVoices(id)), []);
    await advance(700);
    const [voice] = await all(client.fineTunes.listVoices(id));
    assert.deepEqual(await client.voices.get(voice.id), voice);
    return { "fineTunes.listVoices.wav": [await speak({ voice: voice.id }), SENTENCE] };
  },
  "fineTunes.delete": async () => {
    const { id } = await fineTune();
    await client.fineTunes.delete(id);
    await refused(Cartesia.NotFoundError, () => client.fineTunes.retrieve(id));
  },
  "pronunciationDicts.create": async () => {
    const items = [{ text: "boats", alias: "trains" }];
    const { id, items: kept } = await client.pronunciationDicts.create({ name: "Words", items });
    assert.deepEqual(kept, items);
    const said = SENTENCE.replace("boats", "trains");
    return { "pronunciationDicts.create.wav": [await speak({ pronunciation_dict_id: id }), said] };
  },
  "pronunciationDicts.retrieve": async () => {
    const made = await client.pronunciationDicts.create({ name: "Words" });
    assert.deepEqual(await client.pronunciationDicts.retrieve(made.id), made);
    assert.deepEqual(made.items, []);
  },
  "pronunciationDicts.list": async () => {
    const made = [];
    for (const name of ["A", "B"]) made.push((await client.pronunciationDicts.create({ name })).id);
    await pages((query) => client.pronunciationDicts.list(query), made);
  },
  "pronunciationDicts.update": async () => {
    const items = [{ text: "AI", alias: "robots", case_sensitive: true }];
    const { id } = await client.pronunciationDicts.create({ name: "Old" });
    const now = await client.pronunciationDicts.update(id, { name: "New", items });
    assert.deepEqual([now.name, now.items], ["New", items]);
    assert.deepEqual(await client.pronunciationDicts.retrieve(id), now);
  },
  "pronunciationDicts.delete": async () => {
    const { id } = await client.pronunciationDicts.create({ name: "Gone" });
    await client.pronunciationDicts.delete(id);
    await refused(Cartesia.NotFoundError, () => client.pronunciationDicts.retrieve(id));
  },
};
