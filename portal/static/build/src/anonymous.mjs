// The form of a report without a name. Everything goes from here to the API as nobody (lib/nobody.mjs). What is written stays in this tab, and is
// gone with it; a report has one key and one token for all tries, so that sent twice it is one report, and a try that failed burns nothing.
import { ask, Refusal } from "./lib/nobody.mjs";
import { Pictures } from "./lib/bare-pictures.mjs";
import { Preview } from "./lib/preview.mjs";
import { slip } from "./lib/slip.mjs";
import * as tickets from "./lib/tickets.mjs";

const form = document.querySelector("[data-anonymous]");
const words = JSON.parse(form.dataset.said);
const say = (key, places = {}) => Object.entries(places).reduce((said, [name, value]) => said.replace(`{${name}}`, () => value), words[key] ?? key);
const part = (name) => form.querySelector(`[data-${name}]`);
const field = (id) => document.getElementById(id);

// The draft: in the tab's own storage, so that a reload or a look at another page loses nothing.
const kept = "jagawarga-anonymous", brought = "jagawarga-draft";
const fields = ["title", "body", "category", "address", "latitude", "longitude"];
const held = (name) => { try { return JSON.parse(sessionStorage.getItem(name)) ?? {}; } catch { return {}; } };
const carried = held(brought); // from the ordinary form, where somebody thought better of it
const draft = { key: crypto.randomUUID(), keep: [], answers: {}, exact: false, ...(carried.title || carried.body ? carried : held(kept)) };
const keep = new Set(draft.keep);
let blocked = false, sending = false, waiting = false, over = false;

function save() {
  if (over) return;
  for (const name of fields) draft[name] = field(name).value;
  draft.exact = field("exact").checked;
  draft.keep = [...keep];
  for (const box of form.querySelectorAll("[data-questions]")) for (const q of questions(box)) draft.answers[q.name] = q.value;
  try { sessionStorage.setItem(kept, JSON.stringify(draft)); } catch { /* full or forbidden: it lives in the page alone */ }
}

function load() {
  for (const name of fields) field(name).value = draft[name] ?? "";
  const chosen = [...field("category").options].find(({ value, dataset }) => value && [value, dataset.code].includes(draft.category));
  field("category").value = chosen?.value ?? "";
  field("exact").checked = draft.exact;
  for (const box of form.querySelectorAll("[data-questions]")) {
    for (const q of questions(box)) q.set(draft.answers[q.name] ?? (chosen?.value === box.dataset.questions ? draft.answers[q.code] : undefined) ?? "");
  }
}

function wipe() {
  over = true;
  sessionStorage.removeItem(kept);
  form.reset();
}

// questions are those of one category, as they stand in the page.
const questions = (box) => [...(box?.querySelectorAll("[data-question]") ?? [])].map((element) => {
  const text = element.querySelector("textarea"), choices = [...element.querySelectorAll("input[type=radio]")];
  const chosen = choices.find(({ checked }) => checked);
  return {
    element, code: element.dataset.question, required: "required" in element.dataset, name: (text ?? choices[0]).name, field: text ?? choices[0], text,
    label: element.querySelector("legend, label").textContent, value: text ? text.value.trim() : chosen?.value ?? "", stop: chosen?.dataset.stops ?? "",
    set(value) { if (text) text.value = value; else for (const choice of choices) choice.checked = choice.value === value; },
  };
});
const asked = () => questions(form.querySelector(`[data-questions="${CSS.escape(field("category").value)}"]`));

// Steps: one at a time on a phone; on a desk all of them are seen at once.
const steps = ["cerita", "jenis", "tempat", "kirim"];
let now = 0;
function turn(to, focus) {
  now = Math.max(0, Math.min(to, steps.length - 1));
  for (const section of form.querySelectorAll("[data-step]")) section.toggleAttribute("data-now", section.dataset.step.split(" ").includes(steps[now]));
  part("back").hidden = now === 0;
  form.dataset.at = steps[now];
  if (focus) form.querySelector(`[data-step="${steps[now]}"] h2`).focus();
  if (steps[now] === "jenis") suggest();
  review();
}

// What is wrong stands beside its field.
function wrong(of, sentence) {
  const box = of.closest(".field"), id = `${of.id}-problem`;
  box.classList.toggle("wrong", Boolean(sentence));
  document.getElementById(id)?.remove();
  of.toggleAttribute("aria-invalid", Boolean(sentence));
  if (!sentence) return;
  const told = Object.assign(document.createElement("p"), { id, className: "wrong-text", textContent: sentence });
  told.dataset.testid = `problem-${of.id}`;
  (box.querySelector("legend") ?? box.querySelector("label")).after(told);
  of.setAttribute("aria-invalid", "true");
  const said = (of.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other && other !== id);
  of.setAttribute("aria-describedby", [...said, id].join(" "));
}

