/**
 * The theme: the system's, unless one is chosen.
 *
 * @module
 */

const KEY = "telecine.theme";

export const chosenTheme = () => document.documentElement.dataset.theme ?? "";

/** @param {"" | "light" | "dark"} theme */
export function chooseTheme(theme) {
  const { dataset } = document.documentElement;
  if (theme) dataset.theme = theme;
  else delete dataset.theme;
  try {
    if (theme) localStorage.setItem(KEY, theme);
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is blocked: the choice ends with the page.
  }
}
