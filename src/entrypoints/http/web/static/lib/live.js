/**
 * The changes of all videos, from one stream for the whole page.
 *
 * @module
 */

/**
 * @typedef {object} Change
 * @property {"status" | "progress" | "event" | "reload"} kind `status`: a whole status; `progress`: the percentage of a
 *   stage; `event`: something of docs/events.md has happened; `reload`: changes may have been missed
 * @property {string} type the name of the event, as `video.completed`
 * @property {string} videoId
 * @property {any} data
 */

/** @typedef {(change: Change) => void} Listener */
/** @typedef {ReturnType<typeof createLive>} Live */

/**
 * Create the source of changes.
 *
 * @param {(state: "live" | "polling" | "away") => void} onConnection
 */
export function createLive(onConnection) {
  /** @type {Map<string, Set<Listener>>} */
  const listeners = new Map();
  let snapshots = 0;

  /** @param {Change} change */
  const emit = (change) => {
    for (const key of [change.videoId, "*"]) for (const fn of [...(listeners.get(key) ?? [])]) fn(change);
  };

  /** @param {{event: string, data: any}} message */
  function onMessage({ event, data }) {
    if (event === "connection") return onConnection(data.state);
    const change = { type: event, videoId: data.video_id ?? "", data };
    if (event === "snapshot") {
      for (const each of data.videos) emit({ kind: "status", type: event, videoId: each.video_id, data: each });
      // The first one comes with the page itself; a later one follows a gap.
      if (snapshots > 0) emit({ ...change, kind: "reload" });
      snapshots += 1;
    } else if (event === "progress") emit({ ...change, kind: "progress" });
    else if (event === "reset") emit({ ...change, kind: "reload" });
    else if (event !== "end") emit({ ...change, kind: "event" });
  }

  return {
    /**
     * Listen to the changes of a video, or of all.
     *
     * @param {string} videoId or `*`
     * @param {Listener} fn
     * @returns {() => void} stops it
     */
    on(videoId, fn) {
      const set = listeners.get(videoId) ?? new Set();
      listeners.set(videoId, set.add(fn));
      return () => void set.delete(fn);
    },
    emit,
    onMessage,
  };
}
