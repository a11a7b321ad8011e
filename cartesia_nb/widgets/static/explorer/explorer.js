import { element } from "../element.js";
import { received } from "../parts.js";
import { catalogue } from "./catalogue.js";
import { explorerView } from "./view.js";

const PATIENCE_FOR_VOICES = 5000; // milliseconds
const BUSY =
  "The kernel has not sent the voices yet: it may be busy. If it was restarted, run this cell again.";

function render({ model, el }) {
  const life = new AbortController();
  const { signal } = life;
  const status = element("div", { role: "status" });
  const retry = element("button", { type: "button" }, "Try again");
  const root = element("div", { class: "cartesia-explorer" }, element("div", { class: "opening" }, status, retry));
  let late;
  let opened = false;

  function show() {
    const { stage } = model.get("shown");
    status.textContent = words(stage);
    status.classList.toggle("wrong", stage.at === "failed");
    retry.hidden = stage.at !== "failed";
    if (stage.at !== "ready" || opened) return;
    opened = true;
    open().catch((error) => (status.textContent = `The explorer failed: ${error.message}`));
  }

  async function open() {
    late = setTimeout(() => (status.textContent = BUSY), PATIENCE_FOR_VOICES);
    const voices = await catalogue(await received(model, "voices", signal));
    clearTimeout(late);
    if (signal.aborted) return;
    if (voices.count) explorerView(model, root, voices, signal);
    else status.textContent = "There are no voices here.";
  }

  el.append(root);
  retry.addEventListener("click", () => model.send({ do: "load" }), { signal });
  model.on("change:shown", show);
  show();
  return () => {
    clearTimeout(late);
    model.off("change:shown", show);
    life.abort();
  };
}

function words({ at, message }) {
  return at === "failed" ? `The voices could not be loaded: ${message}` : `${message} …`;
}

export default { render };
