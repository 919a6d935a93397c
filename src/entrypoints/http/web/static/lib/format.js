/**
 * Numbers and times as people read them.
 *
 * @module
 */

import { t } from "./strings.js";

const LANGUAGE = document.documentElement.lang || "en";
const UNITS = ["B", "kB", "MB", "GB", "TB"];
const EXACT = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const COUNT = new Intl.NumberFormat(LANGUAGE);
/** @type {Intl.RelativeTimeFormat | null} */
let relative = null;
/** The words of relative times. To create them takes a browser longer than most modules, so lib/early.js does it first. */
export const relativeTimes = () => (relative ??= new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" }));
/** @type {[Intl.RelativeTimeFormatUnit, number][]} */
const STEPS = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["week", 604_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
];

/**
 * A size: `1.2 MB`.
 *
 * @param {number} size
 */
export function bytes(size) {
  const step = size < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(size) / 3));
  const value = size / 1000 ** step;
  const text = step > 0 && value < 99.95 ? value.toFixed(1).replace(/\.0$/, "") : String(Math.round(value));
  return `${text}\u00a0${UNITS[step]}`;
}

/**
 * A rate: `1.2 MB/s`.
 *
 * @param {number} bytesPerSecond
 */
export const rate = (bytesPerSecond) => `${bytes(bytesPerSecond)}/s`;

/**
 * A number with its thousands separated.
 *
 * @param {number} value
 */
export const count = (value) => COUNT.format(value);

/**
 * A position in a video: `1:33` or `1:02:03`.
 *
 * @param {number} seconds
 */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * A duration in words, for screen readers: `1 minute 33 seconds`; in whole seconds as `clock`.
 *
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const parts = [hours && t.hours(hours), minutes && t.minutes(minutes), rest && t.seconds(rest)].filter(Boolean);
  return parts.join(" ") || t.seconds(0);
}

/**
 * Remaining time in words: `About 2 minutes left`.
 *
 * @param {number} seconds
 */
export function left(seconds) {
  if (seconds < 5) return t.fewSecondsLeft;
  if (seconds < 55) return t.left(t.seconds(Math.ceil(seconds / 5) * 5));
  if (seconds < 3570) return t.left(t.minutes(Math.round(seconds / 60)));
  return t.left(t.hours(Math.round(seconds / 3600)));
}

/**
 * The age of a moment: `2 hours ago`.
 *
 * @param {string | number | Date} when
 * @param {number} [now] milliseconds
 */
export function ago(when, now = Date.now()) {
  const seconds = (new Date(when).getTime() - now) / 1000;
  for (const [unit, step] of STEPS) {
    if (Math.abs(seconds) >= step) return relativeTimes().format(Math.trunc(seconds / step), unit);
  }
  return t.justNow;
}

/**
 * The exact time, for `title`.
 *
 * @param {string | number | Date} when
 */
export const exact = (when) => EXACT.format(new Date(when));
