// The call centre: agents, calls, recordings, metrics and their results.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";

import { Cartesia, HEADER, all, bytes, client, ids, refused } from "./client.mjs";

const metric = () => client.agents.metrics.create({ name: `js.${randomUUID()}`, prompt: "Was the agent polite?" });
const anAgent = async () => (await client.agents.list()).summaries[0];
const aResult = async () => (await client.agents.metrics.results.list()).data[5];

export const agents = {
  "agents.list": async () => {
    const { summaries } = await client.agents.list();
    assert.ok(new Set(ids(summaries)).size === summaries.length && summaries.length > 1);
  },
  "agents.retrieve": async () => {
    for (const agent of (await client.agents.list()).summaries) {
      assert.deepEqual(await client.agents.retrieve(agent.id), agent);
    }
    await refused(Cartesia.NotFoundError, () => client.agents.retrieve("agent_nobody"));
  },
  "agents.update": async () => {
    const { id, description } = await anAgent();
    const now = await client.agents.update(id, { description: "Other." });
    assert.equal(now.description, "Other.");
    assert.deepEqual(await client.agents.retrieve(id), now);
    await client.agents.update(id, { description });
  },
  "agents.listPhoneNumbers": async () => {
    for (const { id, phone_numbers } of (await client.agents.list()).summaries) {
      const numbers = (await client.agents.listPhoneNumbers(id)).map(({ number }) => number);
      assert.deepEqual(numbers, (phone_numbers ?? []).map(({ number }) => number));
    }
  },
  "agents.listTemplates": async () => {
    assert.ok((await client.agents.listTemplates()).templates.every(({ repo_url }) => repo_url));
  },
  "agents.deployments.list": async () => {
    for (const { id, deployment_count } of (await client.agents.list()).summaries) {
      assert.equal((await client.agents.deployments.list(id)).length, deployment_count);
    }
  },
  "agents.deployments.retrieve": async () => {
    const [deployment] = await client.agents.deployments.list((await anAgent()).id);
    assert.deepEqual(await client.agents.deployments.retrieve(deployment.id), deployment);
  },
  "agents.calls.list": async () => {
    const { agent_id } = await client.agents.calls.retrieve("ac_abc123");
    const calls = await all(client.agents.calls.list({ agent_id, limit: 100 }));
    assert.equal(new Set(ids(calls)).size, calls.length);
    assert.ok(calls.length > 20 && calls.every((call) => call.agent_id === agent_id && !call.transcript));
    assert.deepEqual(ids(await all(client.agents.calls.list({ agent_id, limit: 19 }))), ids(calls));
    const { data } = await client.agents.calls.list({ agent_id, expand: "transcript", limit: 20 });
    assert.ok(data.some(({ transcript }) => transcript?.length));
  },
  "agents.calls.retrieve": async () => {
    const call = await client.agents.calls.retrieve("ac_abc123");
    assert.ok(call.transcript.every((turn) => turn.start_timestamp <= turn.end_timestamp));
    await refused(Cartesia.NotFoundError, () => client.agents.calls.retrieve("ac_nobody"));
  },
  "agents.calls.downloadAudio": async () => {
    const { transcript } = await client.agents.calls.retrieve("ac_abc123");
    const answer = await client.agents.calls.downloadAudio("ac_abc123").asResponse();
    const audio = await bytes(answer);
    const seconds = (audio.length - HEADER) / audio.readUInt32LE(28);
    assert.ok(Math.abs(seconds - transcript.findLast((turn) => turn.text).end_timestamp) < 1);
  },
  "agents.metrics.create": async () => {
    const fields = { name: `js.${randomUUID()}`, display_name: "Politeness", prompt: "Was the agent polite?" };
    const { id, created_at, ...kept } = await client.agents.metrics.create(fields);
    assert.deepEqual(kept, fields);
    await refused(Cartesia.BadRequestError, () => client.agents.metrics.create({ name: "No Spaces", prompt: "x" }));
  },
  "agents.metrics.retrieve": async () => {
    const made = await metric();
    assert.deepEqual(await client.agents.metrics.retrieve(made.id), made);
  },
  "agents.metrics.list": async () => {
    const made = [(await metric()).id, (await metric()).id];
    const first = await client.agents.metrics.list({ limit: 1 });
    const second = await client.agents.metrics.list({ limit: 1, starting_after: first.next_page });
    assert.deepEqual(ids([...first.data, ...second.data]), made.toReversed());
    assert.ok(first.has_more);
  },
  "agents.metrics.addToAgent": async () => {
    const { id: agent_id } = await anAgent();
    await client.agents.metrics.addToAgent((await metric()).id, { agent_id });
    await refused(Cartesia.NotFoundError, () => client.agents.metrics.addToAgent("am_nobody", { agent_id }));
  },
  "agents.metrics.removeFromAgent": async () => {
    const { id: agent_id } = await anAgent();
    const { id } = await metric();
    await client.agents.metrics.addToAgent(id, { agent_id });
    await client.agents.metrics.removeFromAgent(id, { agent_id });
    await refused(Cartesia.NotFoundError, () => client.agents.metrics.removeFromAgent("am_nobody", { agent_id }));
  },
  "agents.metrics.results.list": async () => {
    const { results } = client.agents.metrics;
    const everything = await all(results.list({ limit: 100 }));
    assert.equal(new Set(ids(everything)).size, everything.length);
    const { metricId, createdAt } = await aResult();
    const wanted = everything.filter((row) => row.metricId === metricId);
    assert.deepEqual(ids(await all(results.list({ metric_id: metricId, limit: 50 }))), ids(wanted));
    const later = everything.filter((row) => row.createdAt >= createdAt);
    assert.deepEqual(ids(await all(results.list({ start_date: createdAt, limit: 100 }))), ids(later));
  },
  "agents.metrics.results.export": async () => {
    const { results } = client.agents.metrics;
    const { callId: call_id } = await aResult();
    const table = await results.export({ call_id });
    const rows = await all(results.list({ call_id }));
    for (const { id } of rows) assert.equal(table.split(id).length, 2);
    await refused(Cartesia.NotFoundError, () => results.export({ call_id: "ac_nobody" }));
  },
  "agents.delete": async () => {
    const { summaries } = await client.agents.list();
    const { id } = summaries.find((agent) => agent.deployment_count <= 1) ?? summaries.at(-1);
    await client.agents.delete(id);
    await refused(Cartesia.NotFoundError, () => client.agents.retrieve(id));
  },
};
