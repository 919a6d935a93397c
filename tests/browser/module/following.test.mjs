import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiError, followAll, followVideo, request, uploadVideo } from "../../../src/entrypoints/http/web/static/telecine-upload.js";
import { api, file, quick, token, until } from "./stage.mjs";

const STREAM = /\/events\?/;

for (const kind of /** @type {const} */ (["stream", "polling"])) {
  test(`a video is followed to its end by ${kind}`, async () => {
    const upload = uploadVideo(file(30_000), quick());
    await upload.promise;
    if (kind === "polling") api.inject(STREAM, "refuse", { status: 502, times: 999 });
    /** @type {string[]} */
    const seen = [];
    const last = await followVideo(String(upload.videoId), { api: api.url, token, onStatus: ({ status }) => seen.push(status) });
    assert.equal(last?.status, "failed");
    assert.equal(seen.at(-1), "failed");
    assert.ok(api.count(kind === "stream" ? STREAM : /\/status$/) > 0);
  });
}

test("a stream that breaks goes on after the last event", async () => {
  const controller = new AbortController();
  /** @type {any[]} */
  const events = [];
  const following = followAll({ api: api.url, token, signal: controller.signal, onEvent: (event) => events.push(event) });
  await until(() => events.some(({ event }) => event === "snapshot"));
  const first = uploadVideo(file(20_000), quick());
  await first.promise;
  const failed = (/** @type {unknown} */ id) => events.filter(({ event, data }) => event === "video.failed" && data.video_id === id);
  await until(() => failed(first.videoId).length === 1);
  api.server.closeAllConnections();
  const second = uploadVideo(file(20_000), quick());
  await second.promise;
  await until(() => failed(second.videoId).length === 1);
  assert.equal(failed(first.videoId).length, 1, "no event comes twice");
  assert.equal(api.count(/last_event_id=\d/), 1);
  assert.ok(events.some(({ event, data }) => event === "connection" && data.state === "live"));
  controller.abort();
  await following;
});

test("following ends with an error that no repetition changes", async () => {
  const error = await followVideo("0b7c2f5e-6c0f-4a52-9d5f-2f6a8f6f1c11", { api: api.url, token }).catch((each) => each);
  assert.ok(error instanceof ApiError);
  assert.deepEqual([error.status, error.code], [404, "video_not_found"]);
});

test("following ends with its signal", async () => {
  assert.equal(await followVideo("any", { api: api.url, token, signal: AbortSignal.abort() }), null);
});

test("a request throws the problem of the API, or that there was no answer", async () => {
  const error = await request("GET", "/api/videos?limit=0", { api: api.url, token }).catch((each) => each);
  assert.deepEqual([error.name, error.status, error.code], ["ApiError", 400, "invalid_limit"]);
  assert.ok(error.detail);
  const silent = await request("GET", "/api/videos", { api: "http://127.0.0.1:1", token }).catch((each) => each);
  assert.deepEqual([silent.status, silent.code], [0, "network_error"]);
});
