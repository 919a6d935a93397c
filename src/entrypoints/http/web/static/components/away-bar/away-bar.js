/**
 * A quiet bar while the server does not answer; it asks again by itself.
 *
 * @module
 */

import { fill, h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { t } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";

const FIRST_MS = 1000;
const LONGEST_MS = 10_000;

/** @param {import("../../lib/types.d.ts").App} app */
export function createAwayBar({ store, live }) {
  const bar = h("div", { class: "away-bar", role: "status" });
  let delay = FIRST_MS;

  async function ask() {
    try {
      const { ok } = await fetch("/health/live", { cache: "no-store" });
      if (ok) return back();
    } catch {
      // Still away.
    }
    delay = Math.min(LONGEST_MS, delay * 1.5);
    window.setTimeout(ask, delay);
  }

  function back() {
    store.set({ reachable: true });
    toast(t.serverBack);
    live.emit({ kind: "reload", type: "reload", videoId: "", data: {} });
  }

  store.subscribe(
    ({ reachable }) => reachable,
    (reachable) => {
      fill(bar, !reachable && icon("offline"), !reachable && h("span", null, t.serverAway));
      if (reachable) return;
      delay = FIRST_MS;
      window.setTimeout(ask, delay);
    },
  );
  return bar;
}
