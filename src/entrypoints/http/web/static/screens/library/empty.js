/**
 * The library before the first video: the drop target, the chooser and the sample.
 *
 * @module
 */

import { h } from "../../lib/dom.js";
import { bytes } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { canUpload } from "../../lib/scopes.js";
import { t } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";

const FORMATS = [".mp4", ".mov", ".webm", ".mkv", ".mp3", ".wav"];

/** @param {import("../../lib/types.d.ts").App} app */
export function createEmpty(app) {
  if (!canUpload(app)) return h("section", { class: "empty" }, h("h2", null, t.library.emptyReading));
  const { extensions, max_file_size_bytes: limit } = app.options;
  const known = FORMATS.filter((each) => extensions.some((extension) => extension.replace(/^\./, "") === each.slice(1)));
  const formats = known.map((each) => each.slice(1).toUpperCase()).join(", ");
  const sample = h("button", { class: "button", type: "button", on: { click: () => void trySample() } }, t.library.sample);

  async function trySample() {
    sample.disabled = true;
    try {
      const response = await fetch("/static/sample.mp4");
      if (!response.ok) throw new Error(response.statusText);
      app.uploads.add([new File([await response.blob()], "sample.mp4", { type: "video/mp4", lastModified: 0 })]);
    } catch {
      toast(t.library.sampleFailed);
    } finally {
      sample.disabled = false;
    }
  }

  return h(
    "section",
    { class: "empty" },
    h("div", { class: "empty-mark" }, icon("upload")),
    h("h2", null, t.library.emptyTitle),
    h("p", null, t.library.emptyText),
    h(
      "div",
      { class: "empty-actions" },
      h("button", { class: "button button-primary", type: "button", on: { click: app.chooseFiles } }, icon("upload"), t.library.choose),
      sample,
    ),
    h("p", { class: "empty-limits" }, t.library.limits(formats, bytes(limit))),
  );
}
