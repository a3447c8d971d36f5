// The pictures of a report: a viewer that goes from one to the next by key, tap and swipe, and before and after laid over each other with a slider. And
// passing the page on. Without this file the pictures are links, and lie side by side.
const words = document.documentElement.lang === "en"
  ? { close: "Close", next: "Next picture", back: "Previous picture" } : { close: "Tutup", next: "Foto berikutnya", back: "Foto sebelumnya" };

let dialog, picture, place, strip, at;

function build() {
  dialog = document.createElement("dialog");
  dialog.className = "viewer";
  dialog.tabIndex = -1;
  picture = new Image();
  place = document.createElement("p");
  place.setAttribute("role", "status");
  const button = (text, label, does) => {
    const made = document.createElement("button");
    made.type = "button"; made.textContent = text; made.setAttribute("aria-label", label);
    made.addEventListener("click", does);
    return made;
  };
  const bar = document.createElement("div");
  bar.append(button("‹", words.back, () => turn(-1)), place, button("›", words.next, () => turn(1)), button("✕", words.close, () => dialog.close()));
  dialog.append(picture, bar);
  dialog.addEventListener("keydown", (event) => { if (event.key === "ArrowRight") turn(1); if (event.key === "ArrowLeft") turn(-1); });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  let from;
  picture.addEventListener("pointerdown", (event) => { from = event.clientX; });
  picture.addEventListener("pointerup", (event) => { if (Math.abs(event.clientX - from) > 40) turn(event.clientX < from ? 1 : -1); });
  picture.draggable = false;
  document.body.append(dialog);
}

function turn(by) { look((at + by + strip.length) % strip.length); }

function look(index) {
  at = index;
  picture.src = strip[at].href;
  picture.alt = strip[at].querySelector("img").alt;
  place.textContent = at + 1 + " / " + strip.length;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-viewer] a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (!dialog) build();
  strip = [...link.closest("[data-viewer]").querySelectorAll("a")];
  look(strip.indexOf(link));
  dialog.showModal();
  dialog.focus(); // and not the first button, which the key that opened the viewer would press
});

// Before and after: the slider uncovers the picture of after from the right.
function compare(pair) {
  if (pair.querySelector("input")) return;
  const slider = document.createElement("input"), [, after] = pair.querySelectorAll("figure");
  slider.type = "range"; slider.min = 0; slider.max = 100; slider.value = 50;
  slider.setAttribute("aria-label", pair.dataset.compare);
  const uncover = () => { after.style.setProperty("--from", slider.value + "%"); };
  slider.addEventListener("input", uncover);
  pair.classList.add("sliding");
  pair.append(slider);
  uncover();
}
const prepare = () => document.querySelectorAll("[data-compare]").forEach(compare);
prepare();
document.addEventListener("live:placed", prepare);

// Chosen pictures are shown before they go.
for (const field of document.querySelectorAll("input[type=file][data-shows]")) field.addEventListener("change", () => {
  document.getElementById(field.dataset.shows).replaceChildren(...[...field.files].map((file) => {
    const item = document.createElement("li");
    if (!file.type.startsWith("image/")) { item.textContent = file.name; return item; }
    const shown = new Image();
    shown.alt = file.name; shown.src = URL.createObjectURL(file); shown.onload = () => URL.revokeObjectURL(shown.src);
    item.append(shown);
    return item;
  }));
});

const share = document.querySelector("[data-share]");
if (share && (navigator.share || navigator.clipboard)) {
  share.hidden = false;
  share.addEventListener("click", async () => {
    const link = document.querySelector("link[rel=canonical]")?.href ?? location.href;
    if (navigator.share) { await navigator.share({ title: document.title, url: link }).catch(() => {}); return; }
    await navigator.clipboard.writeText(link);
    share.textContent = share.dataset.copied;
  });
}
