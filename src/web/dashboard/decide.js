// What a person decides: conflicts and retries. Operators only.
import {isOperator, of, post} from "./api.js";
import {ask, el, linkTo, notice, time} from "./dom.js";

const kTakes = [
  ["partner_center", "Take Partner Center's", "Both sides get Partner Center's value."],
  ["crm", "Take the CRM's", "Both sides get the CRM's value."],
  ["leave", "Leave both", "Both values stay as they are and no longer count as a disagreement."],
  ["lost_value", "Bring back the lost one", "The value an earlier conflict decided against comes back on both sides."],
];

// Does something, says what came of it, and has the page drawn anew.
async function carryOut(question, button, work, done) {
  if (!await ask(question)) return;
  button.disabled = true;
  try {
    await work();
    notice(done);
    window.dispatchEvent(new Event("refresh"));
  } catch (error) {
    notice(error.message, true);
    button.disabled = false;
  }
}

function take(connection, conflict, [word, label, consequence]) {
  const body = {id: String(conflict.link), field: conflict.field, take: word};
  return el("button", {
    type: "button", disabled: !isOperator(),
    click: (event) => carryOut(`${conflict.field}: ${label}? ${consequence}`, event.currentTarget,
                               () => post(`${of(connection)}/conflicts/resolve`, body),
                               "The decision was taken down; the next round carries it out."),
  }, label);
}

function side(title, text) {
  return el("div", {}, el("h4", {}, title), el("span", {class: "value"}, text || "none"));
}

export function conflictCard(connection, conflict) {
  return el("section", {class: "card"},
            el("h3", {}, `Conflict in ${conflict.field} of `, linkTo(connection, conflict.link, `link ${conflict.link}`)),
            el("p", {class: "soft"}, `${connection}, since `, time(conflict.since)),
            el("div", {class: "conflict-values"}, side("Partner Center", conflict.partner_center_value),
               side("Last agreed", conflict.base), side("CRM", conflict.crm_value)),
            conflict.decided ? el("p", {}, `Decided: ${conflict.decided.replaceAll("_", " ")}; the next round carries it out.`) : null,
            el("p", {class: "buttons"}, kTakes.map((one) => take(connection, conflict, one))),
            isOperator() ? null : el("p", {class: "soft"}, "Deciding needs the role operator."));
}

export function retryButton(connection, id) {
  const [body, label] = id === null ? [{all: true}, "Look at all of them now"] : [{id}, "Look at it now"];
  return el("p", {class: "buttons"}, el("button", {
    type: "button", disabled: !isOperator(),
    click: (event) => carryOut(`${label}? The counts of failures and rewrites start anew.`, event.currentTarget,
                               () => post(`${of(connection)}/quarantine/retry`, body), "It is looked at again now."),
  }, label));
}
