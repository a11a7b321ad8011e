// Binds a recorder's buttons, its box and dropped files to what they do.
export function listenTo(face, model, { press, record, open }, signal) {
  const { root, main, again, choose, file } = face;
  const on = (target, name, act) => target.addEventListener(name, act, { signal });
  on(main.button, "click", press);
  on(again, "click", () => {
    main.button.focus(); // this one goes away
    record();
  });
  on(choose, "click", () => file.click());
  on(file, "change", () => {
    if (file.files.length) open([...file.files]);
    file.value = ""; // or the same file could not be chosen again
  });
  bindBox(face.counts, model, "countdown", signal);
  takeDrops(root, open, signal);
}

function bindBox(box, model, name, signal) {
  const follow = () => (box.checked = model.get(name));
  const tell = () => {
    model.set(name, box.checked);
    model.save_changes();
  };
  box.addEventListener("change", tell, { signal });
  model.on(`change:${name}`, follow);
  signal.addEventListener("abort", () => model.off(`change:${name}`, follow));
  follow();
}

// The notebook would open a file that is dropped, or put it into a cell.
function takeDrops(root, open, signal) {
  const on = (name, act) => root.addEventListener(name, act, { signal });
  const mine = (event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const hover = (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    mine(event);
    event.dataTransfer.dropEffect = "copy";
    root.classList.add("dropping");
  };
  on("dragenter", hover);
  on("dragover", hover);
  on("dragleave", () => root.classList.remove("dropping"));
  on("drop", (event) => {
    mine(event);
    root.classList.remove("dropping");
    open([...event.dataTransfer.files]);
  });
}
