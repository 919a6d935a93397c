/**
 * Loads the screens. The document names the files of its own screen in its head, and those of each other screen in a
 * template.
 *
 * @module
 */

/** @type {Map<string, Promise<any>>} */
const loaded = new Map();

/**
 * The module of a screen, once its styles are there, too. Nothing is requested twice.
 *
 * @param {string} name
 * @returns {Promise<any>}
 */
export function loadScreen(name) {
  const known = loaded.get(name);
  if (known) return known;
  const loading = Promise.all([import(`../screens/${name}/${name}.js`), linkFiles(name)]).then(([module]) => module);
  loaded.set(name, loading);
  // After an error the next call tries again.
  loading.catch(() => loaded.delete(name));
  return loading;
}

/**
 * Put the links of a screen into the head: the browser requests all files at once.
 *
 * @param {string} name
 */
async function linkFiles(name) {
  const template = /** @type {HTMLTemplateElement | null} */ (document.querySelector(`template[data-screen="${name}"]`));
  if (!template) return;
  const links = /** @type {HTMLLinkElement[]} */ ([.../** @type {Element} */ (template.content.cloneNode(true)).children]);
  const styles = links.filter(({ rel }) => rel === "stylesheet").map(arrival);
  document.head.append(...links);
  try {
    await Promise.all(styles);
    template.remove();
  } catch (error) {
    links.forEach((link) => link.remove());
    throw error;
  }
}

/** @type {Map<string, Promise<any>>} */
const styles = new Map();

/**
 * Load the styles of a component that is itself loaded when it is wanted.
 *
 * @param {string} name
 * @returns {Promise<any>} settled when they hold; without them the component still works
 */
export function loadStyles(name) {
  const known = styles.get(name);
  if (known) return known;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: `/static/components/${name}/${name}.css` });
  const loading = arrival(link).catch(() => (link.remove(), styles.delete(name)));
  styles.set(name, loading);
  document.head.append(link);
  return loading;
}

/** @param {HTMLLinkElement} link */
const arrival = (link) =>
  new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => reject(new Error(`${link.href} could not be loaded.`)));
  });
