// How every connection stands. A page is a function that resolves to its elements.
import {get} from "./api.js";
import {duration, el, facts, state, time} from "./dom.js";

function links(connection) {
  const query = `connection=${encodeURIComponent(connection.name)}`;
  const states = Object.entries(connection.links_by_state).map(([name, count]) =>
    el("li", {}, el("a", {href: `#/links?${query}&state=${name}`},
                    `${count} ${name.replaceAll("_", " ")}`)));
  return states.length ? el("ul", {class: "states"}, states) : el("p", {class: "soft"}, "No links yet.");
}

function card(connection) {
  const waiting = connection.open_conflicts + connection.quarantined;
  return el("section", {class: "card", "aria-label": connection.name},
            el("h2", {}, connection.name, " ", state(connection.state)),
            connection.reason ? el("p", {}, connection.reason) : null,
            facts([
              ["Mode", connection.mode === "shadow" ? "shadow: writes nothing remote" : connection.mode],
              ["Lag", connection.lag_s > 0 ? duration(connection.lag_s) : "none: nothing waits"],
              ["Last event", time(connection.last_event_at)],
              ["Last sweep", time(connection.last_sweep_at)],
              ["For a person", waiting
                ? el("a", {href: "#/waiting"}, `${connection.open_conflicts} conflicts, ${connection.quarantined} set aside`)
                : "nothing"],
            ]),
            el("h3", {}, `${connection.links} links`), links(connection));
}

export async function status() {
  const {connections, at} = await get("/status");
  return [el("h1", {}, "Status"),
          el("div", {class: "cards"}, connections.map(card)),
          connections.length ? null : el("p", {}, "The configuration has no connection."),
          el("p", {class: "soft"}, "As of ", time(at), "; looked at again every ten seconds.")];
}
