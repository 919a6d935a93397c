import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { recordVideo } from "../../../src/entrypoints/http/web/static/telecine-upload.js";
import { PART_BYTES, api, ask, bucket, failure, file, inState, quick, recorded, until } from "./stage.mjs";

const PUT = /^PUT \/bucket\//;
const SIGN = /^POST .*\/upload\/parts$/;
const COMPLETE = /upload\/complete$/;
const QUOTA = /** @type {const} */ ({ status: 403, body: '{"code": "storage_quota_exceeded"}', times: 99 });

/** A MediaRecorder whose data comes from the test. */
class Recorder extends EventTarget {
  state = "inactive";
  mimeType = "video/mp4";
  requestData() {}
  start() {
    this.state = "recording";
  }
  /** @param {Blob} data */
  give(data) {
    this.dispatchEvent(Object.assign(new Event("dataavailable"), { data }));
  }
  pause() {
    this.state = "paused";
    this.dispatchEvent(new Event("pause"));
  }
  resume() {
    this.state = "recording";
    this.dispatchEvent(new Event("resume"));
  }
  stop() {
    this.state = "inactive";
    queueMicrotask(() => {
      this.give(new Blob(["end"]));
      this.dispatchEvent(new Event("stop"));
    });
  }
}

/** Begins a recording. @param {object} [options] */
function begin(options) {
  const recorder = new Recorder();
  /** @type {string[]} */
  const captures = [];
  const onCapture = (/** @type {{state: string, reason: string}} */ { state, reason }) => captures.push(`${state} ${reason}`.trim());
  const recording = recordVideo(/** @type {any} */ (recorder), { ...quick(), onCapture, ...options });
  return { recorder, recording, captures };
}

/** @param {number} count @param {RegExp} [call] */
const sent = (count, call = PUT) => until(() => bucket.count(call) >= count);

describe("a recorder", () => {
  test("its parts are sent while it records, and stopping leaves the last one", async () => {
    const { recorder, recording, captures } = begin();
    recorder.give(file(PART_BYTES - 10));
    recorder.give(new Blob([Buffer.alloc(PART_BYTES + 100)]));
    await until(() => recording.progress.sentBytes === 2 * PART_BYTES);
    assert.deepEqual([bucket.count(PUT), recording.capture.state, recording.state], [2, "recording", "sending"]);
    const video = await recording.stop();
    assert.equal(bucket.count(PUT), 3);
    assert.equal(video.size_bytes, 2 * PART_BYTES + 93);
    assert.equal(video.filename, "recording.mp4");
    assert.deepEqual(captures, ["stopped stop"]);
    assert.deepEqual([recording.progress.ratio, recording.capture.refusedBytes, recording.file.size], [1, 0, video.size_bytes]);
  });

  test("a pause stops the recorder, not the sending", async () => {
    const { recorder, recording, captures } = begin();
    recorder.give(file(PART_BYTES));
    assert.deepEqual([recording.resume(), recording.pause(), recording.pause()], [false, true, false]);
    await sent(1);
    assert.equal(recording.capture.state, "paused");
    assert.equal(recording.resume(), true);
    const video = await recording.stop();
    assert.equal(video.size_bytes, PART_BYTES + 3);
    assert.deepEqual(captures, ["paused", "recording", "stopped stop"]);
  });

  test("a source that ends by itself completes the recording", async () => {
    const { recorder, recording } = begin();
    recorder.give(file(1000));
    recorder.stop();
    assert.equal((await recording.promise).size_bytes, 1003);
    assert.equal(recording.capture.reason, "ended");
  });

  test("a type that cannot be recorded is an error of its own", () => {
    const stream = { getTracks: () => [], getVideoTracks: () => [] };
    assert.throws(() => recordVideo(/** @type {any} */ (stream), quick()), { step: "record", code: "recording_unsupported" });
  });
});

