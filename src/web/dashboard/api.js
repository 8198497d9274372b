// Speaks to /api/v1. The token lives in this tab's session storage and nowhere else.
const kToken = "cosell-sync-token";

export const who = {role: "none"};

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export function setToken(token) {
  if (token) sessionStorage.setItem(kToken, token);
  else sessionStorage.removeItem(kToken);
}
export const hasToken = () => sessionStorage.getItem(kToken) !== null;
export const isOperator = () => who.role === "operator";

async function send(method, path, body) {
  const headers = {};
  const token = sessionStorage.getItem(kToken);
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(`/api/v1${path}`, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), cache: "no-store",
    });
  } catch {
    throw new Refused(0, "The service does not answer; it may be restarting. This page tries again every ten seconds.");
  }
  if (answer.ok) return answer;
  let message = `The service answered ${answer.status}.`;
  try {
    message = (await answer.json()).error.message;
  } catch {
    // Not an answer of the API: the status has to do.
  }
  throw new Refused(answer.status, message);
}

export function query(values) {
  const given = Object.entries(values).filter(([, value]) => value !== "" && value !== undefined);
  const text = new URLSearchParams(given).toString();
  return text ? `?${text}` : "";
}

export const get = async (path) => (await send("GET", path)).json();
export const getText = async (path) => (await send("GET", path)).text();
export const post = async (path, body) => (await send("POST", path, body)).json();
export const of = (connection) => `/connections/${encodeURIComponent(connection)}`;

// Who we are; throws Refused 401 or 403 when we are nobody.
export async function introduce() {
  who.role = "none";
  who.role = (await get("/role")).role;
}
