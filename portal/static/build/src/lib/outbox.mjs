// How a report leaves the device. Nothing here touches a page, so that a service worker can use it too.
import { alone, drafts, forget, keep } from "./drafts.mjs";

const TO = "/saya/lapor";

// deliver sends one record and returns what the server says: { sent } is where the report is; { problem, problems, step, signIn } is what is wrong;
// { retry } is that nothing is wrong, and nothing arrived. more are values that are sent along and kept nowhere; progress is told how much has left,
// from 0 to 1. It throws when signal cancels it, and never else.
export async function deliver(record, { more = {}, progress, signal } = {}) {
  const body = new FormData();
  for (const [name, value] of Object.entries({ ...record.fields, ...more, langkah: "kirim", ke: "selesai" })) body.append(name, value);
  for (const picture of record.pictures) body.append("foto", picture, "file");
  try {
    const { status, text } = await post(body, progress, signal);
    try {
      return JSON.parse(text);
    } catch {
      return status >= 500 || status === 0 ? { retry: true } : { problem: "" }; // somebody else's page
    }
  } catch (trouble) {
    if (signal?.aborted) throw trouble;
    return { retry: true, offline: true };
  }
}

// sendQueued sends what waits and is open in no tab. It returns the addresses of what was sent; what is refused becomes a draft again.
export async function sendQueued() {
  const sent = [];
  for (const record of await drafts()) {
    if (record.state !== "waiting") continue;
    await alone(record.key, async () => {
      const answer = await deliver(record);
      if (answer.sent) { await forget(record.key); sent.push(answer.sent); }
      else if (!answer.retry) await keep({ ...record, state: "draft" });
    });
  }
  return sent;
}

async function post(body, progress, signal) {
  if (typeof XMLHttpRequest === "undefined") { // in a worker
    const answer = await fetch(TO, { method: "POST", body, headers: { Accept: "application/json" }, signal });
    return { status: answer.status, text: await answer.text() };
  }
  return new Promise((done, failed) => { // fetch does not tell how much has left
    const request = new XMLHttpRequest();
    request.open("POST", TO);
    request.setRequestHeader("Accept", "application/json");
    request.upload.onprogress = (event) => event.lengthComputable && progress?.(event.loaded / event.total);
    request.onload = () => done({ status: request.status, text: request.responseText });
    request.onerror = request.ontimeout = () => failed(new Error("no connection"));
    request.onabort = () => failed(new DOMException("cancelled", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}
