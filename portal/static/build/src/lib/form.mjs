// The report form as a thing to read and to write: its values, its words, and what is wrong beside which field.
export const form = document.getElementById("compose");

// say is what the form says in the page's language, its {places} filled.
export const say = (key, places = {}) => form.getAttribute("data-say-" + key).replace(/\{(\w+)\}/g, (_, name) => places[name] ?? "");

export const value = (name) => (new FormData(form).get(name) ?? "").toString().trim();
export const key = () => value("d_key");

// values are those that belong to the report; who sends it is asked anew each time.
export function values() {
  const all = {};
  for (const [name, content] of new FormData(form)) if (typeof content === "string" && (name.startsWith("d_") || name === "sebagai")) all[name] = content;
  return all;
}

// put writes values into the fields that there are for them.
export function put(fields) {
  for (const [name, content] of Object.entries(fields)) {
    const field = form.elements.namedItem(name);
    if (field) field.value = content; // a list of radios takes its value, too
  }
}

// category is the code that is chosen, by a suggestion or from the list; empty: somebody else chooses.
export const category = () => (value("d_category") === "-" ? value("d_other") : value("d_category"));

// point is the pin, or null.
export function point() {
  const at = ["d_latitude", "d_longitude"].map((name) => parseFloat(value(name).replace(",", ".")));
  return at.every(Number.isFinite) ? at : null;
}

// pin sets it; nothing takes it away.
export function pin(place) {
  form.elements.d_latitude.value = place ? place.latitude.toFixed(6) : "";
  form.elements.d_longitude.value = place ? place.longitude.toFixed(6) : "";
  form.elements.d_longitude.dispatchEvent(new Event("change", { bubbles: true }));
}

// story is title and text as they are sent: one is made of the other where it is missing.
export function story() {
  let title = value("d_title"), body = value("d_body");
  if (!title) {
    const letters = [...body.split("\n")[0].trim()];
    title = letters.length > 120 ? letters.slice(0, 119).join("") + "…" : letters.join("");
  }
  return { title, body: body || title };
}

// wrong puts a sentence beside a field; an empty one takes it away.
export function wrong(name, sentence) {
  const found = form.elements.namedItem(name), field = found instanceof RadioNodeList ? found[0] : found;
  const box = field?.closest(".field");
  if (!box) return null;
  const at = box.id === "photos" ? box.querySelector("ul") : box.querySelector(".choice, input, textarea, select");
  box.classList.toggle("wrong", Boolean(sentence));
  box.querySelector(".wrong-text")?.remove();
  field.removeAttribute("aria-invalid");
  if (!sentence) return null;
  const text = document.createElement("p");
  text.className = "wrong-text"; text.id = (field.id || name) + "-problem"; text.dataset.testid = "problem-" + name; text.textContent = sentence;
  if (box.id === "photos") text.setAttribute("role", "alert"); // the hand is not on it
  at.before(text);
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", [field.id + "-hint", text.id].filter((id) => document.getElementById(id)).join(" "));
  const folded = box.closest("details");
  if (folded) folded.open = true;
  return field;
}

// trouble says what is wrong with the whole.
export function trouble(sentence) {
  const place = document.getElementById("problem");
  place.replaceChildren();
  if (!sentence) return;
  const box = document.createElement("div"), text = document.createElement("p");
  box.className = "problem"; box.tabIndex = -1; box.setAttribute("role", "alert"); box.dataset.testid = "problem"; text.textContent = sentence;
  box.append(text); place.append(box); box.focus();
}
