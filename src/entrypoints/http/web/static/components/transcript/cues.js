/** Cues as data: finding the one at a time, splitting, joining, and writing WebVTT. */

/** @typedef {{start_s: number, end_s: number, text: string}} Cue */

/**
 * The index of the cue that is spoken at a time or was the last before it; -1 before the first.
 * @param {Cue[]} cues in order of their start
 * @param {number} time
 */
export function cueAt(cues, time) {
  let low = 0;
  let high = cues.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    // Seeking to a start may land a fraction of a frame before it.
    if (cues[middle].start_s <= time + 0.01) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/**
 * The width of the column with the times: those of long videos have more digits.
 * @param {Cue[]} cues
 */
export function timeWidth(cues) {
  const last = cues[cues.length - 1]?.start_s ?? 0;
  return last < 600 ? "36px" : last < 3600 ? "44px" : "60px";
}

/**
 * Two cues from one; the time is divided as the text is.
 * @param {Cue} cue
 * @param {number} position in the text
 * @returns {[Cue, Cue] | null} null where one of them would be empty
 */
export function split(cue, position) {
  const [before, after] = [cue.text.slice(0, position).trim(), cue.text.slice(position).trim()];
  if (!before || !after) return null;
  const share = before.length / (before.length + after.length);
  const middle = Math.round((cue.start_s + (cue.end_s - cue.start_s) * share) * 1000) / 1000;
  return [
    { start_s: cue.start_s, end_s: middle, text: before },
    { start_s: middle, end_s: cue.end_s, text: after },
  ];
}

/**
 * @param {Cue} one
 * @param {Cue} next
 * @returns {Cue}
 */
export function joined(one, next) {
  return { start_s: one.start_s, end_s: next.end_s, text: `${one.text.trim()} ${next.text.trim()}`.trim() };
}

/**
 * WebVTT; `&`, `<` and `>` are escaped, and an empty line would end the cue.
 * @param {Cue[]} cues
 */
export function toVtt(cues) {
  const blocks = cues
    .map((cue) => ({ ...cue, text: cue.text.trim().replace(/\s*\n\s*/g, "\n") }))
    .filter(({ text }) => text)
    .map(({ start_s, end_s, text }) => `${timestamp(start_s)} --> ${timestamp(end_s)}\n${escaped(text)}`);
  return `${["WEBVTT", ...blocks].join("\n\n")}\n`;
}

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** @param {number} time */
function timestamp(time) {
  const ms = Math.round(time * 1000);
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const seconds = `${two(Math.floor(ms / 1000) % 60)}.${String(ms % 1000).padStart(3, "0")}`;
  return `${two(Math.floor(ms / 3_600_000))}:${two(Math.floor(ms / 60_000) % 60)}:${seconds}`;
}
