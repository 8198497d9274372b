// Makes elements. Text is only ever set as text, never parsed as markup.

// el("p", {class: "note"}, "text", el("b", {}, "more")). A value that is null or false leaves the
// attribute out; a function is a listener.
export function el(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === false || value === undefined) continue;
    if (typeof value === "function") element.addEventListener(key, value);
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

export function show(children) {
  document.getElementById("content").replaceChildren(...children.filter(Boolean));
}

export function notice(text, bad = false) {
  const place = document.getElementById("notice");
  place.textContent = text;
  place.classList.toggle("bad", bad);
}

// Resolves to whether the person said yes.
export function ask(text) {
  const dialog = document.getElementById("question");
  document.getElementById("question-text").textContent = text;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((done) => {
    dialog.addEventListener("close", () => done(dialog.returnValue === "yes"), {once: true});
  });
}

export function time(text) {
  if (!text) return el("span", {class: "soft"}, "never");
  const short = text.replace("T", " ").replace(/(\.\d+)?Z$/, "");
  return el("time", {datetime: text, title: text}, `${short} UTC`);
}

export function duration(seconds) {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86400)} days`;
}

const kGood = ["ready", "in_sync", "closed", "done", "adopted"];
const kBad = ["stopped", "conflict", "quarantined", "refused", "failed", "not_done"];

export function tone(word) {
  return kGood.includes(word) ? "good" : kBad.includes(word) ? "bad" : "warn";
}

export function state(word) {
  return el("span", {class: `state ${tone(word)}`}, word.replaceAll("_", " "));
}

export function facts(pairs) {
  return el("dl", {class: "facts"},
            pairs.flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
}

export function table(caption, columns, rows) {
  const head = el("tr", {}, columns.map((column) => el("th", {scope: "col"}, column)));
  return el("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": caption},
            el("table", {}, el("caption", {}, caption), el("thead", {}, head),
               el("tbody", {}, rows)));
}

export function linkTo(connection, id, text) {
  return el("a", {href: `#/link/${encodeURIComponent(connection)}/${encodeURIComponent(id)}`}, text);
}
