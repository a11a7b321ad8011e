import { element } from "../element.js";
import { grouped } from "./catalogue.js";

// What a voice is heard with: its preview, or a sentence, whose price stands beside it.
export function hearBar(voices, { hears, text }) {
  const group = `hear-${Math.random().toString(36).slice(2)}`;
  const choice = (value, words) => {
    const radio = element("input", { type: "radio", name: group, value, checked: value === hears });
    return [radio, element("label", {}, radio, words)];
  };
  const [, previewLabel] = choice("preview", "the preview, which costs nothing");
  const [sentence, sentenceLabel] = choice("sentence", "a sentence:");
  const said = element("input", { type: "text", class: "said", "aria-label": "Sentence", value: text, "aria-describedby": `${group}-price ${group}-wrong` });
  const price = element("span", { class: "price", id: `${group}-price` });
  const wrong = element("div", { class: "wrong", id: `${group}-wrong`, role: "alert" });

  function show(trouble) {
    price.textContent = costs(voices, said.value, 1);
    wrong.textContent = trouble?.field === "text" ? trouble.message : "";
    said.setAttribute("aria-invalid", String(Boolean(wrong.textContent)));
  }

  return {
    said,
    show,
    speak: () => (sentence.checked = true),
    hears: () => (sentence.checked ? "sentence" : "preview"),
    // What is to be said; null is the preview.
    text: () => (sentence.checked ? said.value : null),
    element: element(
      "fieldset",
      { class: "hearing" },
      element("legend", {}, "Hear"),
      previewLabel,
      sentenceLabel,
      said,
      price,
      wrong,
    ),
  };
}

// "about 27 credits", "4 × 27, about 108 credits"
export function costs(voices, text, times) {
  const each = voices.credits(text);
  const all = each * times;
  const product = times > 1 ? `${times} × ${grouped(each)}, ` : "";
  return `${product}about ${grouped(all)} credit${all === 1 ? "" : "s"}`;
}
