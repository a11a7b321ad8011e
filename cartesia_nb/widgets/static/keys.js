// Keys of a widget: acts by name, such as "Home" or "Shift+ArrowLeft"; letters by their small ones.
export function keys(root, acts, signal) {
  const react = (event) => {
    if (!root.contains(event.target) || isForTheNotebook(event)) return;
    event.stopPropagation();
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = acts[event.shiftKey ? `Shift+${key}` : key];
    if (!act || belongsTo(event.target, key)) return;
    event.preventDefault();
    act();
  };
  // JupyterLab takes arrows and letters for commands to the notebook, before they come to an element here:
  // only the window is asked earlier.
  window.addEventListener("keydown", react, { capture: true, signal });
}

function isForTheNotebook(event) {
  return event.ctrlKey || event.altKey || event.metaKey || (event.shiftKey && event.key === "Enter");
}

// A menu has uses for every key, a button for the space bar.
function belongsTo(target, key) {
  return target.matches("select, input, textarea") || (key === " " && target.matches("button"));
}
