// A row of tabs, as screen readers and keyboards know them.
import { element } from "./element.js";
import { keys } from "./keys.js";

function render({ model, el }) {
  const name = `cartesia-tabs-${Math.random().toString(36).slice(2)}`;
  const list = element("div", { role: "tablist" });
  const tabs = model.get("titles").map((title, number) =>
    element("button", { type: "button", role: "tab", id: `${name}-${number}` }, title),
  );
  list.append(...tabs);
  el.classList.add("cartesia-tab-list");
  el.append(list);

  const panels = () => el.closest(".cartesia-tabs")?.querySelectorAll(":scope > .cartesia-panel") ?? [];
  const show = () => {
    tabs.forEach((tab, number) => {
      const open = number === model.get("chosen");
      tab.setAttribute("aria-selected", open);
      tab.tabIndex = open ? 0 : -1;
    });
    panels().forEach((panel, number) => {
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", `${name}-${number}`);
    });
  };
  const choose = (number) => {
    model.set("chosen", number);
    model.save_changes();
    tabs[number].focus();
  };
  list.addEventListener("click", (event) => {
    const number = tabs.indexOf(event.target);
    if (number >= 0) choose(number);
  });
  const alive = new AbortController();
  const move = (by) => choose((model.get("chosen") + by + tabs.length) % tabs.length);
  const acts = {
    ArrowRight: () => move(1),
    ArrowLeft: () => move(-1),
    Home: () => choose(0),
    End: () => choose(tabs.length - 1),
  };
  keys(list, acts, alive.signal);
  model.on("change:chosen", show);
  show();
  // The panels are drawn after the tabs.
  requestAnimationFrame(show);
  return () => {
    alive.abort();
    model.off("change:chosen", show);
  };
}

export default { render };
