import assert from "node:assert/strict";
import { test } from "node:test";

import { Meter, UploadError, backoff, isInShare } from "../../../src/entrypoints/http/web/static/telecine-upload.js";

test("delays are random below a bound that doubles up to the cap", () => {
  const longest = Array.from({ length: 8 }, (_, failures) => backoff(failures, { random: () => 1 }));
  assert.deepEqual(longest, [0.5, 1, 2, 4, 8, 16, 30, 30]);
  assert.equal(backoff(3, { random: () => 0 }), 0);
  const delays = Array.from({ length: 1000 }, () => backoff(2));
  assert.ok(delays.every((delay) => delay >= 0 && delay < 2));
  assert.ok(Math.max(...delays) - Math.min(...delays) > 1.5);
});

test("a share contains about that many users, the same each time, and those of every smaller share", () => {
  const users = Array.from({ length: 20_000 }, (_, number) => `user-${number}`);
  for (const share of [0.01, 0.1, 0.5]) {
    const chosen = users.filter((user) => isInShare(share, user));
    assert.ok(Math.abs(chosen.length / users.length - share) < 0.01, `${chosen.length} of ${share}`);
    assert.ok(chosen.every((user) => isInShare(share, user) && isInShare(share + 0.1, user)));
  }
  assert.ok(users.every((user) => isInShare(1, user) && !isInShare(0, user)));
});

test("the rate is the mean of the last seconds, and a failed transfer is taken back", () => {
  let now = 0;
  const meter = new Meter(1000, () => now);
  assert.deepEqual(meter.progress, { sentBytes: 0, totalBytes: 1000, ratio: 0, bytesPerSecond: null, secondsLeft: null });
  meter.move(1, 0);
  for (now = 1000; now <= 4000; now += 1000) meter.move(1, now / 10);
  now = 4000;
  assert.deepEqual(meter.progress, { sentBytes: 400, totalBytes: 1000, ratio: 0.4, bytesPerSecond: 100, secondsLeft: 6 });
  meter.end(1, 0);
  assert.equal(meter.progress.sentBytes, 0);
  meter.move(2, 300);
  meter.end(2, 500);
  assert.equal(meter.progress.ratio, 0.5);
  meter.rest();
  assert.equal(meter.progress.bytesPerSecond, null);
});

test("old samples do not count for the rate", () => {
  let now = 0;
  const meter = new Meter(1e6, () => now);
  for (now = 0; now <= 20_000; now += 500) meter.move(1, now < 10_000 ? now * 10 : 100_000 + (now - 10_000));
  now = 20_000;
  const { bytesPerSecond } = meter.progress;
  assert.ok(bytesPerSecond && Math.abs(bytesPerSecond - 1000) < 50, String(bytesPerSecond));
});

test("every error says what to do, in the words of its code or of its step", () => {
  const known = new UploadError("presign", "unsupported_extension");
  assert.match(known.advice, /Choose a video/);
  assert.equal(known.retryable, false);
  const other = new UploadError("upload", "http_500");
  assert.match(other.advice, /Try again/);
  assert.equal(other.retryable, true);
});
