// What pages do more with scripts than without. Everything works without this file.

// A form is sent once: a second tap while the first is on its way does nothing. Coming back by the back button frees it again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  event.submitter?.setAttribute("aria-busy", "true");
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const busy of form.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  }
});

// What went wrong is read out and reached at once.
document.querySelector("[data-problem]")?.focus();


// The worker keeps the files that pages are made of, and sends what waits when the line is back. Pages on which nobody is known do without it.
if ("serviceWorker" in navigator && !document.documentElement.classList.contains("anonymous")) {
  const later = async () => (await navigator.serviceWorker.ready).sync?.register("antrean").catch(() => {}); // not every browser does it, and pages send, too
  navigator.serviceWorker.register("/pekerja.js").then(() => { if (!navigator.onLine) later(); }, () => {});
  addEventListener("offline", later);
}
