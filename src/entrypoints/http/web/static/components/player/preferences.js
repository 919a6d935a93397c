/** What the viewer chose: volume, speed and captions, kept in this browser. */

const KEY = "telecine.player";

/** @typedef {{volume: number, muted: boolean, rate: number, captions: boolean}} Preferences */

/** @type {Preferences} */
const DEFAULTS = { volume: 1, muted: false, rate: 1, captions: true };

/** @returns {Preferences} */
export function preferences() {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return { ...DEFAULTS, ...stored };
  } catch {
    return { ...DEFAULTS };
  }
}

/** @param {Partial<Preferences>} changes */
export function remember(changes) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...preferences(), ...changes }));
  } catch {
    // Storage is full or forbidden: the choice holds until the page closes.
  }
}
