// Finds links by id, name and state, a page at a time.
import {get, query} from "./api.js";
import {el, linkTo, state, table, time} from "./dom.js";

const kStates = ["pending", "in_sync", "waiting", "conflict", "quarantined", "closed", "left_alone",
                 "unlinked"];

function row(link) {
  const id = (text) => el("td", {class: "id"}, text || "–");
  return el("tr", {},
            el("th", {scope: "row"}, linkTo(link.connection, link.link, link.name || `link ${link.link}`)),
            el("td", {}, link.connection), el("td", {}, state(link.state)),
            el("td", {}, link.reason || "–"), id(link.referral_id), id(link.crm_id),
            el("td", {class: "time"}, time(link.last_synced_at)));
}

function choice(name, label, value, options) {
  return el("label", {}, label,
            el("select", {name}, el("option", {value: ""}, "all"),
               options.map((option) =>
                 el("option", {value: option, selected: option === value}, option.replaceAll("_", " ")))));
}

function filter(asked, connections) {
  const search = (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    location.hash = `#/links${query(values)}`;
  };
  return el("form", {class: "filter", role: "search", submit: search},
            el("label", {}, "Id or name", el("input", {type: "search", name: "q", value: asked.q ?? ""})),
            choice("connection", "Connection", asked.connection, connections),
            choice("state", "State", asked.state, kStates),
            el("button", {class: "primary"}, "Search"));
}

export async function links(asked) {
  const [{connections}, page] =
    await Promise.all([get("/status"), get(`/links${query({...asked, limit: 50})}`)]);
  const more = page.next_after === null ? null
    : el("p", {}, el("a", {href: `#/links${query({...asked, after: page.next_after})}`}, "Next page"));
  const first = asked.after
    ? el("p", {}, el("a", {href: `#/links${query({...asked, after: ""})}`}, "First page")) : null;
  const found = page.links.length
    ? table(`Links on this page: ${page.links.length}`,
            ["Name", "Connection", "State", "Reason", "Referral", "CRM record", "Last synced"],
            page.links.map(row))
    : el("p", {}, "No link is like that.");
  return [el("h1", {}, "Links"), filter(asked, connections.map(({name}) => name)),
          el("section", {class: "card"}, found, first, more)];
}
