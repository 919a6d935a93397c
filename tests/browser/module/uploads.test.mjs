import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { resumableUploads, uploadVideo } from "../../../src/entrypoints/http/web/static/telecine-upload.js";
import { PART_BYTES, api, ask, bucket, failure, file, inState, quick, seen, storage, token, until, videoCount } from "./stage.mjs";

const PUT = /^PUT \/bucket\//;
const SIGN = /^POST .*\/upload\/parts$/;
const parts = /** @type {const} */ ({ strategy: "multipart", parallel: 2 });
/** Five parts, the last one small. */
const large = () => file(4 * PART_BYTES + 1234);

describe("the way through", () => {
  test("a small file takes one PUT, and tells its states", async () => {
    /** @type {string[]} */
    const states = [];
    const options = { ...quick(), onState: (/** @type {string} */ state) => states.push(state) };
    const upload = uploadVideo(file(100_000), { ...options, title: undefined });
    const video = await upload.promise;
    assert.equal(bucket.count(PUT), 1);
    assert.deepEqual(states, ["sending", "completing", "processing", "done"]);
    assert.equal(video.size_bytes, 100_000);
    assert.equal(video.video_id, upload.videoId);
    assert.deepEqual([upload.progress.ratio, upload.progress.sentBytes], [1, 100_000]);
  });

  test("a large file takes parts, with URLs requested in batches", async () => {
    const source = file(12 * PART_BYTES);
    /** @type {number[]} */
    const ratios = [];
    const onProgress = (/** @type {{ratio: number}} */ { ratio }) => ratios.push(ratio);
    await uploadVideo(source, { ...quick(), onProgress, parallel: 3 }).promise;
    assert.equal(bucket.count(PUT), 12);
    assert.equal(api.count(SIGN), 1, "ten URLs come with the upload");
    assert.equal(ratios.at(-1), 1);
    assert.deepEqual(ratios, ratios.toSorted((a, b) => a - b));
  });

  test("the bytes in the bucket are those of the file", async () => {
    const source = new File([await mixed(2 * PART_BYTES + 77)], "mixed.mp4", { type: "video/mp4" });
    const arrived = bucket.bodies();
    await uploadVideo(source, { ...quick(), ...parts }).promise;
    assert.ok(arrived().equals(Buffer.from(await source.arrayBuffer())));
  });

  test("the old route is used with `direct: 0`, and for the same users each time", async () => {
    const upload = uploadVideo(file(300_000), { ...quick(), direct: 0 });
    const video = await upload.promise;
    assert.equal(upload.route, "api");
    assert.equal(video.size_bytes, 300_000);
    assert.equal(api.count(/^POST \/api\/videos\/upload$/), 1);
    assert.equal(bucket.count(PUT), 0);
  });
});

