import { element } from "../element.js";
import { grouped } from "./catalogue.js";

const TITLES = {
  name: "Name",
  language: "Language",
  gender: "Gender",
  owner: "Owner",
  country: "Country",
  accent: "Accent",
  created: "Age",
};
const WAYS = { created: ["oldest first", "newest first"] };

export function title(column) {
  return TITLES[column] ?? "";
}

// The field to search in, a menu for each thing to filter by, and the order.
export function filterBar(voices) {
  const search = element("input", {
    type: "search",
    placeholder: "Search by name, description or id",
    "aria-label": "Search voices",
    autocomplete: "off",
    spellcheck: "false",
  });
  const menus = voices.facets.map((name) => [name, facetMenu(voices, name)]);
  const order = orderMenu(voices);
  const clear = element("button", { type: "button", class: "plain", "data-act": "clear" }, "Clear all");

  return {
    search,
    order,
    clear,
    elements: [search, element("div", { class: "menus" }, ...menus.map(([, menu]) => menu))],
    asked: () => ({
      query: search.value,
      filters: Object.fromEntries(menus.filter(([, menu]) => menu.value).map(([name, menu]) => [name, menu.value])),
      order: order.value,
    }),
    isEmpty: () => !search.value && menus.every(([, menu]) => !menu.value),
    empty() {
      search.value = "";
      for (const [, menu] of menus) menu.value = "";
    },
  };
}

function facetMenu(voices, name) {
  const counts = new Map();
  for (let voice = 0; voice < voices.count; voice++) {
    const value = voices.value(name, voice);
    if (value !== null) counts.set(value, { label: voices.label(name, voice), count: (counts.get(value)?.count ?? 0) + 1 });
  }
  const values = [...counts].sort(([, a], [, b]) => a.label.localeCompare(b.label, "en"));
  const options = values.map(([value, { label, count }]) => element("option", { value }, `${label} (${grouped(count)})`));
  return element("select", { "aria-label": title(name) }, element("option", { value: "" }, `Any ${title(name).toLowerCase()}`), ...options);
}

function orderMenu(voices) {
  const options = Object.keys(TITLES).filter(voices.has).flatMap((name) => {
    const [forwards, backwards] = WAYS[name] ?? ["A to Z", "Z to A"];
    return [
      element("option", { value: name }, `${title(name)}, ${forwards}`),
      element("option", { value: `-${name}` }, `${title(name)}, ${backwards}`),
    ];
  });
  return element("select", { "aria-label": "Order" }, element("option", { value: "" }, "Best match first"), ...options);
}