const number = (text) => parseFloat(text.replace(",", "."));
function problems(step) {
  const found = [];
  const check = (of, sentence) => { wrong(of, sentence); if (sentence) found.push(of); };
  if (step === "cerita") {
    check(field("title"), field("title").value.trim() ? "" : say("compose.title.needed"));
    check(field("body"), field("body").value.trim() ? "" : say("compose.body.needed"));
  }
  if (step === "jenis") {
    const stop = asked().find((q) => q.stop);
    part("stop").hidden = !stop;
    part("stop-said").textContent = stop?.stop ?? "";
    if (stop) found.push(stop.field);
    for (const q of asked()) check(q.field, q.required && !q.value ? say("compose.answer.needed") : "");
  }
  if (step === "tempat") {
    const at = [field("latitude").value, field("longitude").value];
    check(field("latitude"), at.every((text) => !text.trim()) || at.every((text) => Number.isFinite(number(text))) ? "" : say("compose.place.wrong"));
  }
  return found;
}

// Suggested categories, from the words.
let suggestedFor = "";
async function suggest() {
  const text = `${field("title").value}\n${field("body").value}`.trim();
  if (!text || text === suggestedFor) return;
  suggestedFor = text;
  let found = [];
  try { found = (await ask("query($text:String!){suggestCategories(text:$text){id name}}", { text })).suggestCategories; } catch { suggestedFor = ""; }
  part("suggested").hidden = !found.length;
  part("suggested").querySelector(".chips").replaceChildren(...found.slice(0, 4).map(({ id, name }) => {
    const chip = Object.assign(document.createElement("button"), { type: "button", className: "chip", textContent: name });
    chip.dataset.id = id;
    chip.onclick = () => { field("category").value = id; changed(); };
    return chip;
  }));
  press();
}
const press = () => { for (const chip of form.querySelectorAll(".chip")) chip.setAttribute("aria-pressed", String(chip.dataset.id === field("category").value)); };

const preview = new Preview(document.querySelector("[data-preview]"), say, () => {
  const texts = { title: field("title").value.trim(), body: story() };
  preview.labels = {};
  asked().forEach((q, i) => { if (q.text && q.value) { texts[`answer${i}`] = q.value; preview.labels[`answer${i}`] = q.label; } });
  return texts;
}, keep, save);

const pictures = new Pictures(field("media"), part("chosen"), part("media-said"), say, () => review());

function review() {
  const kind = field("category").selectedOptions[0];
  const set = (name, text) => { form.querySelector(`[data-review="${name}"]`).textContent = text; };
  set("kind", kind.dataset.department ? `${kind.textContent} · ${kind.dataset.department}` : kind.textContent);
  const address = field("address").value.trim(), pinned = field("latitude").value.trim();
  const where = pinned ? say(field("exact").checked ? "anon.review.place.exact" : "anon.review.place.coarse", { address: address && `${address}.` }).trim() : address;
  set("place", where || say("anon.review.place.none"));
  set("media", pictures.files.length ? say("anon.review.media", { count: pictures.files.length }) : say("anon.review.media.none"));
}

function changed() {
  for (const box of form.querySelectorAll("[data-questions]")) box.hidden = box.dataset.questions !== field("category").value;
  const stop = asked().find((q) => q.stop);
  part("stop").hidden = !stop;
  part("stop-said").textContent = stop?.stop ?? "";
  press();
  save();
  review();
}

// Tokens: how many there are, and what to do without.
async function count() {
  let left = [];
  try { left = await tickets.all(); } catch { blocked = true; }
  part("tickets").textContent = left.length ? say("anon.tokens", { count: left.length }) : "";
  part("none").hidden = left.length > 0;
  part("some").hidden = !left.length;
  part("fresh").hidden = !left.length || left.some(({ drawn }) => Date.now() - drawn > 10 * 60 * 1000);
  if (blocked) part("none-why").textContent = say("anon.tokens.blocked");
}

function trouble(sentence) {
  const box = part("trouble");
  box.hidden = !sentence;
  box.firstElementChild.textContent = sentence ?? "";
  if (sentence) box.focus();
}

function working(sentence, share) {
  const box = part("working"), bar = box.querySelector("progress");
  box.hidden = !sentence;
  if (box.firstElementChild.textContent !== (sentence ?? "")) box.firstElementChild.textContent = sentence ?? "";
  bar.hidden = share === undefined;
  if (share !== undefined) bar.value = share;
}

