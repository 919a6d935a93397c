/**
 * Takes files that are dropped or pasted anywhere on the page, and pasted links of YouTube.
 *
 * @module
 */

import { h } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { canUpload, canWrite } from "../../lib/scopes.js";
import { t } from "../../lib/strings.js";

const YOUTUBE = /^https?:\/\/((www|m|music)\.)?(youtube\.com\/(watch|shorts|live|embed)|youtu\.be\/)\S+$/i;

/**
 * Create the overlay that shows while files are over the page, and listen to the whole document.
 *
 * @param {import("../../lib/types.d.ts").App} app
 */
export function createDropZone(app) {
  const { uploads, options } = app;
  const overlay = h(
    "div",
    { class: "drop-zone", hidden: true, "aria-hidden": "true" },
    h("div", null, icon("upload"), h("strong", null, t.upload.drop), h("span", null, t.upload.dropText)),
  );
  if (!canUpload(app)) return overlay;
  // Each element under the pointer has its own enter and leave.
  let depth = 0;
  const setDepth = (/** @type {number} */ next) => {
    depth = Math.max(0, next);
    overlay.hidden = depth === 0;
  };
  const listen = (/** @type {string} */ type, /** @type {(event: DragEvent) => void} */ fn) =>
    document.addEventListener(type, (event) => hasFiles(/** @type {DragEvent} */ (event)) && fn(/** @type {DragEvent} */ (event)));

  listen("dragenter", () => setDepth(depth + 1));
  listen("dragleave", () => setDepth(depth - 1));
  listen("dragover", (event) => event.preventDefault());
  listen("drop", (event) => {
    event.preventDefault();
    setDepth(0);
    uploads.add(event.dataTransfer?.files ?? []);
  });
  document.addEventListener("paste", (event) => {
    const files = event.clipboardData?.files ?? [];
    const text = event.clipboardData?.getData("text/plain").trim() ?? "";
    if (files.length) uploads.add(files);
    else if (options.imports && canWrite(app) && YOUTUBE.test(text) && !isTyping(event.target)) void uploads.importUrl(text);
    else return;
    event.preventDefault();
  });
  return overlay;
}

/**
 * Create the field that opens the system's file chooser. It is never seen: `click` opens it.
 *
 * @param {import("../../lib/types.d.ts").App} app
 */
export function createFileInput({ uploads, options }) {
  const accept = [...options.extensions.map((each) => `.${each.replace(/^\./, "")}`), ...options.content_types].join(",");
  const input = h("input", { type: "file", multiple: true, hidden: true, accept, "aria-label": t.library.choose });
  input.addEventListener("change", () => {
    uploads.add([...(input.files ?? [])]);
    // The same file can be chosen again.
    input.value = "";
  });
  return input;
}

/** @param {DragEvent} event */
const hasFiles = ({ dataTransfer }) => dataTransfer?.types.includes("Files") ?? false;

/**
 * Whether a key or a paste belongs to a field.
 *
 * @param {EventTarget | null} target
 */
export const isTyping = (target) =>
  target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
