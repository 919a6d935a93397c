/**
 * Inline SVG icons, 24 units wide, drawn with the current colour. An icon is decoration: a text stands beside it, or in
 * the `aria-label` of its button.
 *
 * @module
 */

const PATHS = {
  alert: "M12 8.5v4.2m0 3.1v.01M10.6 4.3 3.2 17a1.6 1.6 0 0 0 1.4 2.5h14.8a1.6 1.6 0 0 0 1.4-2.5L13.4 4.3a1.6 1.6 0 0 0-2.8 0Z",
  audio: "M9 17.5V6l11-2v11.5M9 17.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Zm11-2a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0Z",
  back: "M19 12H5m6-6-6 6 6 6",
  camera: "M4 7.5h9A1.5 1.5 0 0 1 14.5 9v6a1.5 1.5 0 0 1-1.5 1.5H4A1.5 1.5 0 0 1 2.5 15V9A1.5 1.5 0 0 1 4 7.5Zm10.5 3.2 5.6-2.9a.6.6 0 0 1 .9.5v7.4a.6.6 0 0 1-.9.5l-5.6-2.9",
  captions: "M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5ZM10.5 10.5a2 2 0 1 0 0 3m6.5-3a2 2 0 1 0 0 3",
  check: "m5 12.5 4.5 4.5L19 7.5",
  chevronDown: "m6 9.5 6 6 6-6",
  chevronUp: "m6 14.5 6-6 6 6",
  clock: "M12 7.5V12l3 2m6-2a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z",
  close: "m6 6 12 12M18 6 6 18",
  copy: "M9 8.5h9a1.5 1.5 0 0 1 1.5 1.5v9a1.5 1.5 0 0 1-1.5 1.5H9A1.5 1.5 0 0 1 7.5 19v-9A1.5 1.5 0 0 1 9 8.5Zm7.5-4H6A1.5 1.5 0 0 0 4.5 6v9.5",
  download: "M12 4v11m-4.5-4.5L12 15l4.5-4.5M4.5 19.5h15",
  film: "M5 4.5h14A1.5 1.5 0 0 1 20.5 6v12a1.5 1.5 0 0 1-1.5 1.5H5A1.5 1.5 0 0 1 3.5 18V6A1.5 1.5 0 0 1 5 4.5Zm3 0v15m8-15v15M3.5 9.5H8m-4.5 5H8m8-5h4.5m-4.5 5h4.5M8 12h8",
  fullscreen: "M4.5 9V4.5H9m6 0h4.5V9m0 6v4.5H15m-6 0H4.5V15",
  fullscreenExit: "M9 4.5V9H4.5m15 0H15V4.5m0 15V15h4.5m-15 0H9v4.5",
  gauge: "M12 13.5 15.5 9M5.5 18.5a9 9 0 1 1 13 0",
  grid: "M4.5 4.5h6v6h-6zM13.5 4.5h6v6h-6zM4.5 13.5h6v6h-6zM13.5 13.5h6v6h-6z",
  link: "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3m2 3.7a4 4 0 0 0-5.7 0l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1",
  monitor: "M4.5 4.5h15A1.5 1.5 0 0 1 21 6v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 15V6a1.5 1.5 0 0 1 1.5-1.5ZM8.5 20h7M12 16.5V20",
  moon: "M20 14.2A8.2 8.2 0 0 1 9.8 4 8.2 8.2 0 1 0 20 14.2Z",
  more: "M12 6.5v.01M12 12v.01M12 17.5v.01",
  mute: "M4 9.5v5h3.5L12 18.5v-13L7.5 9.5H4Zm12 0 5 5m0-5-5 5",
  offline: "M3 3l18 18M8.2 8.6A11 11 0 0 0 3.5 11M12 7.6c3.2 0 6.2 1.2 8.5 3.4M6.5 14.2a8 8 0 0 1 4.5-2.2m4.3 1a8 8 0 0 1 2.2 1.2M12 18.5v.01",
  pause: "M8.5 5.5v13m7-13v13",
  pencil: "M4.5 19.5 5.6 15 16 4.6a1.5 1.5 0 0 1 2.1 0l1.3 1.3a1.5 1.5 0 0 1 0 2.1L9 18.4l-4.5 1.1ZM14 6.6l3.4 3.4",
  play: "M7.5 5.2v13.6a.8.8 0 0 0 1.2.7l11-6.8a.8.8 0 0 0 0-1.4l-11-6.8a.8.8 0 0 0-1.2.7Z",
  plus: "M12 5v14M5 12h14",
  record: "M12 12m-8.5 0a8.5 8.5 0 1 0 17 0 8.5 8.5 0 1 0-17 0M12 12m-3.5 0a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0",
  retry: "M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9m0-5v5h-5",
  rows: "M4 6.5h16M4 12h16M4 17.5h16",
  search: "m20 20-4.7-4.7M17.5 10.8a6.8 6.8 0 1 1-13.5 0 6.8 6.8 0 0 1 13.5 0Z",
  settings: "M4 7.5h9m4 0h3M4 16.5h3m4 0h9M15 5.5v4M9 14.5v4",
  signOut: "M14 4.5H6A1.5 1.5 0 0 0 4.5 6v12A1.5 1.5 0 0 0 6 19.5h8m-4-7.5h10.5m-3.5-3.5 3.5 3.5-3.5 3.5",
  sun: "M12 3v1.5m0 15V21m9-9h-1.5m-15 0H3m15.4-6.4-1.1 1.1M6.7 17.3l-1.1 1.1m12.8 0-1.1-1.1M6.7 6.7 5.6 5.6M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0Z",
  trash: "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 11.6a1.5 1.5 0 0 0 1.5 1.4h6.4a1.5 1.5 0 0 0 1.5-1.4L17.5 7M10 11v5m4-5v5",
  upload: "M12 15.5V4.5M7.5 9 12 4.5 16.5 9M4.5 19.5h15",
  user: "M12 12.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 7a7.5 7.5 0 0 1 15 0",
  volume: "M4 9.5v5h3.5l4.5 4v-13l-4.5 4H4Zm12 0a3.5 3.5 0 0 1 0 5m2.5-7.5a7 7 0 0 1 0 10",
};

/** @typedef {keyof typeof PATHS} IconName */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Draw an icon.
 *
 * @param {IconName} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("class", "icon");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
