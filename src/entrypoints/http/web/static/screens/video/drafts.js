/** Changes of captions that were not saved when the screen was left; they last as long as the tab. */

/** @typedef {{language: string, cues: import("../../components/transcript/cues.js").Cue[]}} Draft */

/** @param {string} id */
const key = (id) => `telecine.captions.${id}`;

/** @param {string} id @param {Draft} draft */
export function keepDraft(id, draft) {
  try {
    sessionStorage.setItem(key(id), JSON.stringify(draft));
  } catch {
    // Storage is full or blocked: the changes are lost, as the browser has warned.
  }
}

/** The draft, once. @param {string} id @returns {Draft | null} */
export function takeDraft(id) {
  try {
    const draft = JSON.parse(sessionStorage.getItem(key(id)) ?? "null");
    sessionStorage.removeItem(key(id));
    return draft;
  } catch {
    return null;
  }
}
