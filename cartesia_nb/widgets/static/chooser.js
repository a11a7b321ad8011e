// Sends a file of the person's own computer to the kernel, part by part.
import { element } from "./element.js";

// Servers lose messages over 10 MiB; the next part is sent when the one before has come.
const PART_OF_FILE = 500_000;

function sendFile(model, file, tell) {
  const id = Math.random().toString(36).slice(2);
  const sendPart = async (start) => {
    try {
      const part = await file.slice(start, start + PART_OF_FILE).arrayBuffer();
      model.send({ id, name: file.name, size: file.size, start }, undefined, [part]);
    } catch (error) {
      // A folder, or a file that has changed or gone.
      model.off("msg:custom", go);
      tell("");
      refuse(model, `${file.name} cannot be read: ${error.message}`);
    }
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

// Python says it where what is wrong with the field is said.
function refuse(model, wrong) {
  model.send({ wrong });
}

function render({ model, el }) {
  const input = element("input", { type: "file", accept: "audio/*,video/*", hidden: true, tabindex: -1 });
  const button = element("button", { type: "button" }, "Choose a file …");
  const told = element("span", { role: "status" });
  el.classList.add("cartesia-chooser");
  el.append(input, button, told);

  const tell = (text) => (told.textContent = text);
  const send = (files) => {
    if (files.length > 1) refuse(model, "One sound file at a time, please.");
    else if (files.length) sendFile(model, files[0], tell);
  };
  button.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    send([...input.files]);
    input.value = "";
  });

  const drag = (event) => {
    // Beside the field, a file is meant for it, too: the browser would open it in the place of the notebook.
    if (!el.closest(".cartesia-form")?.contains(event.target)) return;
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.type === "drop") send([...event.dataTransfer.files]);
  };
  // The notebook would take a file that is dropped: on its way down, it comes by here first.
  const options = { capture: true };
  for (const type of ["dragover", "drop"]) document.addEventListener(type, drag, options);
  return () => {
    for (const type of ["dragover", "drop"]) document.removeEventListener(type, drag, options);
  };
}

export default { render };
