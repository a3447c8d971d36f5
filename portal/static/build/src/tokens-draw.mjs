// Draws anonymous tokens (RFC 9474) in a worker: asks for the day's key as nobody, holds it against the public log and against what is said under the
// citizen's name, blinds as many messages as the citizen may still draw, has them signed, and keeps what comes of it. A key that was made for one
// person would be another here than there, or not in the log, or the log would not go on where it stood when this browser last saw it.
import { RSABSSA } from "@cloudflare/blindrsa-ts";
import { fact, keep, note } from "./lib/tickets.mjs";

const suite = RSABSSA.SHA384.PSS.Randomized();
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (raw) => btoa(String.fromCharCode(...raw)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const hashed = async (raw) => text(new Uint8Array(await crypto.subtle.digest("SHA-256", raw)));
const nobody = { credentials: "omit", referrerPolicy: "no-referrer", cache: "no-store" };
const own = "/saya/token";

async function asked(path, init) {
  const response = await fetch(path, init);
  if (!response.ok) throw new Error(`${path} is ${response.status}`);
  return response.json();
}

// publicKey is the day's key as everybody is given it.
async function publicKey() {
  const { data } = await asked("/graphql", {
    ...nobody, method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ query: "{anonymousTokenKey{keyId publicKey suite expiresAt}}" }),
  });
  const { keyId, publicKey, suite: named, expiresAt } = data.anonymousTokenKey;
  const log = await asked("/.well-known/jagawarga-token-keys", nobody);
  if (named !== String(suite) || keyId !== (await hashed(bytes(publicKey)))) throw new Error("the key is not what it says");
  if (log.entries.filter((entry) => entry.endsWith(` ${keyId}`)).length !== 1 || !log.keys.includes(publicKey)) throw new Error("the key is not in the public log");
  await grown(log.entries);
  return { keyId, expires: Date.parse(expiresAt), key: await crypto.subtle.importKey("spki", bytes(publicKey), { name: "RSA-PSS", hash: "SHA-384" }, true, ["verify"]) };
}

// grown makes sure that the log begins with all that this browser has seen of it before.
async function grown(entries) {
  const hash = (lines) => hashed(new TextEncoder().encode(lines.join("\n")));
  const seen = await fact("log");
  if (seen && (entries.length < seen.size || (await hash(entries.slice(0, seen.size))) !== seen.hash)) throw new Error("the public log was rewritten");
  await note("log", { size: entries.length, hash: await hash(entries) });
}

async function draw() {
  const { keyId, expires, key } = await publicKey();
  const { keyId: mine, remaining } = await asked(own);
  if (mine !== keyId) throw new Error("the key under this name is another than everybody's");
  if (remaining < 1) return 0;
  const blinded = [];
  for (let i = 0; i < Math.min(remaining, 10); i++) {
    const message = suite.prepare(crypto.getRandomValues(new Uint8Array(32)));
    blinded.push({ message, ...(await suite.blind(key, message)) });
  }
  const signed = await asked(own, {
    method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ blinded: blinded.map(({ blindedMsg }) => text(blindedMsg)) }),
  });
  if (signed.keyId !== keyId) throw new Error("the key has changed meanwhile");
  const tokens = [];
  for (const [i, { message, inv }] of blinded.entries()) {
    const signature = await suite.finalize(key, message, bytes(signed.blindSignatures[i]), inv);
    tokens.push({ keyId, message: text(message), signature: text(signature), expires, drawn: Date.now() });
  }
  await keep(tokens);
  return tokens.length;
}

// What goes wrong is tried again on the next page.
onmessage = async ({ data: day }) => {
  try {
    const drawn = await draw();
    await note("drawn", day);
    postMessage(drawn);
  } catch (cause) {
    postMessage(`${cause.message}`);
  }
};
