// Call every method of `@cartesia/cartesia-js` 4.2.0, the official JavaScript SDK, and say what it makes of the
// answers: `node javascript_sdk.mjs URL KEY FOLDER SDK`. For each method it prints a line of JSON with
// `method`, `error` (null if all is well) and `speech`: WAV files in the folder, and what they should say.

import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { agents } from "./javascript/agents.mjs";
import { FOLDER, client } from "./javascript/client.mjs";
import { datasets } from "./javascript/datasets.mjs";
import { speech } from "./javascript/speech.mjs";
import { status } from "./javascript/status.mjs";
import { voices } from "./javascript/voices.mjs";

const checks = { ...status, ...speech, ...voices, ...datasets, ...agents };

// All methods that call over HTTP: sockets stand apart.
function findMethods(owner = client, prefix = "") {
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(owner));
  const methods = own.filter((name) => !["constructor", "websocket"].includes(name)).map((name) => prefix + name);
  const sections = Object.entries(owner).filter(([, section]) => section?._client);
  const below = sections.flatMap(([name, section]) => findMethods(section, `${prefix}${name}.`));
  return [...(prefix ? methods : ["getStatus"]), ...below];
}

async function judge(method) {
  const said = {};
  if (!(method in checks)) return { method, error: "no check calls it", speech: said };
  try {
    for (const [name, [audio, text]] of Object.entries((await checks[method]()) ?? {})) {
      writeFileSync(join(FOLDER, name), audio);
      said[name] = text;
    }
  } catch (error) {
    return { method, error: String(error.stack).slice(0, 2000), speech: said };
  }
  return { method, error: null, speech: said };
}

for (const method of new Set([...findMethods(), ...Object.keys(checks)])) {
  console.log(JSON.stringify(await judge(method)));
}
