/** What one can do with a video: share, download, captions, poster, delete. */

import { copy as copyLink } from "../../lib/clipboard.js";
import { h } from "../../lib/dom.js";
import { bytes, clock } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { attachMenu } from "../../lib/menu.js";
import { t as strings } from "../../lib/strings.js";

const t = strings.video;

/**
 * @typedef {object} Commands
 * @property {() => import("../../lib/types.js").Video} video
 * @property {() => number} time
 * @property {() => {language: string | null, origin: string} | null} transcript
 * @property {boolean} canWrite
 * @property {() => Promise<string>} viewerLink
 * @property {() => void} rename
 * @property {() => void} edit
 * @property {(format: "vtt" | "srt" | "txt") => void} downloadCaptions
 * @property {() => void} downloadVideo
 * @property {() => void} downloadOriginal
 * @property {(file: File) => void} uploadCaptions
 * @property {() => void} write
 * @property {() => void} reset
 * @property {() => void} usePoster
 * @property {() => void} remove
 * @property {() => void} retry
 * @property {() => void} chooseCaptions opens the choice of a file; the actions set it
 */

/** @param {Commands} commands */
export function createActions(commands) {
  const file = /** @type {HTMLInputElement} */ (
    h("input", { type: "file", accept: ".vtt,.srt,text/vtt,application/x-subrip", hidden: true, "aria-label": t.captionsUpload })
  );
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen) commands.uploadCaptions(chosen);
    file.value = "";
  });
  commands.chooseCaptions = () => file.click();
  const download = menuButton("download", t.download, () => downloadItems(commands));
  const captions = menuButton("captions", t.captions, () => captionItems(commands));
  const more = menuButton("more", t.more, () => moreItems(commands));
  const element = h("div", { class: "watch-actions" }, menuButton("link", t.share, () => shareItems(commands)), download, captions, more, file);
  return {
    element,
    /** Show the buttons whose menus have something in them. */
    update() {
      download.hidden = downloadItems(commands).length === 0;
      captions.hidden = captionItems(commands).length === 0;
      more.hidden = !commands.canWrite;
    },
  };
}

/**
 * @param {import("../../lib/icons.js").IconName} name
 * @param {string} label
 * @param {() => import("../../lib/menu.js").MenuEntry[]} entries
 */
function menuButton(name, label, entries) {
  const button = h("button", { class: "button", type: "button" }, icon(name), h("span", null, label));
  attachMenu(button, entries);
  return button;
}

/** @param {Commands} commands @returns {import("../../lib/menu.js").MenuEntry[]} */
function shareItems({ video, time, canWrite, viewerLink }) {
  const link = `${location.origin}/v/${video().video_id}`;
  const at = Math.floor(time());
  /** @type {import("../../lib/menu.js").MenuEntry[]} */
  const items = [{ label: t.copyLink, icon: "link", run: () => void copy(link) }];
  if (at > 0) items.push({ label: t.copyLinkAt(clock(at)), icon: "clock", run: () => void copy(`${link}?t=${at}`) });
  if (canWrite && video().playable) items.push("line", { label: t.copyForViewers, icon: "user", run: () => void copy(viewerLink(), t.copiedForViewers) });
  return items;
}

/**
 * Copy a link, or show it where that is not permitted.
 * @param {string | Promise<string>} link
 * @param {string} [said]
 */
const copy = (link, said = t.copied) => copyLink(link, said);

/** @param {Commands} commands @returns {import("../../lib/menu.js").MenuEntry[]} */
function downloadItems({ video, downloadVideo, downloadOriginal, downloadCaptions, transcript }) {
  const { playable, rendition_size_bytes: size, size_bytes: original, original_kept: kept, rendition_kind: kind } = video();
  /** @type {import("../../lib/menu.js").MenuEntry[]} */
  const items = [];
  if (playable && kind !== "original") items.push({ label: t.downloadVideo(bytes(size ?? 0)), icon: "film", run: downloadVideo });
  if (kept) items.push({ label: t.downloadOriginal(bytes(original)), icon: "download", run: downloadOriginal });
  if (transcript()) items.push(...captionFiles(downloadCaptions));
  return items;
}

/** @param {(format: "vtt" | "srt" | "txt") => void} download @returns {import("../../lib/menu.js").MenuEntry[]} */
function captionFiles(download) {
  return /** @type {const} */ (["vtt", "srt", "txt"]).map((format) => ({
    label: t.captionsFile(format.toUpperCase()),
    icon: "captions",
    run: () => download(format),
  }));
}

/** @param {Commands} commands @returns {import("../../lib/menu.js").MenuEntry[]} */
function captionItems(commands) {
  const transcript = commands.transcript();
  /** @type {import("../../lib/menu.js").MenuEntry[]} */
  const items = [];
  if (commands.canWrite) {
    if (transcript) items.push({ label: t.captionsEdit, icon: "pencil", run: commands.edit });
    items.push({ label: t.captionsUpload, icon: "upload", run: commands.chooseCaptions });
    if (transcript?.origin === "uploaded") items.push({ label: t.captionsReset, icon: "retry", run: commands.reset });
    else if (commands.video().playable) items.push({ label: t.captionsWrite, icon: "retry", run: commands.write });
  }
  if (transcript && items.length) items.push("line");
  if (transcript) items.push(...captionFiles(commands.downloadCaptions));
  return items;
}

/** @param {Commands} commands @returns {import("../../lib/menu.js").MenuEntry[]} */
function moreItems(commands) {
  const { playable, media, status } = commands.video();
  /** @type {import("../../lib/menu.js").MenuEntry[]} */
  const items = [];
  items.push({ label: strings.rename, icon: "pencil", run: commands.rename });
  if (playable && media?.kind !== "audio") items.push({ label: t.usePoster, icon: "image", run: commands.usePoster });
  if (status === "failed") items.push({ label: strings.retry, icon: "retry", run: commands.retry });
  items.push("line", { label: strings.delete, icon: "trash", danger: true, run: commands.remove });
  return items;
}