describe("faults", () => {
  test("the bucket's errors, lost connections and lost answers are repeated", async () => {
    bucket.inject(PUT, "refuse", { status: 503 });
    bucket.inject(PUT, "drop");
    bucket.inject(PUT, "lose");
    bucket.inject(PUT, "refuse", { status: 500 });
    await uploadVideo(large(), { ...quick(), ...parts }).promise;
    assert.equal(bucket.count(PUT), 5 + 4);
  });

  test("a refused URL is replaced by a fresh one", async () => {
    const expired = '{"code": "url_expired"}';
    bucket.inject(/partNumber=2/, "refuse", { status: 403, body: expired });
    await uploadVideo(large(), { ...quick(), ...parts }).promise;
    assert.equal(api.count(SIGN), 1);
    const single = bucket.inject(PUT, "refuse", { status: 403, body: expired });
    await uploadVideo(file(1000), quick()).promise;
    assert.equal(single.hits, 1);
    assert.equal(api.count(/^POST \/api\/videos\/[^/]+\/upload\/presigned$/), 1);
  });

  test("a bucket that refuses every URL ends the upload", async () => {
    bucket.inject(PUT, "refuse", { status: 403, times: 99, body: "<Error><Code>AccessDenied</Code></Error>" });
    const error = await failure(uploadVideo(file(1000), quick()).promise);
    assert.deepEqual([error.step, error.code, error.retryable], ["upload", "bucket_refused", true]);
    assert.match(error.message, /AccessDenied/);
    assert.equal(bucket.count(PUT), 3);
  });

  test("a lost answer to the request for an upload makes no second video", async () => {
    const before = await videoCount();
    api.inject(/upload\/presigned$/, "lose", { times: 2 });
    await uploadVideo(file(1000), quick()).promise;
    assert.equal((await videoCount()) - before, 1);
  });

  test("errors of the API are repeated at each step", async () => {
    for (const call of [/upload\/presigned$/, SIGN, /upload\/complete$/]) {
      api.inject(call, "refuse", { times: 2 });
      api.inject(call, "lose");
    }
    await uploadVideo(file(11 * PART_BYTES), { ...quick(), ...parts }).promise;
    assert.equal(api.count(/upload\/complete$/), 4);
  });

  test("a server that fails for longer than the patience ends the upload", async () => {
    api.inject(/upload\/presigned$/, "refuse", { times: 99, status: 500 });
    const upload = uploadVideo(file(1000), { ...quick(), retry: { base: 0.01, cap: 0.02, patience: 0 } });
    const error = await failure(upload.promise);
    assert.deepEqual([error.step, error.code, upload.state], ["presign", "http_500", "failed"]);
    assert.equal(api.count(/upload\/presigned$/), 4);
  });

  test("it waits while the server is away, and goes on by itself", async () => {
    const upload = uploadVideo(large(), { ...quick(), ...parts });
    await seen(upload, "progress", ({ ratio }) => ratio > 0.2);
    await Promise.all([api.close(), bucket.close()]);
    await inState(upload, "offline");
    await Promise.all([api.open(), bucket.open()]);
    await upload.promise;
    assert.ok(bucket.count(PUT) <= 5 + 2 * 2, "parts that had arrived are not sent again");
  });

  test("parts that the bucket has lost are sent again", async () => {
    const body = '{"code": "upload_incomplete", "detail": "Part 2 is missing."}';
    api.inject(/upload\/complete$/, "refuse", { status: 400, body });
    await uploadVideo(large(), { ...quick(), ...parts }).promise;
    assert.equal(api.count(/upload\/complete$/), 2);
  });
});

describe("a blocked bucket", () => {
  test("the old route is the fallback, and an event says so", async () => {
    bucket.inject(PUT, "drop", { times: 99 });
    bucket.inject(/^GET \/$/, "drop", { times: 99 });
    const upload = uploadVideo(file(200_000), quick());
    const fallback = seen(upload, "fallback");
    const video = await upload.promise;
    assert.deepEqual(await fallback, { reason: "bucket_unreachable" });
    assert.deepEqual([upload.route, video.size_bytes], ["api", 200_000]);
  });

  test("the page may forbid the fallback", async () => {
    bucket.inject(PUT, "drop", { times: 99 });
    bucket.inject(/^GET \/$/, "drop", { times: 99 });
    const upload = uploadVideo(file(1000), quick());
    upload.addEventListener("fallback", (event) => event.preventDefault());
    const error = await failure(upload.promise);
    assert.deepEqual([error.step, error.code], ["upload", "bucket_unreachable"]);
    assert.match(error.advice, /another network/);
  });

  test("a bucket that is away for a moment is not blocked", async () => {
    bucket.inject(PUT, "drop", { times: 3 });
    const probe = bucket.inject(/^GET \/$/, "drop", { times: 2 });
    const upload = uploadVideo(file(1000), quick());
    await upload.promise;
    assert.deepEqual([upload.route, probe.hits], ["bucket", 2]);
  });

  test("a bucket that answers, but not to pages, lacks its CORS rule", async () => {
    bucket.inject(PUT, "drop", { times: 99 });
    const error = await failure(uploadVideo(file(1000), quick()).promise);
    assert.deepEqual([error.code, error.retryable], ["bucket_cors", false]);
    assert.match(error.advice, /CORS rule/);
  });
});

