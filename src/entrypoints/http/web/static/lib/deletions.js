/**
 * Deletes videos some seconds after the click, so that it can be undone.
 *
 * @module
 */

import { t } from "./strings.js";
import { toast } from "./toast.js";

const UNDO_MS = 7000;

/** @typedef {ReturnType<typeof createDeletions>} Deletions */

/**
 * Create the list of pending deletions.
 *
 * @param {import("./api.js").Api} api
 */
export function createDeletions(api) {
  /** @type {Map<string, {close: () => void, send: (keepalive: boolean) => void}>} */
  const pending = new Map();

  /**
   * Delete a video unless the user undoes it. The message decides when the time is over: it stays while the pointer or
   * the focus is on it.
   *
   * @param {{video_id: string, title: string}} video
   * @param {() => void} onUndo also called if the deletion failed
   */
  function later({ video_id: id, title }, onUndo) {
    const send = (/** @type {boolean} */ keepalive) => {
      if (!pending.delete(id)) return;
      api.del(`/api/videos/${id}`, { keepalive }).catch((/** @type {import("./api.js").ApiError} */ error) => {
        if (error.status === 404) return;
        toast(t.deleteFailed(title, error.message));
        onUndo();
      });
    };
    const undo = () => pending.delete(id) && onUndo();
    const close = toast(t.deleted(title), { action: t.undo, onAction: undo, onClose: () => send(false), ms: UNDO_MS });
    pending.set(id, { close, send });
  }

  // Leaving the page must not bring the videos back.
  window.addEventListener("pagehide", () => {
    for (const { close, send } of [...pending.values()]) {
      send(true);
      close();
    }
  });
  return { later, has: (/** @type {string} */ id) => pending.has(id) };
}
