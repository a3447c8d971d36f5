// A case that is followed by its receipt: forms are sent without any cookie and answered in place, work is done where the API asks for it, and the case
// is kept up to date. The receipt stays in the fields of the page: it is in no address, and nothing is kept.
import { bare, send, told } from "./lib/nobody.mjs";
import { prove } from "./lib/work.mjs";

const main = document.querySelector("main");
const typing = (element) => element.contains(document.activeElement) && document.activeElement.matches("textarea, input");
let following;

// post sends fields to the page itself and gives what it answers, after the work that it may ask for.
async function post(action, fields) {
  for (let tries = 0; tries < 5; tries++) {
    const response = await fetch(action, { ...bare, method: "POST", body: new URLSearchParams(fields) });
    if (response.status >= 500 || !(response.headers.get("Content-Type") ?? "").startsWith("text/html")) throw new Error(`the answer is ${response.status}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const work = page.querySelector("[data-challenge]");
    if (!work) return page;
    working(true);
    try { fields.set("kerja", await prove({ challenge: work.dataset.challenge, difficulty: Number(work.dataset.difficulty) }, bar)); } finally { working(false); }
  }
  throw new Error("there is no end of work");
}

function working(on) {
  const box = document.querySelector("[data-working]");
  box.hidden = !on;
  bar(0);
}
const bar = (share) => { document.querySelector("[data-working] progress").value = share; };

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.method !== "post" || !main.contains(form)) return;
  event.preventDefault();
  if (form.dataset.asking) return;
  form.dataset.asking = "1";
  const away = document.querySelector("[data-away]");
  away.hidden = true;
  try {
    const page = await post(form.action, new FormData(form, event.submitter));
    main.replaceChildren(...page.querySelector("main").childNodes);
    document.title = page.title;
    document.querySelector(".language")?.remove(); // a change of language would lose the case
    (main.querySelector("[data-problem], [aria-invalid]") ?? main.querySelector("h1")).focus();
    if (!main.querySelector("[data-problem], [aria-invalid]")) scrollTo(0, 0);
    follow();
  } catch {
    away.hidden = false;
    away.focus();
  } finally {
    delete form.dataset.asking;
    delete form.dataset.sent;
    event.submitter?.removeAttribute("aria-busy");
  }
});

// made is how each part of the case came from the server; the page itself may have added to it since.
const made = new WeakMap();
const remember = () => { for (const part of main.querySelector("[data-case]")?.children ?? []) made.set(part, part.outerHTML); };

// fresh puts a newer state of the case in place of the old one, part by part, except where somebody is writing.
function fresh(page) {
  const old = main.querySelector("[data-case]"), next = page.querySelector("[data-case]");
  if (!old || !next) return;
  for (const part of [...old.children]) if (part.id && !next.querySelector(`#${part.id}`) && !typing(part)) part.remove();
  let before = null;
  for (const part of [...next.children]) {
    const known = part.id && document.getElementById(part.id);
    if (known && (typing(known) || made.get(known) === part.outerHTML || [...known.querySelectorAll("textarea")].some(({ value }) => value))) { before = known; continue; }
    made.set(part, part.outerHTML);
    if (known) known.replaceWith(part); else if (before) before.after(part); else old.prepend(part);
    part.classList.add("fresh");
    setTimeout(() => part.classList.remove("fresh"), 2000);
    before = part;
  }
  document.dispatchEvent(new CustomEvent("live:placed"));
}

const changes = "subscription($receipt:String!){anonymousCaseChanged(receipt:$receipt){report{updatedAt} messages{createdAt}}}";

// follow listens for changes of the case on the screen; the first event is how it stands already.
async function follow() {
  following?.abort();
  const shown = main.querySelector("[data-case]");
  if (!shown) return;
  remember();
  document.dispatchEvent(new CustomEvent("live:placed"));
  const mine = (following = new AbortController());
  const receipt = shown.dataset.case, action = shown.dataset.action;
  let proof, first = true;
  for (let pause = 1000; !mine.signal.aborted; pause = Math.min(pause * 2, 30_000)) {
    try {
      await listen(await send(changes, { receipt }, { accept: "text/event-stream", proof, signal: mine.signal }), async (answer) => {
        const { work } = told(answer);
        if (work) { proof = await prove(work); pause = 500; return; }
        live("");
        pause = 1000;
        if (!first) fresh(await post(action, new URLSearchParams({ tanda: receipt })));
        first = false;
      });
    } catch { /* cut off: come back */ }
    if (mine.signal.aborted) return;
    if (pause > 2000) live("lost");
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}

function live(kind) {
  const said = main.querySelector("[data-live-said]");
  if (said && said.dataset.kind !== kind) { said.dataset.kind = kind; said.textContent = said.dataset[kind || "on"]; }
}

// listen reads server-sent events, each an answer, until the stream ends.
async function listen(response, each) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ""; ;) {
    const { value, done } = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    for (const event of events) {
      const data = event.match(/^data: (.+)$/m)?.[1];
      if (data) await each(JSON.parse(data));
    }
  }
}

addEventListener("pagehide", () => following?.abort());
follow();
