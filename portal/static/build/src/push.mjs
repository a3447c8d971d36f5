// Push messages to this browser: asked for by a tap, and never before. The worker (worker.mjs) shows what comes.
const place = document.getElementById("perangkat");
const on = place?.querySelector("[data-subscribe]"), off = place?.querySelector("[data-unsubscribe]"), said = place?.querySelector("[data-said]");

async function tell(subscription, to) {
  const { endpoint, keys } = subscription.toJSON();
  const answer = await fetch(to, { method: "POST", body: new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth }), redirect: "error" });
  if (!answer.ok) throw new Error("not kept");
}

function show(subscription) {
  on.hidden = Boolean(subscription);
  off.hidden = !subscription;
  said.textContent = subscription ? place.dataset.on : "";
}

async function subscribe(worker) {
  if ((await Notification.requestPermission()) !== "granted") { said.textContent = place.dataset.refused; return; }
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: place.dataset.key });
  try {
    await tell(subscription, place.dataset.to);
  } catch (trouble) { // what the city does not know of is of no use
    await subscription.unsubscribe();
    throw trouble;
  }
  document.getElementById("lewat-perangkat").checked = true;
  show(subscription);
}

async function unsubscribe(worker) {
  const subscription = await worker.pushManager.getSubscription();
  if (subscription) {
    await tell(subscription, place.dataset.to + "/hapus");
    await subscription.unsubscribe();
  }
  show(null);
}

function pressed(button, does) {
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try { await does(await navigator.serviceWorker.ready); } catch { said.textContent = place.dataset.failed; }
    button.removeAttribute("aria-busy");
  });
}

if (place?.dataset.key && "serviceWorker" in navigator && "PushManager" in window && "Notification" in window) {
  place.hidden = false;
  pressed(on, subscribe);
  pressed(off, unsubscribe);
  navigator.serviceWorker.ready.then((worker) => worker.pushManager.getSubscription()).then(show);
}
