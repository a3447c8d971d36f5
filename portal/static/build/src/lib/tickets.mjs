// The anonymous tokens of this browser: drawn under a name (tokens-draw.mjs), spent as nobody (anonymous.mjs). They say nothing of who drew them, so
// they stay when somebody signs out. A token that a draft has taken is not given to another tab; when the draft never comes back it is free again.
const freeAgain = 60 * 60 * 1000;

const opened = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function database() {
  const request = indexedDB.open("jagawarga-tokens", 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore("tokens", { keyPath: "message" });
    request.result.createObjectStore("facts");
  };
  return opened(request);
}

// within runs steps in one transaction, all of it or nothing.
async function within(mode, steps) {
  const db = await database();
  try {
    const transaction = db.transaction(["tokens", "facts"], mode);
    const done = new Promise((resolve, reject) => { transaction.oncomplete = resolve; transaction.onabort = () => reject(transaction.error); });
    const result = await steps(transaction.objectStore("tokens"), transaction.objectStore("facts"));
    await done;
    return result;
  } finally { db.close(); }
}

const good = (tokens) => tokens.filter(({ expires }) => expires > Date.now()).sort((a, b) => a.expires - b.expires);

// all are the tokens that can still be spent, those that end first at the front.
export const all = () => within("readonly", async (tokens) => good(await opened(tokens.getAll())));

// take gives a draft its token: the one it has already, a free one, or undefined.
export const take = (draft) => within("readwrite", async (tokens) => {
  const left = good(await opened(tokens.getAll()));
  const found = left.find((token) => token.draft === draft) ?? left.find((token) => !token.draft || token.taken < Date.now() - freeAgain);
  if (found) await opened(tokens.put({ ...found, draft, taken: Date.now() }));
  return found;
});

export const drop = ({ message }) => within("readwrite", (tokens) => opened(tokens.delete(message)));

export const forget = () => within("readwrite", (tokens) => opened(tokens.clear()));

// keep adds tokens and throws away those that have ended.
export const keep = (fresh) => within("readwrite", async (tokens) => {
  for (const { message, expires } of await opened(tokens.getAll())) if (expires <= Date.now()) await opened(tokens.delete(message));
  for (const token of fresh) await opened(tokens.put(token));
});

export const fact = (name) => within("readonly", (_, facts) => opened(facts.get(name)));

export const note = (name, value) => within("readwrite", (_, facts) => opened(facts.put(value, name)));
