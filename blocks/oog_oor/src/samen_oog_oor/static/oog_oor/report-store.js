/* What waits on this device to be sent, and sending it. Used by the pages and by the worker. */
(function (scope) {
  "use strict";

  const NAME = "samen-oog-oor";
  const QUEUE = "queue";
  const DRAFTS = "drafts";

  function open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore(QUEUE, { keyPath: "key" });
        request.result.createObjectStore(DRAFTS, { keyPath: "key" });
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function act(table, mode, work) {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(table, mode);
        const request = work(transaction.objectStore(table));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
        transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const all = async () => (await act(QUEUE, "readonly", (table) => table.getAll())).sort((one, other) => one.at - other.at);
  const put = (entry) => act(QUEUE, "readwrite", (table) => table.put(entry));
  const drop = (key) => act(QUEUE, "readwrite", (table) => table.delete(key));
  const keepDraft = (fields) => act(DRAFTS, "readwrite", (table) => table.put({ key: "last", fields }));
  const draft = async () => (await act(DRAFTS, "readonly", (table) => table.get("last"))) || null;
  const dropDraft = () => act(DRAFTS, "readwrite", (table) => table.delete("last"));

  function newKey() {
    return Array.from(crypto.getRandomValues(new Uint8Array(18)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  async function send(address, entry) {
    const form = new FormData();
    form.set("sleutel", entry.key);
    for (const [name, value] of entry.fields) {
      if (value instanceof Blob) {
        form.append(name, value, value.name || "foto");
      } else {
        form.append(name, value);
      }
    }
    let answer;
    try {
      // Without cookies: it is sent as a visitor, also when somebody logged in or out meanwhile.
      answer = await fetch(address, { method: "POST", body: form, credentials: "omit", headers: { Accept: "application/json" } });
    } catch {
      return { ...entry, state: "waiting" };
    }
    if (answer.ok) {
      // What was sent is not kept on the device; the number and the code are.
      const { number, code, url, confirm } = await answer.json();
      return { key: entry.key, at: entry.at, fields: [], state: "sent", number, code, url, confirm };
    }
    if (answer.status === 400) {
      try {
        const { errors } = await answer.json();
        return { ...entry, state: "wrong", errors };
      } catch {
        return { ...entry, state: "later" };
      }
    }
    return { ...entry, state: "later" };
  }

  /* One at a time, also when a page and the worker want to send at once. False when something has to be tried again. */
  async function flush(address, changed) {
    const work = async () => {
      for (const entry of await all()) {
        if (entry.state !== "waiting" && entry.state !== "later") {
          continue;
        }
        const done = await send(address, entry);
        await put(done);
        if (changed) {
          await changed();
        }
        if (done.state === "waiting" || done.state === "later") {
          return false;
        }
      }
      return true;
    };
    return navigator.locks ? navigator.locks.request("samen-oog-oor-send", work) : work();
  }

  scope.oogStore = { all, put, drop, keepDraft, draft, dropDraft, newKey, flush };
})(self);
