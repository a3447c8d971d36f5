// What the city says while somebody writes: the kind of problem that it may be, what is asked of that kind, and what is near by. It is asked without
// cookies, so that nobody can tell whose words these are.
import { category, form, values } from "./form.mjs";

const PAUSE = 500; // in typing, before it is asked
let timer, asking, latest, chosen = false; // chosen: by hand, so that no suggestion changes it

export const choose = () => { chosen = true; };

// ask asks after a pause, or at once; it resolves to whether the page shows what was said. given are values to ask with instead of the form's. While
// an answer is awaited, the question of the kind says that it is busy.
export function ask({ now = false, given } = {}) {
  const section = document.getElementById("step-jenis"), mine = {};
  clearTimeout(timer);
  latest = mine;
  section.setAttribute("aria-busy", "true");
  return new Promise((done) => {
    timer = setTimeout(async () => {
      const helped = await fetchHelp(given);
      if (latest === mine) section.removeAttribute("aria-busy");
      done(helped);
    }, now ? 0 : PAUSE);
  });
}

async function fetchHelp(given) {
  asking?.abort();
  asking = new AbortController();
  const asked = new URLSearchParams({ ...(given || values()), bahasa: document.documentElement.lang });
  const kind = given ? (given.d_category === "-" ? given.d_other : given.d_category) : category();
  if (given && kind) chosen = true;
  asked.set("d_category", chosen ? kind || "" : "");
  asked.set("d_asked", chosen ? kind || "-" : "");
  for (const own of ["d_key", "d_visibility", "sebagai"]) asked.delete(own);
  try {
    const answer = await fetch(form.dataset.help, { method: "POST", body: asked, credentials: "omit", referrerPolicy: "no-referrer", signal: asking.signal });
    if (answer.ok) place(await answer.text());
    return answer.ok;
  } catch {
    return false; // without advice the form is what it was
  }
}

function place(html) {
  const content = document.createElement("template");
  content.innerHTML = html;
  for (const fresh of [...content.content.children]) {
    const old = document.getElementById(fresh.id);
    if (!old || old.isEqualNode(fresh)) continue;
    if (fresh.id === "asked" && old.dataset.for === fresh.dataset.for) continue; // what is answered stays
    if (fresh.id === "kinds" && old.contains(document.activeElement)) continue; // nothing moves under the hand
    old.replaceWith(fresh);
  }
}
