// Two live regions. They stay where they are while their text changes: only then it is read aloud.
function noteRegion(role, name) {
  const region = document.createElement("div");
  region.setAttribute("role", role);
  region.className = name;
  region.id = `cartesia-note-${Math.random().toString(36).slice(2)}`;
  return region;
}

// The control that a note is about: the one in the same field.
function controlOf(el) {
  return el.closest(".cartesia-field")?.querySelector("input, select, textarea");
}

function render({ model, el }) {
  el.classList.add("cartesia-note");
  const text = noteRegion("status", "text"), wrong = noteRegion("alert", "wrong");
  el.append(text, wrong);

  const describe = () => {
    const control = controlOf(el);
    if (!control) return;
    control.setAttribute("aria-describedby", `${text.id} ${wrong.id}`);
    control.setAttribute("aria-invalid", wrong.textContent !== "");
  };
  const show = () => {
    text.textContent = model.get("text");
    wrong.textContent = model.get("wrong");
    el.closest(".cartesia-field")?.classList.toggle("wrong", wrong.textContent !== "");
    describe();
  };
  model.on("change:text change:wrong", show);
  show();
  // A note is drawn before it stands beside its control.
  requestAnimationFrame(show);
  return () => model.off("change:text change:wrong", show);
}

export default { render };
