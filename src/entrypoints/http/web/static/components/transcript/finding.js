/** Finds words in cues; case and accents make no difference, as in the search of the server. */

/** @typedef {{start: number, end: number}} Range */
/** @typedef {{text: string, at: number[]}} Folded */

/**
 * A text in lower case without accents, and for each of its units the position in the original.
 * @param {string} text
 * @returns {Folded}
 */
export function folded(text) {
  let result = "";
  /** @type {number[]} */
  const at = [];
  let position = 0;
  for (const character of text) {
    const plain = character.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    result += plain;
    for (let unit = 0; unit < plain.length; unit += 1) at.push(position);
    position += character.length;
  }
  at.push(position);
  return { text: result, at };
}

/**
 * The words that a query asks for.
 * @param {string} query
 */
export const wordsOf = (query) => folded(query).text.split(/\s+/).filter(Boolean);

/**
 * The ranges of a text in which the words occur; null unless all of them do.
 * @param {Folded} text
 * @param {string[]} words
 * @returns {Range[] | null}
 */
export function matches(text, words) {
  /** @type {Range[]} */
  const found = [];
  for (const word of words) {
    let from = text.text.indexOf(word);
    if (from < 0) return null;
    for (; from >= 0; from = text.text.indexOf(word, from + word.length)) {
      found.push({ start: text.at[from], end: text.at[from + word.length] });
    }
  }
  return merged(found);
}

/** @param {Range[]} ranges */
function merged(ranges) {
  /** @type {Range[]} */
  const result = [];
  for (const range of ranges.sort((one, other) => one.start - other.start)) {
    const last = result[result.length - 1];
    if (last && range.start <= last.end) last.end = Math.max(last.end, range.end);
    else result.push({ ...range });
  }
  return result;
}
