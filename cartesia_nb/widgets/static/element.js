// An element with attributes and children; an attribute that is false or undefined is left out.
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) made.setAttribute(attribute, value === true ? "" : value);
  }
  made.append(...children);
  return made;
}

// The only element of some markup from the kernel, where texts are escaped already.
export function fromMarkup(markup) {
  const template = document.createElement("template");
  template.innerHTML = markup.trim();
  return template.content.firstElementChild;
}
