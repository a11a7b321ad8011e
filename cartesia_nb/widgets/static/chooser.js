// Sends a file of the person's own computer to the kernel, part by part.
import { element } from "./element.js";

// Servers lose messages over 10 MiB; the next part is sent when the one before has come.
const PART_OF_FILE = 500_000;

function sendFile(model, file, tell) {
  const id = Math.random().toString(36).slice(2);
  const sendPart = async (start) => {
    const part = await file.slice(start, start + PART_OF_FILE).arrayBuffer();
    model.send({ id, name: file.name, size: file.size, start }, undefined, [part]);
  };
  const go = ({ id: answered, come }) => {
    if (answered !== id) return;
    tell(come < file.size ? `${Math.round((100 * come) / file.size)} % of ${file.name} sent` : "");
    if (come < file.size) sendPart(come);
    else model.off("msg:custom", go);
  };
  model.on("msg:custom", go);
  sendPart(0);
}

function render({ model, el }) {
  const input = element("input", { type: "file", accept: "audio/*,video/*", hidden: true, tabindex: -1 });
  const button = element("button", { type: "button" }, "Choose a file …");
  const told = element("span", { role: "status" });
  el.classList.add("cartesia-chooser");
  el.append(input, button, told);

  const send = (file) => file && sendFile(model, file, (text) => (told.textContent = text));
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    send(input.files[0]);
    input.value = "";
  });

  const drag = (event) => {
    if (!event.target.closest?.(".cartesia-field")?.contains(el)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === "drop") send(event.dataTransfer.files[0]);
  };
  // The notebook would take a file that is dropped: on its way down, it comes by here first.
  const options = { capture: true };
  for (const type of ["dragover", "drop"]) document.addEventListener(type, drag, options);
  return () => {
    for (const type of ["dragover", "drop"]) document.removeEventListener(type, drag, options);
  };
}

export default { render };
