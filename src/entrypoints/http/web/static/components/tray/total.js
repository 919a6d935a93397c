/** What the whole queue of uploads does. */

import { isOpen } from "../../lib/uploads.js";

/**
 * What the whole queue does: files, bytes, the rate and the time left.
 *
 * @param {import("../../lib/uploads.js").Item[]} items
 */
export function total(items) {
  const files = items.filter((item) => (item.file || item.recording) && item.state !== "refused" && item.state !== "failed");
  const open = files.filter(isOpen);
  const size = files.reduce((sum, item) => sum + item.size, 0);
  const sent = files.reduce((sum, item) => sum + item.size * (isOpen(item) ? item.progress.ratio : 1), 0);
  const rate = open.reduce((sum, item) => sum + (item.state === "sending" ? (item.progress.bytesPerSecond ?? 0) : 0), 0);
  return {
    count: files.length,
    done: files.length - open.length,
    open: open.length,
    ratio: size ? sent / size : 0,
    rate,
    secondsLeft: rate ? (size - sent) / rate : null,
    processing: items.filter(({ state }) => state === "processing").length,
  };
}
