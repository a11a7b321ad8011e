import { letters } from "./catalogue.js";

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const NOWHERE = Number.MAX_SAFE_INTEGER;

// The voices that have all words of the query, and the values of all filters, in the order that is asked
// for: "" is how well they match, "name" a column, "-name" the same backwards.
export function searcher(voices) {
  const places = new Map(); // by column: the place of a voice in its order

  function placesIn(column) {
    if (!places.has(column)) places.set(column, ranked(voices, column));
    return places.get(column);
  }

  return ({ query, filters, order }) => {
    const words = letters(query).split(/\s+/).filter(Boolean);
    const wanted = Object.entries(filters);
    const found = [];
    for (let voice = 0; voice < voices.count; voice++) {
      const text = voices.texts[voice];
      if (!wanted.every(([name, value]) => voices.value(name, voice) === value)) continue;
      if (words.every((word) => text.includes(word))) found.push(voice);
    }
    if (order) return sorted(found, placesIn(order.replace("-", "")), order.startsWith("-"));
    return words.length ? sorted(found, (voice) => mismatch(voices.titles[voice], words)) : found;
  };
}

// Voices without a value stand last, whichever way.
function sorted(found, place, backwards = false) {
  const sign = backwards ? -1 : 1;
  const placed = found.map((voice) => ({ voice, at: place(voice) }));
  placed.sort((a, b) => (a.at === NOWHERE) - (b.at === NOWHERE) || sign * (a.at - b.at));
  return placed.map(({ voice }) => voice);
}

function ranked(voices, column) {
  const values = Array.from({ length: voices.count }, (_, voice) => voices.label(column, voice));
  const different = [...new Set(values)].filter(Boolean).sort(collator.compare);
  const ranks = new Map(different.map((value, rank) => [value, rank]));
  const places = values.map((value) => ranks.get(value) ?? NOWHERE);
  return (voice) => places[voice];
}

// 0 where the name begins with what is typed, more where less of it is in the name.
function mismatch(name, words) {
  if (name.startsWith(words.join(" "))) return 0;
  const starts = words.filter((word) => name.startsWith(word) || name.includes(` ${word}`)).length;
  const within = words.filter((word) => name.includes(word)).length;
  return 1 + 2 * words.length - starts - within;
}
