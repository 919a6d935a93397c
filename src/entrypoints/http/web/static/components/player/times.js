/** Times in links (`?t=93`, `?t=1m33s`) and the storyboard's WebVTT. */

/**
 * The seconds that a `t` parameter names; 0 for none and for anything else.
 * @param {string | null | undefined} text
 */
export function linkedTime(text) {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+(?:\.\d+)?)s?)?$/.exec((text ?? "").trim());
  if (!match) return 0;
  const [hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return hours * 3600 + minutes * 60 + seconds;
}

/** @typedef {{start: number, end: number, url: string, x: number, y: number, width: number, height: number}} Tile */

/**
 * The tiles of a storyboard.
 * @param {string} vtt
 * @returns {Tile[]}
 */
export function storyboardTiles(vtt) {
  const tiles = [];
  for (const block of vtt.split(/\r?\n\r?\n/)) {
    const match = /([\d:.]+) --> ([\d:.]+)[^\n]*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/.exec(block);
    if (!match) continue;
    const [x, y, width, height] = match.slice(4).map(Number);
    tiles.push({ start: seconds(match[1]), end: seconds(match[2]), url: match[3], x, y, width, height });
  }
  return tiles;
}

/** @param {string} timestamp */
function seconds(timestamp) {
  return timestamp.split(":").reduce((total, part) => total * 60 + Number(part), 0);
}
