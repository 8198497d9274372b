// Everything that waits for a person, of all connections.
import {get, of} from "./api.js";
import {conflictCard, retryButton} from "./decide.js";
import {el, linkTo, time} from "./dom.js";

function setAside(connection, one) {
  return el("section", {class: "card"},
            el("h3", {}, linkTo(connection, one.link, `Link ${one.link}`), ` of ${connection} is set aside`),
            el("p", {}, one.reason),
            el("p", {class: "soft"}, `${one.attempts} failures in a row; next look `, time(one.next_look_at)),
            retryButton(connection, String(one.link)));
}

async function ofConnection(connection) {
  const [{conflicts}, {quarantined}] =
    await Promise.all([get(`${of(connection)}/conflicts`), get(`${of(connection)}/quarantine`)]);
  return [...conflicts.map((conflict) => conflictCard(connection, conflict)),
          ...quarantined.map((one) => setAside(connection, one)),
          ...(quarantined.length > 1 ? [retryButton(connection, null)] : [])];
}

export async function waiting() {
  const {connections} = await get("/status");
  const all = (await Promise.all(connections.map(({name}) => ofConnection(name)))).flat();
  return [el("h1", {}, "Waiting for you"),
          ...(all.length ? all : [el("p", {}, "No field waits for a decision and no link is set aside.")])];
}
