// One link: its two sides beside its base, and what happened to it.
import {get, of} from "./api.js";
import {el, facts, state, table, time, tone} from "./dom.js";
import {conflictCard, retryButton} from "./decide.js";

const kMeaning = {
  agree: "agree", apart: "left different on purpose", differs: "differ", conflict: "conflict",
  partner_center_changed: "changed in Partner Center", crm_changed: "changed in the CRM",
  both_changed: "changed on both sides", one_side: "only one side is there", unread: "not read with the record",
};

function value(text, changed) {
  if (text === null) return el("td", {}, el("span", {class: "soft"}, "none"));
  return el("td", {}, el("span", {class: changed ? "value changed" : "value"}, text));
}

function field(one) {
  const rowClass = one.state === "conflict" ? "conflict"
    : ["agree", "apart", "one_side", "unread"].includes(one.state) ? "" : "differs";
  const base = one.base_partner_center === one.base_crm
    ? value(one.base_partner_center)
    : el("td", {}, el("span", {class: "value"}, `Partner Center: ${one.base_partner_center ?? "none"}\nCRM: ${one.base_crm ?? "none"}`));
  return el("tr", {class: rowClass},
            el("th", {scope: "row"}, one.field),
            value(one.partner_center, one.changed_in_partner_center), base,
            value(one.crm, one.changed_in_crm), el("td", {}, kMeaning[one.state] ?? one.state));
}

function sides(link) {
  const rows = table("Both sides beside what they last agreed on",
                     ["Field", "Partner Center", "Last agreed", "CRM", "So they"], link.fields.map(field));
  rows.querySelector("table").classList.add("sides");
  return el("section", {class: "card"}, el("h2", {}, "Both sides"), rows);
}

function audited(entry) {
  const where = entry.side === "crm" ? "the CRM" : "Partner Center";
  const change = entry.field === "" ? null
    : el("p", {class: "soft"}, `${entry.field}: ${entry.before ?? "none"} → ${entry.after ?? "none"}`);
  return el("li", {class: tone(entry.outcome) === "bad" ? "bad" : ""},
            el("p", {}, time(entry.at), " ", state(entry.outcome)),
            el("p", {}, `${entry.operation} of ${entry.record_kind} in ${where}, audit entry ${entry.id}`),
            el("p", {}, entry.reason), change,
            el("p", {class: "soft"}, `cause ${entry.cause || "none"}, rule ${entry.rule || "none"}, ${entry.duration_ms} ms`));
}

function remembered(entry) {
  const where = entry.side === "crm" ? "the CRM" : "Partner Center";
  return el("li", {}, el("p", {}, time(entry.at)),
            el("p", {}, `${entry.field} of ${where} was ${entry.value ?? "none"}`),
            el("p", {class: "soft"}, entry.superseded_by ? `${entry.cause}; replaced by ${entry.superseded_by}` : entry.cause));
}

function timeline({audit, history}) {
  const all = [...audit.map((entry) => [entry.at, audited(entry)]),
               ...history.map((entry) => [entry.at, remembered(entry)])];
  all.sort(([a], [b]) => (a < b ? 1 : a > b ? -1 : 0));
  return el("section", {class: "card"}, el("h2", {}, "Timeline"),
            all.length ? el("ol", {class: "timeline"}, all.map(([, item]) => item))
                       : el("p", {class: "soft"}, "Nothing was written yet."));
}

export async function link(connection, id) {
  const path = `${of(connection)}/links/${encodeURIComponent(id)}`;
  const [one, events, {conflicts}] = await Promise.all(
    [get(path), get(`${path}/timeline`), get(`${of(connection)}/conflicts`)]);
  const open = conflicts.filter((conflict) => conflict.link === one.link);
  return [
    el("h1", {}, one.name || `Link ${one.link}`),
    el("section", {class: "card"}, facts([
      ["State", state(one.state)], ["Why", one.reason || "–"], ["Connection", one.connection],
      ["Link", String(one.link)],
      ["Referral", el("span", {class: "mono"}, one.referral_id || "none")],
      [one.record_kind === "lead" ? "Lead" : "Opportunity", el("span", {class: "mono"}, one.crm_id || "none")],
      ["Last synced", time(one.last_synced_at)],
      ["Next look", one.next_look_at ? time(one.next_look_at) : "when something changes"],
    ]), one.state === "quarantined" ? retryButton(connection, String(one.link)) : null),
    ...open.map((conflict) => conflictCard(connection, conflict)), sides(one), timeline(events),
  ];
}
