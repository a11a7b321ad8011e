import { element } from "../element.js";

// All about the voice that the keyboard is at, and what can be done with it.
export function voiceDetails(voices) {
  const box = element("section", { class: "details", "aria-label": "Chosen voice" });
  let shown;

  function show(voice, usual) {
    const state = `${voice} ${usual}`;
    if (state === shown) return;
    shown = state;
    box.hidden = voice === undefined;
    if (voice !== undefined) box.replaceChildren(...content(voices, voice, usual));
  }

  return { box, show, id: () => box.querySelector("code") };
}

function content(voices, voice, usual) {
  const tagline = voices.label("tagline", voice);
  const use = element("button", { type: "button", "data-act": "use", "aria-pressed": String(usual) }, usual ? "Is the default" : "Use as default");
  return [
    element("h4", {}, voices.name(voice), ...(tagline ? [element("span", { class: "tagline" }, ` ${tagline}`)] : [])),
    element("p", {}, voices.label("description", voice)),
    element(
      "div",
      { class: "actions" },
      element("code", {}, voices.id(voice)),
      element("button", { type: "button", "data-act": "copy" }, "Copy id"),
      use,
    ),
  ];
}
