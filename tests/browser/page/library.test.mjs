// The pure parts of the library: where a new video stands, and durations.
import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.document ??= { documentElement: { lang: "en" } };
const STATIC = new URL("../../../src/entrypoints/http/web/static/", import.meta.url);
const load = (path) => import(new URL(path, STATIC));
const { createVideoList, placed } = await load("screens/library/video-list.js");
const { clock, duration } = await load("lib/format.js");

const video = (title, created_at) => ({ title, created_at: `2026-01-0${created_at}T00:00:00Z` });
const titles = (videos) => videos.map(({ title }) => title).join("");

test("a new video stands where the order says, or comes with a later page", () => {
  const [a, b, c, d] = [video("a", 4), video("B", 3), video("c", 2), video("D", 1)];
  assert.equal(titles(placed([b, d], a, "-created_at", false)), "aBD");
  assert.equal(titles(placed([a, b], d, "-created_at", false)), "aB");
  assert.equal(titles(placed([d, c], a, "created_at", true)), "Dca");
  assert.equal(titles(placed([d, c], a, "created_at", false)), "Dc");
  assert.equal(titles(placed([a, c], b, "title", false)), "aBc");
  assert.equal(titles(placed([c, a], b, "-title", false)), "cBa");
  assert.equal(titles(placed([], d, "title", true)), "D");
});

test("a cancelled upload is on no list", () => {
  const { matches } = createVideoList(null, "all", "title");
  assert.deepEqual([{ failure: null }, { failure: { code: "upload_cancelled" } }].map(matches), [true, false]);
});

test("a duration in words is the one on the clock", () => {
  assert.deepEqual([24.6, 59.9, 61.5].map((each) => `${clock(each)} ${duration(each)}`), [
    "0:24 24 seconds",
    "0:59 59 seconds",
    "1:01 1 minute 1 second",
  ]);
});
