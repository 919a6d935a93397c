/** What the tests of the module share: a Telecine behind two proxies, and files. */

import assert from "node:assert/strict";
import { after, afterEach, before } from "node:test";

import { Proxy } from "./proxy.mjs";

const { TELECINE_URL = "", TELECINE_TOKEN = "", BUCKET_PORT = "0" } = process.env;

export const token = TELECINE_TOKEN;
export const PART_BYTES = 5 * 1024 * 1024;
export const api = new Proxy(TELECINE_URL);
/** Presigned URLs have its address. */
export const bucket = new Proxy(TELECINE_URL);

before(async () => {
  await api.open();
  await bucket.open(Number(BUCKET_PORT));
});
afterEach(() => {
  api.reset();
  bucket.reset();
});
after(async () => {
  await api.close();
  await bucket.close();
});

/** Quick repetitions; the other values are the module's own. */
export const retry = { base: 0.02, cap: 0.1 };

/** A file that begins as an MP4 and that no worker can decode. @param {number} size @param {string} [name] */
export function file(size, name = "film.mp4") {
  const head = Buffer.from("\0\0\0\x18ftypisom\0\0\x02\0isommp42", "latin1");
  return new File([head, Buffer.alloc(size - head.length, name)], name, { type: "video/mp4", lastModified: 1000 });
}

/** A storage like `localStorage`. */
export function storage() {
  const entries = new Map();
  return {
    get length() {
      return entries.size;
    },
    key: (/** @type {number} */ index) => [...entries.keys()][index] ?? null,
    getItem: (/** @type {string} */ key) => entries.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => void entries.set(key, value),
    removeItem: (/** @type {string} */ key) => void entries.delete(key),
  };
}

/** Options of an upload that ends when the server has accepted the file. */
export const quick = () =>
  /** @type {const} */ ({ api: api.url, token, retry, storage: storage(), until: "uploaded" });

/** Waits for an event of an upload. @param {EventTarget} target @param {string} name @param {(detail: any) => boolean} fits */
export function seen(target, name, fits = () => true) {
  return new Promise((resolve) => {
    target.addEventListener(name, (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      if (fits(detail)) resolve(detail);
    });
  });
}

/** @param {import("../../../src/entrypoints/http/web/static/telecine-upload.js").Upload} upload @param {string} state */
export async function inState(upload, state) {
  if (upload.state !== state) await seen(upload, "state", (detail) => detail === state);
}

/** @param {() => unknown} condition */
export async function until(condition) {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    assert.ok(Date.now() < deadline, "the condition did not hold in time");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** @param {string} path @param {RequestInit} [init] */
export async function ask(path, init) {
  const answer = await fetch(TELECINE_URL + path, { headers: { Authorization: `Bearer ${token}` }, ...init });
  return answer.status === 204 ? null : answer.json();
}

/** @param {Promise<unknown>} promise @returns {Promise<any>} */
export const failure = (promise) => promise.then(() => assert.fail("it did not fail"), (error) => error);

/** Chunks of a recording. @param {(Blob | Uint8Array<ArrayBuffer>)[]} chunks */
export async function* recorded(chunks) {
  yield* chunks;
}

/** How many videos the user has. */
export const videoCount = async () => (await ask("/api/videos?limit=100")).items.length;
