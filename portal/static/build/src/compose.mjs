// The report form with scripts: the same form as without, with advice while it is written, a draft that survives, photos made small, and a report
// that finds its own way when the line is back. Each part is a module of its own; here they are joined.
import { alone, forget, keep, kept } from "./lib/drafts.mjs";
import { category, form, key, pin, point, put, say, story, trouble, value, values, wrong } from "./lib/form.mjs";
import { ask, choose } from "./lib/help.mjs";
import { offer, sendOthers, withdraw } from "./lib/offer.mjs";
import { deliver } from "./lib/outbox.mjs";
import { photos as look } from "./lib/photos.mjs";
import { review, reviewPictures } from "./lib/review.mjs";
import { moving, still, waiting } from "./lib/sending.mjs";
import { at, back, go, lay, order, reveal, turning, wide } from "./lib/turn.mjs";

const SAVE_AFTER = 400, TRY_AGAIN = 15000, WAIT_FOR_ADVICE = 700;
const byId = (id) => document.getElementById(id);
let state = "draft", gone = false, sending = null, saving, again, fromPhoto = false, seen = false;

form.classList.add("alive");
form.autocomplete = "off"; // a browser that comes back fills in nothing of what was sent meanwhile; drafts are ours to keep

// ---- photos come first
byId("h-cerita").after(byId("photos"));
byId("degrees").open = Boolean(form.querySelector("#degrees .wrong"));
const photos = look(byId("photos"), {
  say,
  problem: (sentence) => wrong("foto", sentence),
  changed: (blobs) => { reviewPictures(blobs); changed(); },
  found: (place) => {
    if (point()) return;
    fromPhoto = true;
    pin(place);
    tellPlace(say("place_from_photo"), true);
  },
});

function tellPlace(sentence, undo) {
  const box = byId("place-from");
  box.hidden = !sentence;
  box.textContent = sentence + " ";
  if (!undo) return;
  const button = document.createElement("button");
  button.type = "button"; button.className = "link"; button.textContent = say("place_undo");
  button.addEventListener("click", () => { fromPhoto = false; pin(null); tellPlace(""); });
  box.append(button);
}

// ---- what is written is kept, shown in the review, and advised on
const record = () => {
  const fields = values(), { title, body } = story();
  return { key: key(), state, fields, pictures: photos.get(), send: { d_title: title, d_body: body } };
};
const empty = () => !["d_title", "d_body", "d_address", "d_latitude"].some(value) && !photos.get().length;

async function save() {
  clearTimeout(saving);
  if (gone || empty()) return;
  withdraw();
  await keep(record());
  byId("kept").hidden = false;
}

function changed() {
  review();
  lay();
  clearTimeout(saving);
  saving = setTimeout(save, SAVE_AFTER);
}

async function advise(how) {
  if (!(await ask(how))) return;
  if (fromPhoto && byId("outside").childElementCount) { // the photo is of another city
    fromPhoto = false;
    pin(null);
    tellPlace(say("place_outside"));
  }
  if (!seen) see(byId("asked").hasAttribute("data-sensitive") ? "PRIVATE" : "PUBLIC");
  changed();
}

const see = (who) => { form.querySelector(`[name=d_visibility][value=${who}]`).checked = true; };

form.addEventListener("input", (event) => {
  wrong(event.target.name, "");
  changed();
  if (["d_title", "d_body"].includes(event.target.name)) advise();
});
form.addEventListener("change", (event) => {
  const name = event.target.name;
  if (name === "d_visibility") seen = true;
  if (name === "d_category" || name === "d_other") choose();
  if (/^d_(category|other|a_|latitude|longitude)/.test(name)) advise({ now: true });
  changed();
});
addEventListener("visibilitychange", () => document.hidden && save());

// ---- from question to question
const missing = () => [...byId("asked").querySelectorAll("[required], .field:has([required])")].filter((field) => field.name && !value(field.name));

function check(step) {
  if (step === "cerita" && !story().title) return wrong("d_title", say("needed_title"));
  if (step === "jenis") {
    const fields = missing().map((field) => wrong(field.name, say("needed_answer")));
    return fields[0] || byId("stop").querySelector("[data-problem]");
  }
  return step === "tempat" ? byId("outside").querySelector("p") : null;
}

// next waits a moment for advice on the words, so that the next question does not change under the hand.
async function next() {
  const field = check(at()), from = at();
  if (field) return reveal(field);
  if (from === "cerita") await Promise.race([advise({ now: true }), new Promise((late) => setTimeout(late, WAIT_FOR_ADVICE))]);
  if (at() === from) go(order[order.indexOf(from) + 1]);
}

form.addEventListener("submit", (event) => {
  const pressed = event.submitter;
  if (pressed?.hasAttribute("formaction")) { // to another page: to support what is there already, or to make an account and come back
    if ("support" in pressed.dataset) { gone = true; forget(key()); }
    return;
  }
  event.preventDefault();
  event.stopPropagation();
  const to = pressed?.value;
  if (to === "selesai" || (at() === "kirim" || wide()) && to === "lanjut" && byId("sign-in").contains(document.activeElement)) send();
  else if (to === "kembali") back();
  else if (order.includes(to)) go(to);
  else if (!wide() && at() !== "kirim") next();
});

