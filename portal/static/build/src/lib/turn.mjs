// Which part of the form is seen: all of it on a desk, one question at a time on a phone, where the back button of the browser goes a question back.
// A report that has all it needs (a photo that knows its place, and a line of text) can be sent from the first question.
import { form } from "./form.mjs";

export const order = ["cerita", "jenis", "tempat", "kirim"];
const desk = matchMedia("(min-width: 48rem)");
const sections = order.map((step) => form.querySelector(`[data-section="${step}"]`));
const button = (to) => form.querySelector(`.buttons [value="${to}"]`);
const progress = form.querySelector("[data-progress]"), review = form.querySelector(".review");
let current = form.dataset.step, quick = () => false;

export const wide = () => desk.matches;
export const at = () => current;

export function lay() {
  const short = !wide() && current === order[0] && quick(), last = wide() || short || current === "kirim";
  form.classList.toggle("one", wide());
  for (const section of sections) section.hidden = !(wide() || section.dataset.section === current || (short && section.dataset.section === "kirim"));
  review.hidden = button("selesai").hidden = !last;
  button("lanjut").hidden = last;
  button("kembali").hidden = wide() || current === order[0];
  progress.hidden = wide();
  progress.textContent = progress.textContent.replace(/\d+/, order.indexOf(current) + 1);
  form.dataset.step = current;
  form.dataset.testid = "step-" + current;
}

// go turns to a question; on a desk it only moves there.
export function go(step) {
  if (!wide() && step !== current) {
    history.pushState({ step, ours: true }, "");
    current = step;
    lay();
    scrollTo(0, 0);
  }
  const heading = document.getElementById("h-" + step);
  heading.focus({ preventScroll: !wide() });
  if (wide()) heading.scrollIntoView({ block: "start" });
}

// back turns to the question before; where the browser has one, by its own way back.
export function back() {
  if (history.state?.ours) return history.back();
  current = order[Math.max(0, order.indexOf(current) - 1)];
  history.replaceState({ step: current }, "");
  lay();
}

// reveal shows the question that a field belongs to, and goes to the field.
export function reveal(field) {
  const step = field.closest("[data-section]")?.dataset.section;
  if (step && !wide() && step !== current) go(step);
  field.focus();
}

// turning begins it; ready says whether the report can be sent from the first question.
export function turning(ready) {
  quick = ready;
  history.replaceState({ step: current }, "");
  addEventListener("popstate", (event) => { if (event.state?.step) { current = event.state.step; lay(); } });
  desk.addEventListener("change", lay);
  lay();
}
