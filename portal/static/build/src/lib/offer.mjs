// What lies on this device from before: drafts to go on with, and reports that were waiting for the line.
import { alone, drafts, forget } from "./drafts.mjs";
import { key, say } from "./form.mjs";
import { sendQueued } from "./outbox.mjs";

const MOST = 3, box = document.getElementById("drafts");

function element(tag, values, ...parts) {
  const made = Object.assign(document.createElement(tag), values);
  made.append(...parts);
  return made;
}

// offer shows the drafts that no tab has open; resume is told which one somebody wants to go on with.
export async function offer(resume) {
  for (const old of await drafts()) {
    if (old.key === key() || !(await alone(old.key, () => true))) continue;
    const title = old.fields.d_title || old.fields.d_body?.slice(0, 60) || say("draft_untitled");
    const on = element("button", { type: "button", className: "quiet-button", textContent: say("draft_go_on"), onclick: () => resume(old) });
    const off = element("button", { type: "button", className: "link", textContent: say("draft_discard"), onclick: async () => { await forget(old.key); card.remove(); } });
    on.dataset.testid = "resume";
    const card = element("div", { className: "notice draft" },
      element("p", {}, say("drafts") + " ", element("strong", { dir: "auto", textContent: title })), element("p", { className: "buttons" }, on, off));
    card.dataset.testid = "draft";
    box.append(card);
    if (box.querySelectorAll(".draft").length === MOST) return;
  }
}

// withdraw takes the offers away: another report is being written.
export function withdraw() {
  for (const card of box.querySelectorAll(".draft")) card.remove();
}

// sendOthers sends what waits, and tells of each where it is.
export async function sendOthers() {
  for (const page of await sendQueued()) {
    const card = element("p", { className: "notice" }, say("sent_later") + " ", element("a", { href: page, textContent: page.split("/").pop() }));
    card.setAttribute("role", "status");
    card.dataset.testid = "sent-later";
    box.append(card);
  }
}