byId("to-anonymous").addEventListener("click", () => { // the words go along within this tab alone, and stay nowhere else
  const { d_title: title, d_body: body, d_address: address, d_latitude: latitude, d_longitude: longitude, ...rest } = values();
  const answers = Object.fromEntries(Object.entries(rest).filter(([name]) => name.startsWith("d_a_")).map(([name, said]) => [name.slice(4), said]));
  const category = rest.d_category === "-" ? rest.d_other : rest.d_category;
  gone = true;
  forget(key());
  sessionStorage.setItem("jagawarga-draft", JSON.stringify({ title, body, category, answers, address, latitude, longitude }));
});

// ---- off with it
async function send() {
  if (sending || gone) return;
  for (const step of order) {
    const field = check(step);
    if (field) return reveal(field);
  }
  clearTimeout(again);
  trouble("");
  sending = new AbortController();
  const progress = moving(() => sending.abort());
  let answer;
  try {
    const going = record();
    await keep(going);
    const who = Object.fromEntries(["nik", "sandi"].filter((name) => form.elements[name]).map((name) => [name, form.elements[name].value]));
    answer = await deliver(going, { more: { ...going.send, ...who }, progress, signal: sending.signal });
  } catch {
    state = "draft";
    still(say("cancelled"));
    return;
  } finally {
    sending = null;
  }
  if (answer.sent) return arrived(answer.sent);
  state = answer.retry ? "waiting" : "draft";
  await save();
  if (answer.retry) {
    waiting(say(answer.offline ? "waiting" : "lost"), send);
    if (navigator.onLine) again = setTimeout(send, TRY_AGAIN); // else the line tells when it is back
    return;
  }
  still();
  refused(answer);
}

async function arrived(page) {
  gone = true;
  try { sessionStorage.setItem("jagawarga-sent-" + key(), page); } catch { /* a browser that keeps nothing */ }
  await forget(key());
  location.replace(page); // the way back leads past the form
}

function refused({ key: fresh, as, step, problems = {}, problem, signIn }) {
  if (fresh) form.elements.d_key.value = fresh;
  if (as && form.elements.sebagai) form.elements.sebagai.value = as;
  if (signIn && !form.elements.nik) byId("sign-in").innerHTML = signIn;
  if (signIn) [problems, problem] = [{ ...problems, nik: problem }, ""];
  const fields = Object.entries(problems).map(([name, sentence]) => wrong(name, sentence)).filter(Boolean);
  if (fields.length) return reveal(fields[0]);
  if (step && !wide() && step !== at()) go(step);
  trouble(problem || say("failed"));
}

addEventListener("online", async () => {
  if (state === "waiting") send();
  await sendOthers();
});
addEventListener("pageshow", (event) => { // back to a form whose report is away
  if (event.persisted) hold();
  const page = sessionStorage.getItem("jagawarga-sent-" + key());
  if (page) location.replace(page);
});

// ---- drafts
// hold keeps other tabs from this draft as long as the page is open.
const hold = () => alone(key(), () => new Promise((left) => addEventListener("pagehide", left, { once: true })));

function resume(old) {
  const { d_category, d_other, d_asked, ...plain } = old.fields;
  put(plain);
  hold();
  if (plain.d_visibility) seen = true;
  withdraw();
  form.elements.d_longitude.dispatchEvent(new Event("change", { bubbles: true })); // for the map
  photos.set(old.pictures);
  advise({ now: true, given: old.fields });
}

byId("discard").addEventListener("click", async () => {
  gone = true;
  await forget(key());
  location.replace(form.getAttribute("action"));
});

// ---- the map comes when its question is seen; without a line, when that is back
new IntersectionObserver((shown, watch) => {
  if (!shown.some((entry) => entry.isIntersecting)) return;
  watch.disconnect();
  loadMap();
}, { rootMargin: "200px" }).observe(form.querySelector(".place"));

function loadMap() {
  const style = document.createElement("link");
  const later = () => { style.remove(); addEventListener("online", loadMap, { once: true }); };
  style.rel = "stylesheet"; style.href = form.dataset.mapStyle;
  style.onload = () => import(form.dataset.mapModule).catch(later);
  style.onerror = later;
  document.head.append(style);
}

// ---- begin
async function begin() {
  turning(() => fromPhoto && Boolean(story().title) && !missing().length && !byId("stop").childElementCount);
  hold();
  if (form.querySelector("[name=d_visibility]:checked")) seen = true; else see("PUBLIC");
  if (category()) choose();
  review();
  const own = await kept(key());
  if (own) photos.set(own.pictures);
  if (!empty()) advise({ now: true });
  await sendOthers();
  if (empty()) await offer(resume);
}
begin();
