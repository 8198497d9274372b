// Which page is shown, and who is looking.
import {hasToken, introduce, Refused, setToken, who} from "./api.js";
import {el, notice, show} from "./dom.js";
import {link} from "./link.js";
import {links} from "./links.js";
import {report} from "./report.js";
import {status} from "./status.js";
import {waiting} from "./waiting.js";

const kRefreshMs = 10000;
let lost = false;  // the service did not answer
let shown = 0;  // counts pages, so that a late answer does not replace a newer page

function signIn() {
  const enter = (event) => {
    event.preventDefault();
    setToken(new FormData(event.target).get("token").trim());
    draw();
  };
  show([el("h1", {}, "Sign in"),
       el("form", {class: "card filter", submit: enter},
          el("label", {}, "Bearer token, as in the server's tokens file",
             el("input", {type: "password", name: "token", required: true, autocomplete: "off", minlength: "20"})),
          el("button", {class: "primary"}, "Enter")),
       el("p", {class: "soft"}, "It is kept in this tab until it is closed, and nowhere else.")]);
}

function tellWho() {
  document.getElementById("role").textContent = who.role === "none" ? "" : who.role;
  document.getElementById("sign-out").hidden = !hasToken();
}

function markCurrent(page) {
  for (const anchor of document.querySelectorAll(".top nav a")) {
    if (anchor.getAttribute("href") === `#/${page}`) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
}

function pageOf(hash) {
  const [path, search] = hash.replace(/^#\/?/, "").split("?");
  const [page, ...parts] = path.split("/").map(decodeURIComponent);
  const asked = Object.fromEntries(new URLSearchParams(search ?? ""));
  const pages = {
    "": status, links: () => links(asked), link: () => link(parts[0] ?? "", parts[1] ?? ""),
    waiting, report: () => report(asked),
  };
  return [page, pages[page] ?? status];
}

async function draw() {
  const turn = ++shown;
  const [page, make] = pageOf(location.hash);
  markCurrent(page === "link" ? "links" : page);
  document.getElementById("content").setAttribute("aria-busy", "true");
  try {
    if (who.role === "none") await introduce();
    tellWho();
    const children = await make();
    if (turn !== shown) return;
    lost = false;
    show(children);
    if (document.getElementById("notice").classList.contains("bad")) notice("");
  } catch (error) {
    if (turn !== shown) return;
    lost = error instanceof Refused && error.status === 0;
    if (error instanceof Refused && error.status === 401) {
      who.role = "none";
      notice(hasToken() ? "This token is not known." : "");
      setToken(null);
      tellWho();
      signIn();
    } else {
      if (!lost) show([el("h1", {}, "This cannot be shown")]);
      notice(error.message, true);
    }
  } finally {
    document.getElementById("content").removeAttribute("aria-busy");
  }
}

window.addEventListener("hashchange", async () => {
  notice("");
  await draw();
  document.getElementById("content").focus();
  window.scrollTo(0, 0);
});
window.addEventListener("refresh", draw);
document.getElementById("sign-out").addEventListener("click", () => {
  setToken(null);
  who.role = "none";
  draw();
});
// Not while somebody stands on something with the keyboard: it would be taken from under them.
setInterval(() => {
  const busy = document.activeElement?.closest("#content *, dialog") != null;
  const alive = pageOf(location.hash)[0] === "" && who.role !== "none";
  if (!document.hidden && !busy && (alive || lost)) draw();
}, kRefreshMs);
draw();
