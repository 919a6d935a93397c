/**
 * Deletes videos some seconds after the click, so that it can be undone.
 *
 * @module
 */

import { t } from "./strings.js";
import { toast } from "./toast.js";
import { isTyping } from "../components/drop-zone/drop-zone.js";

const UNDO_MS = 7000;
const FLUSH_MS = 3000;

/** @typedef {ReturnType<typeof createDeletions>} Deletions */

/**
 * Create the list of pending deletions.
 *
 * @param {import("./api.js").Api} api
 */
export function createDeletions(api) {
  /** @type {Map<string, {close: () => void, send: (keepalive: boolean) => void, undo: () => void}>} */
  const pending = new Map();
  /** Deletions that were sent; they stay here when they are done, so that no late answer shows the video again. */
  /** @type {Map<string, Promise<void>>} */
  const sent = new Map();
  /** @type {Set<() => void>} */
  const listeners = new Set();
  const notify = () => listeners.forEach((fn) => fn());

  /**
   * Delete a video unless the user undoes it. The message decides when the time is over: it stays while the pointer or
   * the focus is on it.
   *
   * @param {{video_id: string, title: string}} video
   * @param {() => void} [onBack] called if the video stays: it was undone, or it failed
   */
  function later({ video_id: id, title }, onBack) {
    const back = () => (notify(), onBack?.());
    const run = async (/** @type {boolean} */ keepalive) => {
      try {
        await api.del(`/api/videos/${id}`, { keepalive });
      } catch (error) {
        const { status, message } = /** @type {import("./api.js").ApiError} */ (error);
        if (status === 404) return;
        sent.delete(id);
        toast(t.deleteFailed(title, message));
        back();
      }
    };
    const send = (/** @type {boolean} */ keepalive) => {
      if (pending.delete(id)) sent.set(id, run(keepalive));
    };
    const undo = () => void (pending.delete(id) && back());
    const close = toast(t.deleted(title), { action: t.undo, onAction: undo, onClose: () => send(false), ms: UNDO_MS });
    pending.set(id, { close, send, undo });
    notify();
  }

  function sendAll() {
    for (const { close, send } of [...pending.values()]) {
      send(true);
      close();
    }
  }

  // By the keyboard alone, the button of the message is far away.
  document.addEventListener("keydown", (event) => {
    const newest = [...pending.values()].at(-1);
    if (event.key !== "z" || !(event.ctrlKey || event.metaKey) || event.shiftKey || isTyping(event.target) || !newest) return;
    event.preventDefault();
    newest.undo();
    newest.close();
  });
  // Leaving the page must not bring the videos back.
  window.addEventListener("pagehide", sendAll);
  return {
    later,
    /** @param {string} id */
    has: (id) => pending.has(id) || sent.has(id),

    /** Send what is pending, before the token is gone; it waits for the answers, but not for long. */
    async flush() {
      sendAll();
      await Promise.race([Promise.all(sent.values()), new Promise((resolve) => setTimeout(resolve, FLUSH_MS))]);
    },

    /**
     * Hear of every video that is deleted, or comes back.
     *
     * @param {() => void} fn
     * @returns {() => void} stops it
     */
    subscribe(fn) {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
  };
}