describe("refusals", () => {
  test("a wrong type is refused before anything is sent", async () => {
    const error = await failure(uploadVideo(new File(["text"], "notes.txt", { type: "text/plain" }), quick()).promise);
    assert.deepEqual([error.step, error.code, error.retryable], ["presign", "unsupported_extension", false]);
    assert.match(error.message, /mp4/);
    assert.equal(bucket.count(PUT), 0);
  });

  test("an empty file is refused without a request", async () => {
    const error = await failure(uploadVideo(new File([], "empty.mp4"), quick()).promise);
    assert.deepEqual([error.step, error.code], ["presign", "empty_file"]);
    assert.equal(api.count(/upload/), 0);
  });

  test("a file that is no video is refused at the completion", async () => {
    const error = await failure(uploadVideo(new File(["<html>".repeat(99)], "page.mp4"), quick()).promise);
    assert.deepEqual([error.step, error.code], ["complete", "not_a_video"]);
  });

  test("a video that cannot be decoded fails in processing", async () => {
    /** @type {any[]} */
    const stages = [];
    const upload = uploadVideo(file(50_000), { ...quick(), until: "completed", onStage: (status) => stages.push(status) });
    const error = await failure(upload.promise);
    assert.equal(error.step, "processing");
    assert.equal(error.code, stages.at(-1).failure.code);
    assert.equal(upload.state, "failed");
  });

  test("a file that has vanished says so", async () => {
    const source = file(1000);
    bucket.inject(PUT, "drop", { times: 99 });
    source.slice = () => /** @type {any} */ ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotFoundError")) });
    const error = await failure(uploadVideo(source, quick()).promise);
    assert.equal(error.code, "file_unreadable");
  });
});

describe("tokens", () => {
  test("a refused token is replaced once for all requests", async () => {
    /** @type {boolean[]} */
    const asked = [];
    let current = "expired";
    const give = async (/** @type {{refresh: boolean}} */ { refresh }) => {
      asked.push(refresh);
      if (refresh) current = token;
      return current;
    };
    await uploadVideo(file(13 * PART_BYTES), { ...quick(), ...parts, partUrls: 1, token: give }).promise;
    assert.equal(asked.filter(Boolean).length, 1);
  });

  test("a token that cannot be replaced ends the upload, which goes on with another", async () => {
    const options = { ...quick(), ...parts };
    const first = uploadVideo(file(12 * PART_BYTES), options);
    api.inject(SIGN, "refuse", { status: 401, body: '{"code": "token_expired"}', times: 99 });
    const error = await failure(first.promise);
    assert.deepEqual([error.step, error.code, error.retryable], ["upload", "token_expired", true]);
    api.reset();
    const second = uploadVideo(file(12 * PART_BYTES), options);
    await second.promise;
    assert.equal(second.videoId, first.videoId);
  });
});

