// The line of Python that does the same, with a button to copy it.
import { element } from "./element.js";
import { keys } from "./keys.js";

const COPIED_FOR = 2000;

function render({ model, el }) {
  const code = element("code", { tabindex: 0, role: "region", "aria-label": "The same in Python" });
  const button = element("button", { type: "button" }, "Copy");
  const told = element("span", { role: "status" });
  el.classList.add("cartesia-code");
  el.append(code, button, told);

  const show = () => {
    // Where there is no blank, a line is best broken after a bracket.
    const pieces = model.get("code").split(/(?<=\()/);
    el.hidden = !model.get("code");
    code.replaceChildren(...pieces.flatMap((piece) => [piece, element("wbr")]));
    told.textContent = "";
  };
  const select = () => getSelection().selectAllChildren(code);
  let timer;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(model.get("code"));
      told.textContent = "Copied";
    } catch {
      select();
      told.textContent = "Selected: copy it with the keyboard";
    }
    clearTimeout(timer);
    timer = setTimeout(() => (told.textContent = ""), COPIED_FOR * (told.textContent === "Copied" ? 1 : 3));
  });
  model.on("change:code", show);
  show();
  // A name for this page, for as long as it is not loaded anew: see shelf.py.
  window.cartesiaPage ??= Math.random().toString(36).slice(2);
  model.send({ page: window.cartesiaPage });

  // A letter that chooses in a menu of the form would be a command to the notebook. The form is looked for
  // when a key is pressed: this line is drawn before it stands there.
  const forms = ".cartesia-form, .cartesia-explorer-form";
  const form = { contains: (target) => el.closest(forms)?.contains(target) };
  const gone = new AbortController();
  keys(form, {}, gone.signal);
  return () => {
    gone.abort();
    clearTimeout(timer);
    model.off("change:code", show);
  };
}

export default { render };
