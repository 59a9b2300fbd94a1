/* Reporting without internet: what is written waits on the device, and is sent once when there is internet again. */
"use strict";

const store = self.oogStore;
const form = document.getElementById("form");
const part = document.getElementById("oog-waiting");
const list = document.getElementById("oog-queue");
const words = part.dataset;
const errors = document.getElementById("oog-errors");
const carried = document.getElementById("oog-carried");
const RETRY = 60000;
let editing = null;
let draftKey = "";
let retry = 0;

function line(text, name = "p") {
  const made = document.createElement(name);
  made.className = "nl-paragraph";
  made.textContent = text;
  return made;
}

function button(text, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "nl-button nl-button--subtle";
  made.textContent = text;
  made.addEventListener("click", act);
  return made;
}

function said(entry) {
  if (entry.state === "sent") {
    return entry.confirm ? words.confirm : words.sent;
  }
  return { wrong: words.wrong, later: words.later, held: words.held }[entry.state] || words.waiting;
}

function shown(entry) {
  const item = document.createElement("li");
  item.className = "samen-panel";
  item.dataset.state = entry.state;
  const text = (entry.fields.find(([name]) => name === "text") || ["", ""])[1];
  if (text) {
    item.append(line(text.length > 120 ? `${text.slice(0, 119)}…` : text));
  }
  const status = line("");
  const strong = document.createElement("strong");
  strong.textContent = said(entry);
  status.append(strong);
  item.append(status);
  if (entry.state === "sent") {
    item.append(line(words.code.replace("%number%", entry.number).replace("%code%", entry.code)));
    const link = document.createElement("a");
    link.className = "nl-link";
    link.href = entry.url;
    link.textContent = words.follow;
    item.append(link);
  } else {
    for (const texts of Object.values(entry.errors || {})) {
      texts.forEach((told) => item.append(line(told)));
    }
    item.append(button(words.edit, () => edit(entry)));
  }
  item.append(
    button(words.drop, async () => {
      if (entry.state === "sent" || window.confirm(words.sure)) {
        await store.drop(entry.key);
        await show();
      }
    }),
  );
  return item;
}

async function show() {
  const entries = await store.all();
  part.hidden = entries.length === 0;
  list.replaceChildren(...entries.map(shown));
  await Promise.all(entries.filter((entry) => entry.state === "sent" && !entry.seen).map((entry) => store.put({ ...entry, seen: true })));
}

/* What the page itself does not ask, such as the pictures that were sent before and the extra questions: it goes along. */
function carry(fields) {
  carried.replaceChildren(
    ...fields
      .filter(([name, value]) => !(value instanceof Blob) && (name.startsWith("q_") || ["foto", "case_id", "hide"].includes(name)) && value)
      .map(([name, value]) => {
        const input = document.createElement("input");
        input.type = "hidden";
        input.name = name;
        input.value = value;
        return input;
      }),
  );
  document.getElementById("oog-along").hidden = !carried.querySelector('[name="foto"], [name^="q_"]');
}

function fill(fields) {
  const files = [];
  carry(fields);
  for (const [name, value] of fields) {
    if (value instanceof Blob) {
      files.push(value);
      continue;
    }
    const input = form.elements.namedItem(name);
    if (input && !(input instanceof RadioNodeList) && input.type !== "file" && name !== "stap") {
      if (input.type === "checkbox") {
        input.checked = value === "true";
      } else {
        input.value = value;
      }
    }
  }
  if (files.length) {
    const chosen = new DataTransfer();
    files.forEach((file) => chosen.items.add(file instanceof File ? file : new File([file], "foto")));
    document.getElementById("fotos").files = chosen.files;
  }
}

async function edit(entry) {
  // Meanwhile it is not sent: it would come in twice.
  if (entry.state !== "wrong") {
    await store.put({ ...entry, state: "held" });
    await show();
  }
  form.reset();
  fill(entry.fields);
  editing = entry;
  document.getElementById("f-text").focus();
}

function wrong() {
  const found = [];
  const text = document.getElementById("f-text");
  const category = document.getElementById("f-category");
  if (!text.value.trim()) {
    found.push([text, words.text]);
  }
  if (!category.value) {
    found.push([category, category.dataset.needed]);
  }
  const type = document.getElementById("f-type").value;
  const place = ["postcode", "house_number", "address", "area_id", "lat"].some((name) => form.elements.namedItem(name).value.trim());
  if (!place && !words.placeless.split(" ").includes(type)) {
    found.push([document.getElementById("f-postcode"), words.place]);
  }
  errors.hidden = found.length === 0;
  document.getElementById("oog-error-list").replaceChildren(
    ...found.map(([input, told]) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.className = "nl-link";
      link.href = `#${input.id}`;
      link.textContent = told;
      item.append(link);
      return item;
    }),
  );
  if (found.length) {
    errors.focus();
  }
  return found.length > 0;
}

async function flush() {
  window.clearTimeout(retry);
  if (navigator.onLine && !(await store.flush(words.send, show))) {
    retry = window.setTimeout(() => flush().catch(() => {}), RETRY);
  }
  await show();
}

async function later() {
  const worker = await navigator.serviceWorker.ready;
  if ("sync" in worker) {
    await worker.sync.register("oog-send");
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (wrong()) {
    return;
  }
  const most = Number(document.getElementById("fotos").dataset.most);
  const fields = [...new FormData(form).entries()].filter(([, value]) => (value instanceof Blob ? value.size : value));
  const photos = fields.filter(([, value]) => value instanceof Blob).slice(0, most);
  const kept = [...fields.filter(([name, value]) => !(value instanceof Blob) && name !== "stap"), ...photos];
  try {
    // What was refused is sent anew under a key of its own: nothing of it came in.
    if (editing) {
      await store.drop(editing.key);
    }
    // What was already on its way when the internet went, keeps its key: it counts once.
    await store.put({ key: draftKey || store.newKey(), at: Date.now(), fields: kept, state: "waiting" });
    await store.dropDraft();
  } catch {
    document.getElementById("oog-state").textContent = words.full;
    return;
  }
  editing = null;
  draftKey = "";
  form.reset();
  carry([]);
  document.getElementById("f-lat").value = document.getElementById("f-lon").value = "";
  await show();
  part.scrollIntoView();
  await flush();
  await later().catch(() => {});
});

function told() {
  const state = document.getElementById("oog-state");
  state.textContent = navigator.onLine ? state.dataset.online : state.dataset.offline;
}

window.addEventListener("online", () => {
  told();
  flush().catch(() => {});
});
window.addEventListener("offline", told);

(async () => {
  told();
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register(words.worker, { scope: words.scope }).catch(() => {});
  }
  const left = await store.draft();
  if (left) {
    fill(left.fields);
    draftKey = (left.fields.find(([name]) => name === "sleutel") || ["", ""])[1];
  }
  for (const entry of await store.all()) {
    if (entry.state === "held") {
      await store.put({ ...entry, state: "waiting" });
    }
  }
  await show();
  await flush();
})().catch(() => {});
