// Keeps the inbox up on every page of somebody who is signed in: how many are unread, and on the inbox itself what comes. A browser opens few lines
// to one host, so a tab has this one only while it is looked at; when it is looked at again, it is told what came meanwhile.
let source;

const link = () => document.getElementById("kabar-baru");

function place(html) {
  const content = document.createElement("template");
  content.innerHTML = html;
  for (const fresh of [...content.content.children]) {
    const old = document.getElementById(fresh.id);
    if (old && !fresh.dataset.into) {
      const focused = old.contains(document.activeElement);
      old.replaceWith(fresh);
      if (focused) (fresh.matches("a") ? fresh : fresh.querySelector("button"))?.focus();
    } else if (!old && fresh.dataset.into) { // what is in the list already stays as it is
      const list = document.querySelector(fresh.dataset.into);
      if (!list) continue;
      list.prepend(fresh);
      fresh.classList.add("fresh");
      document.getElementById("tanpa-kabar")?.remove();
    }
  }
}

function open() {
  if (source || document.hidden) return;
  source = new EventSource("/saya/kabar/baru?after=" + link().dataset.after);
  source.addEventListener("message", (event) => place(event.data));
  source.addEventListener("error", () => { if (source?.readyState === EventSource.CLOSED) source = undefined; });
}

function close() { source?.close(); source = undefined; }

open();
document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
addEventListener("pagehide", close);
addEventListener("pageshow", open);
