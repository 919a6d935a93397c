/** Files that the page hands to the browser to save. */

import { h } from "../../lib/dom.js";

/**
 * Save what a URL names.
 * @param {string} url
 * @param {string} filename used for URLs of this origin; another origin names the file itself
 */
export function saveUrl(url, filename) {
  const link = h("a", { href: url, download: filename, hidden: true });
  // A file of another origin may open in place of being saved: not in this page.
  if (!url.startsWith("blob:") && new URL(url, location.href).origin !== location.origin) link.target = "_blank";
  document.body.append(link);
  link.click();
  link.remove();
}

/**
 * Save a text as a file.
 * @param {string} text
 * @param {string} filename
 */
export function saveText(text, filename) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  saveUrl(url, filename);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * The signed URL to which a path of the API redirects; its body is not read.
 * @param {string} path
 * @param {string} token
 */
export async function redirectOf(path, token) {
  const abort = new AbortController();
  const response = await fetch(path, { headers: { Authorization: `Bearer ${token}` }, signal: abort.signal });
  abort.abort();
  if (!response.ok) throw new Error(response.statusText);
  return response.url;
}

/** A filename without its extension. @param {string} filename */
export const stem = (filename) => filename.replace(/\.[^.]{1,5}$/, "");
