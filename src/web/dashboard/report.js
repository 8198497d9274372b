// The report of a period, by the same renderer as `cosell-sync report`.
import {get, getText, query} from "./api.js";
import {el, notice} from "./dom.js";

const day = (offset) => new Date(Date.now() - offset * 86400e3).toISOString().slice(0, 10);

async function download(asked, format) {
  const url = URL.createObjectURL(new Blob([await getText(`/report${query({...asked, format})}`)]));
  el("a", {href: url, download: `cosell-sync-report-${asked.from}-${asked.to}.${format}`}).click();
  URL.revokeObjectURL(url);
}

function period(asked, connections) {
  const read = (event) => {
    event.preventDefault();
    location.hash = `#/report${query(Object.fromEntries(new FormData(event.target)))}`;
  };
  const save = (format) => el("button", {
    type: "button", click: () => download(asked, format).catch((error) => notice(error.message, true)),
  }, `Save as ${format}`);
  return el("form", {class: "filter", submit: read},
            el("label", {}, "From", el("input", {type: "date", name: "from", value: asked.from, required: true})),
            el("label", {}, "To, all of it", el("input", {type: "date", name: "to", value: asked.to, required: true})),
            el("label", {}, "Connection", el("select", {name: "connection"}, el("option", {value: ""}, "all"),
               connections.map((name) => el("option", {value: name, selected: name === asked.connection}, name)))),
            el("button", {class: "primary"}, "Show"), save("csv"), save("json"), save("html"));
}

// The renderer has escaped every text, and the page's policy lets nothing run; only `main` is taken.
function partOf(html) {
  const text = html.slice(html.indexOf("<main"), html.lastIndexOf("</main>"));
  const main = new DOMParser().parseFromString(text, "text/html").querySelector("main");
  const part = el("div", {class: "report"});
  part.append(...[...main.childNodes].map((node) => document.importNode(node, true)));
  part.querySelector(".toc")?.remove();
  return part;
}

export async function report(given) {
  const asked = {from: given.from || day(30), to: given.to || day(0), connection: given.connection ?? ""};
  const [{connections}, html] =
    await Promise.all([get("/status"), getText(`/report${query({...asked, format: "html"})}`)]);
  return [period(asked, connections.map(({name}) => name)), partOf(html)];
}