// story is the body as it is sent: an address without a point has no place of its own in a report.
const point = () => [number(field("latitude").value), number(field("longitude").value)];
function story() {
  const body = field("body").value.trim(), address = field("address").value.trim();
  return body && address && !point().every(Number.isFinite) ? `${body}\n\n${say("compose.place.line", { address })}` : body;
}

function input(token) {
  const place = point(), address = field("address").value.trim();
  const all = { clientKey: draft.key, title: field("title").value.trim(), body: story(), keep: [...keep] };
  all.token = { keyId: token.keyId, message: token.message, signature: token.signature };
  if (field("category").value) all.category = field("category").value;
  if (place.every(Number.isFinite)) all.location = { latitude: place[0], longitude: place[1], ...(address && { address }) };
  if (field("exact").checked) all.exactLocation = true;
  const answers = asked().filter((q) => q.value).map((q) => ({ question: q.code, answer: q.value }));
  if (answers.length) all.answers = answers;
  if (pictures.files.length) all.media = pictures.files.map(() => null);
  return all;
}

const filing = "mutation($input:SubmitAnonymousReportInput!){submitAnonymousReport(input:$input){receipt receiptWords number body proof}}";
// submit spends one token after the other until one is good; those that are not are thrown away.
async function submit() {
  for (;;) {
    const token = await tickets.take(draft.key).catch(() => undefined);
    if (!token) throw new Refusal({ code: "NO_TOKEN", message: say("anon.spent") });
    try {
      const files = pictures.files.map(({ content }) => content);
      const data = await ask(filing, { input: input(token) }, { files, working: (share) => working(say("anon.work"), share) });
      await tickets.drop(token);
      return data.submitAnonymousReport;
    } catch (cause) {
      if (!cause.field?.startsWith("token")) throw cause;
      await tickets.drop(token); // spent on another report, or too old
      await count();
    }
  }
}

async function send() {
  if (sending) return;
  for (const [i, step] of steps.entries()) {
    const [first] = problems(step);
    if (first) { turn(i); first.focus(); return; }
  }
  sending = true;
  waiting = false;
  trouble();
  part("send").setAttribute("aria-busy", "true");
  working(say("anon.sending"));
  try {
    if (!preview.current() && !(await preview.now())) throw new Refusal({ code: navigator.onLine ? "UNSEEN" : "OFFLINE" });
    const filed = await submit();
    wipe();
    form.hidden = true;
    document.querySelector("[data-heading]").hidden = true;
    slip(document.querySelector("[data-receipt]"), say, filed);
  } catch (cause) {
    refused(cause);
  } finally {
    sending = false;
    part("send").removeAttribute("aria-busy");
    working();
    delete form.dataset.sent;
    count();
  }
}

const places = { title: ["cerita", "title"], body: ["cerita", "body"], category: ["jenis", "category"], answers: ["jenis", "category"], location: ["tempat", "latitude"], media: ["tempat", "media"] };
function refused({ code, field: of = "", message }) {
  const [step, id] = places[of.split(".")[0]] ?? [];
  if (step) {
    turn(steps.indexOf(step));
    wrong(field(id), message);
    field(id).focus();
    return;
  }
  waiting = code === "OFFLINE";
  trouble({ OFFLINE: say("anon.offline"), UNSEEN: say("anon.preview_first"), UNAVAILABLE: say("anon.down") }[code] ?? (message || say("error.internal.text")));
}

// A press on the way forward checks what is on the screen; Enter in a field does the same.
form.addEventListener("submit", (event) => {
  event.preventDefault();
  delete form.dataset.sent;
  if (getComputedStyle(part("next")).display !== "none" && now < steps.length - 1) forward(); else send();
});
function forward() {
  const [first] = problems(steps[now]);
  if (first) first.focus(); else turn(now + 1, true);
}
part("next").addEventListener("click", forward);
part("back").addEventListener("click", () => turn(now - 1, true));
part("wipe").addEventListener("click", () => { wipe(); location.replace("/"); });
part("forget").addEventListener("click", async () => { await tickets.forget(); count(); });
form.addEventListener("input", (event) => {
  if (event.target.matches("#title, #address, textarea")) preview.soon();
  if (event.target.closest(".wrong")) wrong(event.target, "");
  save();
});
form.addEventListener("change", (event) => {
  changed();
  if (event.target.matches("#title, #body")) suggest();
  if (event.target.matches("#category")) preview.soon();
});
addEventListener("online", () => { if (waiting) send(); });
addEventListener("pageshow", count);
document.addEventListener("visibilitychange", () => { if (!document.hidden) count(); }); // back from signing in

document.querySelector("[data-plain]").remove();
form.hidden = false;
load();
sessionStorage.removeItem(brought);
changed();
turn(0);
count();
if (preview.texts().body || preview.texts().title) preview.now();
