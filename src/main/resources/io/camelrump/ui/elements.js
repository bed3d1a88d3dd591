// Changes of the page. Text from the run is only ever set as text: a key's name may look like markup.
const SVG = "http://www.w3.org/2000/svg";

export function byId(id) {
  return document.getElementById(id);
}

export function element(name, attributes = {}, ...children) {
  return filled(document.createElement(name), attributes, children);
}

export function drawn(name, attributes = {}, ...children) {
  return filled(document.createElementNS(SVG, name), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, value);
  }
  made.append(...children);
  return made;
}

/** Leaves equal text alone, so that a screen reader is not made to repeat it. */
export function setText(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

export function show(target, visible) {
  target.hidden = !visible;
}

/** Terms with their values; one without a value is left out. */
export function setFigures(list, figures) {
  const shown = figures.filter(([, value]) => value != null);
  setRows(list, shown, () => [element("dt"), element("dd")], ([term, value], [name, text]) => {
    setText(name, term);
    setText(text, value);
  });
}

export function setItems(list, texts) {
  setRows(list, texts, () => [element("li")], (text, [item]) => setText(item, text));
}

/** A row for each value: those that are there stay, so that focus and selection do. */
export function setRows(parent, values, make, fill) {
  const rows = parent.rowsOfPage ?? (parent.rowsOfPage = []);
  while (rows.length > values.length) {
    rows.pop().forEach((part) => part.remove());
  }
  while (rows.length < values.length) {
    const parts = make();
    const wrapped = parent.tagName === "DL" ? [element("div", {}, ...parts)] : parts;
    parent.append(...wrapped);
    rows.push(Object.assign(wrapped, { parts }));
  }
  values.forEach((value, i) => fill(value, rows[i].parts));
}
