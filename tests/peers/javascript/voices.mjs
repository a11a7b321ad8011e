// Voices: lists, filters, changes, clones, other languages and accents.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import {
  Cartesia,
  MAN,
  SENTENCE,
  WOMAN,
  all,
  client,
  ids,
  pages,
  refused,
  speak,
  upload,
} from "./client.mjs";

const clone = async (name) =>
  client.voices.clone({ clip: await upload(await speak({ voice: MAN })), name, language: "en", accent: "british" });

export const voices = {
  "voices.list": async () => {
    const everyone = await pages((query) => client.voices.list(query));
    assert.ok(everyone.length > 30);
    assert.equal((await client.voices.list()).data.length, 10);
    const women = await all(client.voices.list({ gender: "feminine" }));
    assert.deepEqual(new Set(women.map((voice) => voice.gender)), new Set(["feminine"]));
    assert.deepEqual(ids(await all(client.voices.list({ q: WOMAN }))), [WOMAN]);
    const others = await all(client.voices.list({ is_owner: false, expand: ["preview_file_url"] }));
    assert.ok(others.every((voice) => !voice.is_owner && "preview_file_url" in voice));
  },
  "voices.get": async () => {
    for (const voice of (await client.voices.list()).data) {
      assert.deepEqual(await client.voices.get(voice.id), voice);
    }
    assert.ok("preview_file_url" in (await client.voices.get(WOMAN, { expand: ["preview_file_url"] })));
    await refused(Cartesia.NotFoundError, () => client.voices.get(randomUUID()));
  },
  "voices.clone": async () => {
    const made = await clone("Double");
    const first = (await client.voices.list()).data[0];
    assert.deepEqual([first.id, first.name, first.accent], [made.id, "Double", "british"]);
    return { "voices.clone.wav": [await speak({ voice: made.id }), SENTENCE] };
  },
  "voices.update": async () => {
    const { id } = await clone("Old");
    const fields = { name: "New", description: "New.", gender: "gender_neutral", accent: "australian" };
    const now = await client.voices.update(id, fields);
    for (const [name, value] of Object.entries(fields)) assert.equal(now[name], value);
    assert.deepEqual(await client.voices.get(id), now);
    await refused(Cartesia.PermissionDeniedError, () => client.voices.update(WOMAN, { name: "Mine" }));
  },
  "voices.delete": async () => {
    const { id } = await clone("Gone");
    await client.voices.delete(id);
    await refused(Cartesia.NotFoundError, () => client.voices.get(id));
  },
  "voices.localize": async () => {
    const fields = { voice_id: MAN, name: "Bruno aus Berlin", accent: "high-german", tagline: "Am Abend" };
    const voice = await client.voices.get((await client.voices.localize(fields)).id);
    assert.deepEqual([voice.name, voice.language, voice.tagline], ["Bruno aus Berlin", "de", "Am Abend"]);
    await refused(Cartesia.BadRequestError, () => client.voices.localize({ ...fields, accent: "klingon" }));
  },
  "voices.listAccents": async () => {
    const { accents } = await client.voices.listAccents();
    assert.deepEqual(ids(accents), ids(accents).toSorted());
    assert.equal(accents.length, 79);
  },
  "voices.addAccents": async () => {
    const { id } = await clone("Traveller");
    const voice = await client.voices.addAccents(id, { accents: ["high-german"] });
    assert.deepEqual(voice.locales.map(({ locale }) => locale), ["en-GB", "de-DE"]);
    assert.deepEqual(await client.voices.get(id), voice);
  },
  "voices.deleteAccent": async () => {
    const { id } = await clone("Homebody");
    await client.voices.addAccents(id, { accents: ["high-german", "parisian"] });
    const voice = await client.voices.deleteAccent("high-german", { id });
    assert.deepEqual(voice.locales.map(({ locale }) => locale), ["en-GB", "fr-FR"]);
    await refused(Cartesia.NotFoundError, () => client.voices.deleteAccent("high-german", { id }));
  },
};
