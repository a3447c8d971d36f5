// Keeps a live page up. [data-live="/path"] names a stream of events; each event is HTML, and each of its elements takes the place of the one
// with its id. One that is new goes where its data-into says (a selector; data-at="last" for the end), one with data-gone leaves. What a hand is
// on is not taken away: an element with the focus in one of its fields, or with data-held, is kept until it is let go.
const held = new Map(); // id -> the element to come
let source, last = "", quiet;

const holder = document.querySelector("[data-live]");
const state = document.querySelector("[data-live-state]");

function typing(element) {
  const at = document.activeElement;
  return element.hasAttribute("data-held") || (at && element.contains(at) && at.matches("input, textarea, select, [contenteditable]"));
}

// What is there already stays as it is, with what was typed into it.
function same(old, fresh) {
  old.classList.remove("fresh");
  if (!old.classList.length) old.removeAttribute("class");
  return old.isEqualNode(fresh);
}

function place(fresh) {
  const old = fresh.id && document.getElementById(fresh.id);
  if (old && same(old, fresh)) return;
  if (old && typing(old)) { held.set(fresh.id, fresh); old.dataset.waiting = ""; return; }
  if ("gone" in fresh.dataset) { old?.remove(); return; }
  const focused = old?.contains(document.activeElement) && document.activeElement.id;
  if (old) old.replaceWith(fresh);
  else if (fresh.dataset.into) {
    const list = document.querySelector(fresh.dataset.into);
    if (!list) return;
    if (fresh.dataset.at === "last") list.append(fresh); else list.prepend(fresh);
  } else return;
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  fresh.classList.add("fresh");
  fresh.dispatchEvent(new CustomEvent("live:placed", { bubbles: true }));
  window.htmx?.process(fresh);
}

function take(event) {
  if (event.lastEventId) last = event.lastEventId;
  const content = document.createElement("template");
  content.innerHTML = event.data;
  for (const element of [...content.content.children]) place(element);
}

function say(kind) {
  if (state) { state.dataset.liveState = kind; state.textContent = state.dataset[kind] || ""; }
}

function open() {
  const url = new URL(holder.dataset.live, location.href);
  if (last) url.searchParams.set("after", last);
  source = new EventSource(url);
  source.addEventListener("message", take);
  source.addEventListener("open", () => { clearTimeout(quiet); say(state?.dataset.liveState === "lost" ? "back" : "live"); });
  source.addEventListener("over", () => { close(); say("over"); });
  source.addEventListener("error", () => {
    clearTimeout(quiet);
    quiet = setTimeout(() => say("lost"), 3000); // a moment without a line is nothing to tell
    if (source?.readyState === EventSource.CLOSED) { close(); quiet = setTimeout(() => { say("lost"); open(); }, 5000); }
  });
}

function close() { source?.close(); source = undefined; }

if (holder) {
  open();
  document.addEventListener("focusout", () => setTimeout(() => {
    for (const [id, fresh] of held) {
      const old = document.getElementById(id);
      if (!old || !typing(old)) { held.delete(id); place(fresh); }
    }
  }));
  // Browsers open few lines to one host: a tab that nobody looks at gives its own back, and catches up when it is looked at again.
  let away;
  document.addEventListener("visibilitychange", () => {
    clearTimeout(away);
    if (document.hidden) away = setTimeout(close, 30000);
    else if (!source && state?.dataset.liveState !== "over") open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => { if (event.persisted && !source) open(); });
}