describe("faults", () => {
  test("what is recorded without a network is sent when it is back", async () => {
    const { recorder, recording } = begin();
    recorder.give(file(PART_BYTES));
    await until(() => recording.progress.sentBytes === PART_BYTES);
    await Promise.all([api.close(), bucket.close()]);
    recorder.give(new Blob([Buffer.alloc(2 * PART_BYTES)]));
    await inState(recording, "offline");
    recorder.stop();
    await Promise.all([api.open(), bucket.open()]);
    assert.equal((await recording.promise).size_bytes, 3 * PART_BYTES + 3);
    assert.ok(bucket.count(PUT) <= 4 + 4);
  });

  test("a recording that cannot be sent for long ends at its bound, and is complete up to there", async () => {
    bucket.inject(PUT, "refuse", { times: 9999 });
    const { recorder, recording, captures } = begin({ keepBytes: 3 * PART_BYTES });
    recorder.give(file(PART_BYTES));
    recorder.give(new Blob([Buffer.alloc(2 * PART_BYTES)]));
    assert.equal(recording.capture.state, "recording");
    recorder.give(new Blob([Buffer.alloc(1)]));
    await until(() => recording.capture.state === "stopped");
    assert.deepEqual(captures, ["stopped buffer_full"]);
    bucket.reset();
    assert.equal((await recording.promise).size_bytes, 3 * PART_BYTES + 4);
  });

  test("a quota ends the recording: what was accepted is completed, and all of it can be saved", async () => {
    const { recorder, recording } = begin({ parallel: 1 });
    recorder.give(file(2 * PART_BYTES));
    await until(() => recording.progress.sentBytes === 2 * PART_BYTES);
    api.inject(SIGN, "refuse", QUOTA);
    recorder.give(new Blob([Buffer.alloc(PART_BYTES + 50)]));
    const video = await recording.promise;
    assert.equal(video.size_bytes, 2 * PART_BYTES);
    assert.deepEqual([recording.capture.state, recording.capture.reason], ["stopped", "storage_quota_exceeded"]);
    assert.deepEqual([recording.file.size, recording.capture.refusedBytes], [3 * PART_BYTES + 53, PART_BYTES + 53]);
    assert.equal(recording.progress.ratio, 1);
  });

  test("a quota that accepts nothing fails, leaves no upload, and offers the recording", async () => {
    api.inject(SIGN, "refuse", QUOTA);
    const { recorder, recording } = begin();
    await until(() => recording.videoId);
    const first = recording.videoId;
    recorder.give(file(PART_BYTES));
    const error = await failure(recording.promise);
    assert.deepEqual([error.step, error.code, recording.file.size], ["upload", "storage_quota_exceeded", PART_BYTES + 3]);
    assert.equal((await ask(`/api/videos/${first}`)).failure.code, "upload_cancelled");
    api.reset();
    recording.retry();
    assert.equal((await recording.promise).size_bytes, PART_BYTES + 3);
    assert.equal(recording.capture.refusedBytes, 0);
  });

  test("a failure stops the recorder, and `retry` goes on with what has arrived", async () => {
    const { recorder, recording } = begin();
    recorder.give(file(2 * PART_BYTES));
    await until(() => recording.progress.sentBytes === 2 * PART_BYTES);
    api.inject(SIGN, "refuse", { status: 401, body: '{"code": "token_expired"}', times: 99 });
    recorder.give(new Blob([Buffer.alloc(PART_BYTES)]));
    const error = await failure(recording.promise);
    assert.deepEqual([error.code, recording.capture.reason, recording.file.size], ["token_expired", "token_expired", 3 * PART_BYTES + 3]);
    api.reset();
    assert.deepEqual([recording.retry(), recording.retry()], [true, false]);
    assert.equal((await recording.promise).size_bytes, 3 * PART_BYTES + 3);
    assert.equal(bucket.count(PUT), 4);
  });

  test("an upload that was closed elsewhere is begun again with the whole recording", async () => {
    const { recorder, recording } = begin();
    recorder.give(file(PART_BYTES));
    await until(() => recording.progress.sentBytes === PART_BYTES);
    const first = recording.videoId;
    await ask(`/api/videos/${first}/upload`, { method: "DELETE" });
    assert.equal((await failure(recording.stop())).code, "upload_closed");
    recording.retry();
    assert.equal((await recording.promise).size_bytes, PART_BYTES + 3);
    assert.notEqual(recording.videoId, first);
  });

  test("parts that the bucket has lost are sent again, unless the page no longer has them", async () => {
    const body = '{"code": "upload_incomplete", "detail": "Part 1 is missing."}';
    for (const keepBytes of [undefined, 2 * PART_BYTES]) {
      const { recorder, recording } = begin({ keepBytes });
      for (let part = 0; part < 4; part += 1) {
        recorder.give(part ? new Blob([Buffer.alloc(PART_BYTES)]) : file(PART_BYTES));
        await until(() => recording.progress.sentBytes === (part + 1) * PART_BYTES);
      }
      api.inject(COMPLETE, "refuse", { status: 400, body });
      api.inject(/GET .*upload$/, "refuse", { status: 200, body: await withoutFirstPart(recording.videoId) });
      const ended = recording.stop();
      if (keepBytes) assert.equal((await failure(ended)).code, "recording_incomplete");
      else assert.equal((await ended).size_bytes, 4 * PART_BYTES + 3);
      assert.deepEqual([recording.capture.droppedBytes, recording.file.size], keepBytes ? [3 * PART_BYTES, PART_BYTES + 3] : [0, 4 * PART_BYTES + 3]);
    }
  });

  test("a blocked bucket leaves the old route, once the recording has ended", async () => {
    bucket.inject(PUT, "drop", { times: 99 });
    bucket.inject(/^GET \/$/, "drop", { times: 99 });
    const { recorder, recording } = begin();
    recorder.give(file(PART_BYTES));
    await until(() => recording.route === "api");
    assert.equal((await recording.stop()).size_bytes, PART_BYTES + 3);
  });

  test("cancelling stops the recorder and erases what was sent", async () => {
    const { recorder, recording } = begin();
    recorder.give(file(PART_BYTES));
    await sent(1);
    assert.equal(await recording.cancel(), true);
    assert.equal((await failure(recording.promise)).code, "cancelled");
    assert.equal(recorder.state, "inactive");
    assert.equal((await ask(`/api/videos/${recording.videoId}`)).failure.code, "upload_cancelled");
  });

  test("a recording without a byte is an error, and leaves no upload", async () => {
    /** @type {() => void} */
    let close = () => {};
    const recording = recordVideo(new ReadableStream({ start: (source) => void (close = () => source.close()) }), quick());
    await until(() => recording.videoId);
    const id = recording.videoId;
    close();
    const error = await failure(recording.promise);
    assert.deepEqual([error.step, error.code], ["upload", "empty_recording"]);
    assert.equal((await ask(`/api/videos/${id}`)).failure.code, "upload_cancelled");
  });
});

