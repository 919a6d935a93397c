/**
 * Links that play a video without an account.
 *
 * @module
 */

/**
 * The video and the token of a viewer's link; null for any other address.
 * @param {Location} address
 */
export function viewerLink({ pathname, hash }) {
  const id = /^\/v\/([\w-]+)$/.exec(pathname)?.[1];
  const token = /^#watch=([\w.~-]+)$/.exec(hash)?.[1];
  return id && token ? { id, token } : null;
}
