// The pure parts of the transcript and of the player: cues, words, times and keys.
import assert from "node:assert/strict";
import { test } from "node:test";

const STATIC = new URL("../../../src/entrypoints/http/web/static/", import.meta.url);
const load = (path) => import(new URL(path, STATIC));
const { cueAt, joined, split, timeWidth, toVtt } = await load("components/transcript/cues.js");
const { folded, matches, wordsOf } = await load("components/transcript/finding.js");
const { linkedTime, storyboardTiles } = await load("components/player/times.js");
const { handleKey } = await load("components/player/keyboard.js");
const { viewerLink } = await load("lib/viewer-link.js");

const cue = (start_s, end_s, text = "x") => ({ start_s, end_s, text });

test("the current cue is the last that has begun", () => {
  const cues = [cue(1, 2), cue(2, 3), cue(10, 11)];
  assert.deepEqual([0, 1, 1.999, 2, 9, 10, 99].map((time) => cueAt(cues, time)), [-1, 0, 1, 1, 1, 2, 2]);
  assert.equal(cueAt([], 5), -1);
});

test("a split divides the time as the text, and joining brings both back", () => {
  const whole = cue(10, 20, "one two three four");
  const parts = split(whole, 7);
  assert.deepEqual(parts.map(({ text }) => text), ["one two", "three four"]);
  assert.equal(parts[0].start_s, 10);
  assert.equal(parts[0].end_s, parts[1].start_s);
  assert.equal(parts[1].end_s, 20);
  assert.deepEqual(joined(...parts), whole);
  assert.equal(split(whole, 0), null);
  assert.equal(split(whole, whole.text.length), null);
});

test("no text of a cue ends it or becomes markup", () => {
  const vtt = toVtt([cue(3661.5, 3662, " <b>& -->\n\n second "), cue(1, 2, "  "), cue(2, 3.0005, "last")]);
  assert.equal(
    vtt,
    "WEBVTT\n\n01:01:01.500 --> 01:01:02.000\n&lt;b&gt;&amp; --&gt;\nsecond\n\n00:00:02.000 --> 00:00:03.001\nlast\n",
  );
  assert.deepEqual([9, 599, 601, 3700].map((time) => timeWidth([cue(time, time + 1)])), ["36px", "36px", "44px", "60px"]);
});

test("words are found without case and accents, at their places in the original", () => {
  const text = "ÉCOLE 👩‍🏫 ﬁn Straße école";
  const found = matches(folded(text), wordsOf("ecole FIN"));
  assert.deepEqual(found.map(({ start, end }) => text.slice(start, end)), ["ÉCOLE", "ﬁn", "école"]);
  assert.equal(matches(folded(text), wordsOf("ecole zebra")), null);
  assert.deepEqual(matches(folded("aaa banana"), wordsOf("ana anan")), [{ start: 5, end: 9 }]);
  assert.deepEqual(matches(folded("anything"), wordsOf("  ")), []);
});

test("the time of a link", () => {
  const times = { 93: 93, "1m33s": 93, "1h1m1s": 3661, "12.5": 12.5, "2m": 120, "": 0, "-5": 0, "1s2m": 0, "1e9": 0 };
  for (const [text, seconds] of Object.entries(times)) assert.equal(linkedTime(text), seconds, text);
  assert.equal(linkedTime(null), 0);
});

test("the tiles of a storyboard", () => {
  const block = (from, to, x) => `${from} --> ${to}\nhttps://b.example/s.jpg?a=1#xywh=${x},0,160,90`;
  const vtt = ["WEBVTT", block("00:00:00.000", "00:00:05.000", 0), "NOTE nothing", block("01:00:05.000", "01:00:09.500", 160)].join("\n\n");
  assert.deepEqual(storyboardTiles(vtt).map(({ start, end, x, url }) => [start, end, x, url]), [
    [0, 5, 0, "https://b.example/s.jpg?a=1"],
    [3605, 3609.5, 160, "https://b.example/s.jpg?a=1"],
  ]);
  assert.deepEqual(storyboardTiles(""), []);
});

test("keys act unless a field, a shortcut of the browser or a button wants them", () => {
  const called = [];
  const actions = new Proxy({}, { get: (_, name) => (...values) => called.push([name, ...values]) });
  const target = (selector) => ({ closest: (list) => (selector && list.includes(selector) ? {} : null) });
  globalThis.document = { body: target("") };
  const press = (key, { on = "", inside = false, ...rest } = {}) =>
    handleKey({ key, target: on === "body" ? document.body : target(on), preventDefault() {}, ...rest }, actions, inside);
  assert.equal(press("k"), true);
  assert.equal(press("K", { ctrlKey: true }), false);
  assert.equal(press("k", { on: "textarea" }), false);
  assert.equal(press(" ", { on: "button" }), false);
  assert.equal(press("7"), true);
  assert.equal(press("ArrowUp"), false);
  assert.equal(press("ArrowUp", { inside: true }), true);
  assert.equal(press("ArrowRight", { on: "body" }), true);
  assert.equal(press("ArrowLeft", { on: "h1" }), true);
  assert.equal(press("ArrowLeft", { on: "button" }), false);
  assert.equal(press("ArrowLeft", { on: "[role=list]" }), false);
  assert.equal(press("x"), false);
  assert.deepEqual(called, [["toggle"], ["seekTo", 0.7], ["volumeBy", 0.05], ["seekBy", 5], ["seekBy", -5]]);
});

test("only a viewer's link has a token", () => {
  assert.deepEqual(viewerLink({ pathname: "/v/a-1", hash: "#watch=tok_1-2.3" }), { id: "a-1", token: "tok_1-2.3" });
  assert.equal(viewerLink({ pathname: "/v/a-1", hash: "" }), null);
  assert.equal(viewerLink({ pathname: "/", hash: "#watch=tok" }), null);
  assert.equal(viewerLink({ pathname: "/v/a", hash: "#watch=to k" }), null);
});
