import { element } from "../element.js";
import { costs } from "./hear.js";

// What goes on, what went wrong, and the way out, below the list.
export function statusLine(voices, hear) {
  const hint = element("span", { class: "hint" }, "Enter plays, the space bar marks a voice to compare, letters search.");
  const told = element("span", { role: "status" });
  const button = (act, text) => element("button", { type: "button", "data-act": act, hidden: true }, text);
  const buttons = { cancel: button("cancel", "Cancel"), again: button("again", "Try again"), speak: button("speak", "") };
  const box = element("div", { class: "state" }, hint, told, ...Object.values(buttons));

  function show({ work, trouble, said }) {
    const wrong = trouble && trouble.field !== "text" ? trouble : null;
    const text = work ? `${work.what} …` : (wrong?.message ?? said);
    if (told.textContent !== text) told.textContent = text;
    hint.hidden = Boolean(text);
    told.classList.toggle("wrong", Boolean(!work && wrong));
    buttons.cancel.hidden = !work;
    buttons.again.hidden = work || wrong?.way !== "again";
    buttons.speak.hidden = work || wrong?.way !== "speak";
    buttons.speak.textContent = `Speak the sentence (${costs(voices, hear.said.value, 1)})`;
  }

  return { box, show };
}
