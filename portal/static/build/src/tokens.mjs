// Has anonymous tokens drawn in the background of any page of somebody who is signed in, once a day: long before they are needed, and not because
// they are. The work is done by a worker, so that no page waits for it.
import { fact } from "./lib/tickets.mjs";

const idle = globalThis.requestIdleCallback ?? ((then) => setTimeout(then, 1000));
const zone = 7 * 60 * 60 * 1000; // keys change at midnight in Western Indonesia

idle(async () => {
  const now = new Date(Date.now() + zone);
  const day = now.toISOString().slice(0, 10);
  if (now.getUTCHours() === 23 && now.getUTCMinutes() >= 50) return; // the key would change under our hands
  try { if ((await fact("drawn")) === day) return; } catch { return; } // a browser that keeps nothing can keep no tokens
  const draw = () => new Promise((resolve) => {
    const worker = new Worker(document.querySelector("script[data-draw]").dataset.draw, { type: "module" });
    worker.onmessage = ({ data }) => { document.documentElement.dataset.drawn = data; worker.terminate(); resolve(); };
    worker.onerror = () => resolve();
    worker.postMessage(day);
  });
  navigator.locks ? navigator.locks.request("jagawarga-draw", { ifAvailable: true }, (lock) => lock && draw()) : draw();
});
