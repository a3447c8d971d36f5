// Lets a worker do the work that the API asks for while it is under attack; the page stays alive.

// prove gives the value of the header. progress(share) is told now and then, from 0 to 1: how likely it would have been to be done by then.
export function prove({ challenge, difficulty }, progress = () => {}) {
  const worker = new Worker(document.querySelector("[data-work]").dataset.work, { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => (data.proof ? resolve(data.proof) : progress(1 - Math.exp(-data.tried / 2 ** difficulty)));
    worker.onerror = () => reject(new Error("the worker failed"));
    worker.postMessage({ challenge, difficulty });
  }).finally(() => worker.terminate());
}
