import { keys } from "../keys.js";

// Keys of the explorer: `acts` are those of the list and of the search field, by name. Letters that are
// typed in the list go to the search field.
export function explorerKeys(root, { search, grid, said }, acts, signal) {
  keys(root, {}, signal); // keeps them from the notebook
  const tables = new Map([
    [search, acts.search],
    [grid, acts.grid],
    [said, acts.said],
  ]);
  const react = (event) => {
    const table = tables.get(event.target);
    if (!table || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (table[event.key] && !event.shiftKey) {
      event.preventDefault();
      table[event.key]();
    } else if (event.target === grid && (event.key.length === 1 || event.key === "Backspace")) {
      search.focus(); // and the letter is typed there
    }
  };
  window.addEventListener("keydown", react, { capture: true, signal });
}