describe("a stream of chunks", () => {
  const chunks = () => [file(PART_BYTES + 7), Buffer.alloc(PART_BYTES, "a"), new Blob(["rest"])];
  const options = () => ({ ...quick(), type: "video/mp4", title: "Lecture" });

  test("its bytes arrive in order, from an iterable or a ReadableStream", async () => {
    for (const source of [recorded(chunks()), ReadableStream.from(chunks())]) {
      const arrived = bucket.bodies();
      const recording = recordVideo(source, options());
      const video = await recording.promise;
      assert.deepEqual([video.title, video.size_bytes, recording.capture.reason], ["Lecture", 2 * PART_BYTES + 11, "ended"]);
      assert.ok(arrived().equals(Buffer.from(await new Blob(chunks()).arrayBuffer())));
    }
  });

  test("no more is read than may be kept", async () => {
    bucket.inject(PUT, "refuse", { times: 9999 });
    let read = 0;
    const endless = async function* () {
      for (;;) yield (read += 1) === 1 ? file(PART_BYTES) : Buffer.alloc(PART_BYTES);
    };
    const recording = recordVideo(endless(), { ...options(), keepBytes: 2 * PART_BYTES });
    await sent(4);
    assert.equal(read, 3);
    bucket.reset();
    await until(() => read > 6);
    const { size_bytes: size } = await recording.stop();
    assert.equal(size % PART_BYTES, 0);
    assert.ok(size >= 6 * PART_BYTES && recording.capture.droppedBytes > 0);
  });

  test("a source that breaks off is completed up to there", async () => {
    const broken = async function* () {
      yield file(1000);
      throw new Error("unplugged");
    };
    const recording = recordVideo(broken(), options());
    assert.equal((await recording.promise).size_bytes, 1000);
    assert.equal(recording.capture.reason, "failed");
  });
});

/** What the server says of an upload, but without its first part. @param {string | null} videoId */
async function withoutFirstPart(videoId) {
  const progress = await ask(`/api/videos/${videoId}/upload`);
  const received = progress.received_parts.slice(1);
  return JSON.stringify({ ...progress, received_bytes: received.length * PART_BYTES, received_parts: received, missing_parts: [1] });
}