describe("pauses, resumption and cancelling", () => {
  test("a paused upload sends nothing, and resumes with what is missing", async () => {
    const upload = uploadVideo(large(), { ...quick(), ...parts });
    await seen(upload, "progress", ({ ratio }) => ratio > 0.2);
    let shown = upload.progress;
    upload.addEventListener("progress", ({ detail }) => (shown = detail));
    assert.equal(upload.pause(), true);
    assert.equal(upload.pause(), false);
    assert.equal(upload.state, "paused");
    const sent = bucket.count(PUT);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(bucket.count(PUT), sent);
    // What was cut off is no progress any more.
    assert.equal(shown.sentBytes, upload.progress.sentBytes);
    assert.equal(shown.sentBytes % PART_BYTES, 0);
    assert.equal(upload.resume(), true);
    await upload.promise;
    assert.ok(bucket.count(PUT) < 5 + 4);
    assert.equal(upload.resume(), false);
  });

  test("after a reload the same file goes on, and the server says where", async () => {
    const options = { ...quick(), ...parts };
    const first = uploadVideo(large(), options);
    await seen(first, "progress", ({ ratio }) => ratio > 0.2);
    first.pause();
    const [known] = await resumableUploads(options);
    assert.deepEqual([known.videoId, known.filename, known.size], [first.videoId, "film.mp4", large().size]);
    assert.ok(known.receivedBytes > 0 && known.receivedBytes < known.size);
    bucket.reset();
    const second = uploadVideo(large(), options);
    await second.promise;
    assert.equal(second.videoId, first.videoId);
    assert.ok(bucket.count(PUT) < 5);
    assert.deepEqual(await resumableUploads(options), []);
  });

  test("a reload between the request and its answer makes no second video", async () => {
    const before = await videoCount();
    const options = quick();
    api.inject(/upload\/presigned$/, "lose", { times: 99 });
    const first = uploadVideo(file(5000), options);
    await until(() => api.count(/upload\/presigned$/) > 1);
    first.pause();
    api.reset();
    await uploadVideo(file(5000), options).promise;
    assert.equal((await videoCount()) - before, 1);
  });

  test("another device goes on by the id, with the same file only", async () => {
    const first = uploadVideo(large(), { ...quick(), ...parts });
    await seen(first, "progress");
    first.pause();
    const resume = first.videoId;
    const error = await failure(uploadVideo(file(1000), { ...quick(), resume }).promise);
    assert.equal(error.code, "other_file");
    const second = uploadVideo(large(), { ...quick(), resume });
    await second.promise;
    assert.equal(second.videoId, resume);
  });

  test("a remembered upload that was cancelled elsewhere begins again", async () => {
    const options = { ...quick(), ...parts };
    const first = uploadVideo(large(), options);
    await seen(first, "progress");
    first.pause();
    const other = uploadVideo(large(), { ...quick(), resume: first.videoId });
    await inState(other, "sending");
    assert.equal(await other.cancel(), true);
    const third = uploadVideo(large(), options);
    await third.promise;
    assert.notEqual(third.videoId, first.videoId);
  });

  for (const state of ["requesting", "sending", "paused", "offline", "completing"]) {
    test(`it can be cancelled while ${state}`, async () => {
      const held = { requesting: /upload\/presigned$/, completing: /upload\/complete$/ }[state] ?? PUT;
      if (state === "requesting" || state === "completing") api.inject(held, "hold", { times: 99 });
      else bucket.inject(held, "hold", { times: 99 });
      const upload = uploadVideo(file(1000), quick());
      if (state === "requesting") await until(() => api.count(held));
      else await inState(upload, state === "completing" ? state : "sending");
      if (state === "paused") upload.pause();
      if (state === "offline") {
        await until(() => bucket.count(PUT));
        await Promise.all([api.close(), bucket.close()]);
        await inState(upload, "offline");
        await Promise.all([api.open(), bucket.open()]);
      }
      assert.equal(upload.state, state);
      assert.equal(await upload.cancel(), true);
      const error = await failure(upload.promise);
      assert.deepEqual([error.code, upload.state], ["cancelled", "cancelled"]);
      if (upload.videoId) assert.equal((await ask(`/api/videos/${upload.videoId}`)).failure.code, "upload_cancelled");
      assert.equal(await upload.cancel(), false);
    });
  }

  test("the caller's signal cancels, also before the start", async () => {
    const error = await failure(uploadVideo(file(1000), { ...quick(), signal: AbortSignal.abort() }).promise);
    assert.equal(error.code, "cancelled");
    const controller = new AbortController();
    bucket.inject(PUT, "hold", { times: 9 });
    const upload = uploadVideo(file(1000), { ...quick(), signal: controller.signal });
    await inState(upload, "sending");
    controller.abort();
    assert.equal((await failure(upload.promise)).code, "cancelled");
  });
});

test("nothing of the storage is needed", async () => {
  const broken = { ...storage(), getItem: () => assert.fail("blocked"), setItem: () => assert.fail("blocked") };
  await uploadVideo(file(1000), { ...quick(), storage: null }).promise;
  await uploadVideo(file(1000), { ...quick(), storage: /** @type {any} */ (broken) }).promise;
});

/** Bytes that differ everywhere, behind the head of an MP4. @param {number} size */
async function mixed(size) {
  const bytes = Buffer.alloc(size);
  for (let index = 0; index < size; index += 4) bytes.writeUInt32LE(Math.imul(index, 2654435761) >>> 0, Math.min(index, size - 4));
  bytes.set(Buffer.from(await file(100).slice(0, 24).arrayBuffer()));
  return bytes;
}
