// Runs once, as the js_on_load of the archive's page: gets `element`, `trigger` and `server` from Gradio.
const UPLOADS = "/api/v1/articles";
const listing = () => element.querySelector("[data-listing]");
let looked = null; // what the list shows
let looks = 0; // only the answer to the latest one is shown

async function told(name, sent) {
  try {
    return await server[name](sent);
  } catch (problem) {
    return { html: "", problem: "The server did not answer. Is it still running?" };
  }
}

function warning(message) {
  const shown = document.createElement("p");
  shown.className = "warning";
  shown.setAttribute("role", "alert");
  shown.textContent = message;
  return shown;
}

async function look(sent) {
  if (!listing()) return;
  const number = ++looks;
  looked = sent;
  const answer = await told("browse", sent);
  if (number !== looks || !listing()) return;
  if (answer.problem) listing().replaceChildren(warning(answer.problem));
  else listing().innerHTML = answer.html;
}

function wanted() {
  const fields = new FormData(element.querySelector(".looking"));
  const text = (name) => fields.get(name) ?? "";
  return { words: text("words"), from: text("from"), to: text("to"), source: text("source") };
}

function narrowTo(values) {
  const form = element.querySelector(".looking");
  for (const name of ["words", "from", "to", "source"]) form.elements[name].value = values[name] ?? "";
  look(wanted());
  form.scrollIntoView({ block: "start" });
}

// What was added, line by line, outlives the page's parts being filled anew.
const lines = [];
function line(words) {
  const row = document.createElement("li");
  row.textContent = words;
  lines.push(row);
  placeLines();
  return row;
}
function placeLines() {
  const list = element.querySelector("[data-taken]");
  if (list) for (const row of lines) if (row.parentElement !== list) list.append(row);
}

// So does what was unfolded.
const unfolded = new Set();
element.addEventListener("click", (event) => {
  const details = event.target.closest("summary")?.parentElement;
  if (!details) return;
  if (details.open) unfolded.delete(details.className);
  else unfolded.add(details.className);
});

function changed() {
  trigger("changed", {});
  if (looked) look(looked);
}

function upload(file) {
  const row = line(file.name + ": waiting");
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", "Upload of " + file.name);
  row.append(bar);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    const end = (words, wrong) => {
      row.textContent = file.name + ": " + words;
      row.classList.toggle("wrong", wrong);
      resolve(!wrong);
    };
    request.upload.onprogress = (event) => {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      row.firstChild.textContent = file.name + (event.loaded < event.total ? ": sending " : ": reading ");
    };
    request.onerror = () => end("the server did not take it; is it still running?", true);
    request.onload = () => end(...result(request));
    request.open("POST", UPLOADS);
    request.setRequestHeader("X-Dateline-Page", "archive");
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

function result(request) {
  let record = null;
  try {
    record = JSON.parse(request.responseText);
  } catch (unreadable) {
    // Told below, by the status alone.
  }
  if (request.status >= 400 || record === null) {
    return [record?.error?.message ?? "not taken (" + request.status + ")", true];
  }
  const counts = [
    [record.added, "added"],
    [record.updated, "updated"],
    [record.unchanged, "already there"],
  ];
  const done = counts.filter(([count]) => count).map(([count, what]) => count + (count === 1 ? " article " : " articles ") + what);
  const failures = record.failures?.length ? "; " + record.failures.length + " not: " + record.failures[0].reason : "";
  return [(done.join(", ") || "nothing new") + failures, false];
}

async function uploadAll(files) {
  let any = false;
  for (const file of files) any = (await upload(file)) || any;
  if (any) changed();
}

async function paste(form) {
  const fields = Object.fromEntries(new FormData(form));
  const row = line((fields.title || "The text") + ": reading");
  const answer = await told("take_text", fields);
  row.classList.toggle("wrong", Boolean(answer.problem));
  if (answer.problem) row.textContent = answer.problem;
  else {
    row.innerHTML = answer.html;
    form.reset();
    changed();
  }
}

async function remove(button) {
  const words = "“" + button.dataset.title + "” can then no longer be found. A file outside the uploads that holds it stays, and brings it back when it is indexed again.";
  if (!(await window.dateline.confirm("Delete this article?", words))) return;
  const answer = await told("take_out", { article: button.dataset.deleteArticle });
  const row = line("");
  row.classList.toggle("wrong", Boolean(answer.problem));
  if (answer.problem) row.textContent = answer.problem;
  else row.innerHTML = answer.html;
  changed();
}

element.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target.matches(".looking")) look(wanted());
  if (event.target.matches(".pasting")) paste(event.target);
});
element.addEventListener("change", (event) => {
  if (!event.target.matches("[type=file]")) return;
  uploadAll([...event.target.files]);
  event.target.value = "";
});
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("offset" in button.dataset) look({ ...looked, offset: button.dataset.offset });
  if ("year" in button.dataset) narrowTo({ from: button.dataset.year + "-01-01", to: button.dataset.year + "-12-31" });
  if ("source" in button.dataset) narrowTo({ source: button.dataset.source });
  if ("deleteArticle" in button.dataset) remove(button);
});
for (const kind of ["dragover", "drop"]) {
  element.addEventListener(kind, (event) => {
    const drop = event.target.closest(".drop");
    if (!drop) return;
    event.preventDefault();
    drop.toggleAttribute("data-over", kind === "dragover");
    if (kind === "drop") uploadAll([...event.dataTransfer.files]);
  });
}
element.addEventListener("dragleave", (event) => event.target.closest(".drop")?.removeAttribute("data-over"));

// The list is fetched when the page is first looked at, and put back where the page's parts were filled anew.
function fill() {
  placeLines();
  for (const details of element.querySelectorAll("details")) {
    const open = unfolded.has(details.className);
    if (details.open !== open) details.open = open;
  }
  if (document.body.dataset.page === "archive" && listing() && !listing().childElementCount) look(looked ?? wanted());
}
document.addEventListener("dateline:page", fill);
new MutationObserver(fill).observe(element, { childList: true, subtree: true, attributeFilter: ["open"] });
fill();
