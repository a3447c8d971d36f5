// Reports that are not sent yet, on this device alone. A record is { key, state, fields, pictures, at }: key is the form's own, so that a report sent
// twice is one; state is "draft", or "waiting" for one that is to be sent by itself; fields are the values of the form by name; pictures are Blobs.
// A browser that keeps nothing (a private window of some) makes each of these do nothing.
const NAME = "jagawarga-reports", STORE = "drafts", OLD = 30 * 24 * 3600e3;

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "key" });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function within(mode, act) {
  let base;
  try {
    base = await open();
    return await new Promise((done, failed) => {
      const turn = base.transaction(STORE, mode), asked = act(turn.objectStore(STORE));
      turn.oncomplete = () => done(asked.result);
      turn.onerror = turn.onabort = () => failed(turn.error);
    });
  } catch {
    return undefined;
  } finally {
    base?.close();
  }
}

export const keep = (record) => within("readwrite", (store) => store.put({ ...record, at: Date.now() }));
export const forget = (key) => within("readwrite", (store) => store.delete(key));
export const kept = (key) => within("readonly", (store) => store.get(key));

// drafts lists all, the newest first, and forgets what nobody touched for a month.
export async function drafts() {
  const all = (await within("readonly", (store) => store.getAll())) || [];
  for (const old of all) if (Date.now() - old.at > OLD) forget(old.key);
  return all.filter((record) => Date.now() - record.at <= OLD).sort((a, b) => b.at - a.at);
}

// alone does something with a draft that no other tab has open; it returns undefined if one has. Who holds a draft holds it until done settles.
export async function alone(key, done) {
  if (!navigator.locks) return done();
  return navigator.locks.request("jagawarga-draft-" + key, { ifAvailable: true }, (lock) => (lock ? done() : undefined));
}
