// The status, and how errors and retries arrive.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { Cartesia, client, refused } from "./client.mjs";

export const status = {
  "getStatus": async () => {
    const status = await client.getStatus();
    assert.deepEqual([status.ok, status.version], [true, "2026-08-14"]);
    await refused(Cartesia.RateLimitError, () => client.getStatus({ headers: { "Sandbox-Fault": "rate-limit" } }));
    const headers = { "Sandbox-Fault": `server-error; once=${randomUUID()}` };
    assert.ok((await client.withOptions({ maxRetries: 1 }).getStatus({ headers })).ok);
    const nobody = { headers: { Authorization: null } };
    await refused(Cartesia.AuthenticationError, () => client.voices.list({}, nobody));
  },
};
