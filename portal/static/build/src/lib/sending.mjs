// What is seen of a report that is on its way: how much has left, that it waits for the line, and what can be done about it.
import { form, say } from "./form.mjs";

const place = document.getElementById("sending"), send = form.querySelector('.buttons [value="selesai"]');

function show(sentence, ...parts) {
  const text = document.createElement("p");
  text.textContent = sentence;
  place.replaceChildren(text, ...parts);
}

function action(key, does) {
  const button = document.createElement("button");
  button.type = "button"; button.className = "link"; button.textContent = say(key); button.dataset.testid = key;
  button.addEventListener("click", does);
  return button;
}

// moving shows the way of an upload; it returns what to tell how far it is.
export function moving(cancel) {
  const bar = document.createElement("progress");
  bar.max = 1; bar.value = 0; bar.setAttribute("aria-label", say("uploading"));
  place.dataset.state = "moving";
  send.setAttribute("aria-busy", "true");
  show(say("uploading"), bar, action("cancel", cancel));
  return (part) => { bar.value = part; };
}

export function waiting(sentence, retry) {
  place.dataset.state = "waiting";
  show(sentence, action("retry", retry));
}

// still says that nothing is on its way, with a sentence or without.
export function still(sentence) {
  delete place.dataset.state;
  send.removeAttribute("aria-busy");
  if (sentence) show(sentence); else place.replaceChildren();
}
