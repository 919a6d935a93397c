/** The picture of a moment: the storyboard's tile, else the poster; loaded when the place for it comes into view. */

import { storyboardTiles } from "../../components/player/times.js";

/** @typedef {{tiles: import("../../components/player/times.js").Tile[], poster: string | null}} Pictures */

/** @param {import("../../lib/api.js").Api} api */
export function createPictures(api) {
  /** @type {Map<string, Promise<Pictures>>} */
  const loaded = new Map();
  /** @type {WeakMap<Element, {id: string, time: number}>} */
  const wanted = new WeakMap();

  /** @param {string} id @returns {Promise<Pictures>} */
  async function load(id) {
    const { poster_url: poster, storyboard_url: board } = await api.get(`/api/videos/${id}/playback`);
    const vtt = board ? await api.get(`/api/videos/${id}/storyboard.vtt`).catch(() => "") : "";
    return { poster, tiles: storyboardTiles(vtt) };
  }

  /** @param {HTMLElement} element */
  async function show(element) {
    const want = wanted.get(element);
    if (!want) return;
    const { id, time } = want;
    const pictures = loaded.get(id) ?? load(id);
    loaded.set(id, pictures);
    const { poster, tiles } = await pictures.catch(() => ({ poster: null, tiles: [] }));
    const tile = tiles.find(({ start, end }) => time >= start && time < end);
    if (tile) showTile(element, tile);
    else if (poster) element.style.backgroundImage = `url("${new URL(poster, location.href).href}")`;
  }

  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      void show(/** @type {HTMLElement} */ (target));
    }
  });

  return {
    /** @param {HTMLElement} element @param {string} id @param {number} time */
    observe(element, id, time) {
      wanted.set(element, { id, time });
      observer.observe(element);
    },
    dispose: () => observer.disconnect(),
  };
}

/** Scale the tile to the element's width. @param {HTMLElement} element @param {import("../../components/player/times.js").Tile} tile */
function showTile(element, tile) {
  const image = new Image();
  image.addEventListener("load", () => {
    const scale = element.clientWidth / tile.width;
    element.style.backgroundImage = `url("${new URL(tile.url, location.href).href}")`;
    element.style.backgroundSize = `${image.naturalWidth * scale}px auto`;
    element.style.backgroundPosition = `${-tile.x * scale}px ${-tile.y * scale + (element.clientHeight - tile.height * scale) / 2}px`;
  });
  image.src = tile.url;
}
