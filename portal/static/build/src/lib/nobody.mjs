// Asks the API as nobody: no cookie, no sign-in, no address of the page that asks. Requests without credentials also have connections of their own,
// so that not even the line is shared with what is done under a name.
import { prove } from "./work.mjs";

// Refusal is why the API did not do it; code OFFLINE is ours, for an API that was not reached.
export class Refusal extends Error {
  constructor({ code, field = "", message = "" }) { super(message); Object.assign(this, { code, field }); }
}

export const bare = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store", redirect: "error" };
const lang = () => document.documentElement.lang;

// send sends one operation and gives the response; proof is work that was asked for.
export async function send(query, variables, { files = [], proof, accept = "application/json", signal } = {}) {
  const headers = { Accept: accept, "Accept-Language": lang() };
  if (proof) headers["X-JagaWarga-Proof-Of-Work"] = proof;
  let body = JSON.stringify({ query, variables });
  if (files.length) {
    const form = new FormData();
    form.append("operations", body);
    form.append("map", JSON.stringify(Object.fromEntries(files.map((_, i) => [i, [`variables.input.media.${i}`]]))));
    files.forEach((file, i) => form.append(String(i), file, "file"));
    body = form;
  } else headers["Content-Type"] = "application/json";
  try {
    return await fetch("/graphql", { ...bare, method: "POST", headers, body, signal });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new Refusal({ code: "OFFLINE" });
  }
}

// told takes an answer apart. work is what has to be done first, if anything.
export function told({ data, errors }) {
  if (!errors?.length) return { data };
  const { message, extensions: { code = "INTERNAL", field, challenge, difficulty } = {} } = errors[0];
  if (challenge) return { work: { challenge, difficulty } };
  throw new Refusal({ code, field, message });
}

// ask sends one operation and gives its data. Where the API wants work first it is done here; working(share) tells how far it is.
export async function ask(query, variables, { files, working, signal } = {}) {
  let proof;
  for (let tries = 0; tries < 5; tries++) {
    const response = await send(query, variables, { files, proof, signal });
    let answer;
    try { answer = await response.json(); } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new Refusal({ code: response.ok ? "OFFLINE" : "UNAVAILABLE" }); // cut off, or a gateway's own page
    }
    const { data, work } = told(answer);
    if (!work) return data;
    proof = await prove(work, working);
  }
  throw new Refusal({ code: "UNAVAILABLE" });
}
