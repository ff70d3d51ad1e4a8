// Runs once, as the js_on_load of the sidebar: gets `element`, `trigger` and `server` from Gradio.
const narrow = matchMedia("(max-width: 1099px)");
const sheet = () => document.getElementById("conversation-sheet");
const side = () => document.getElementById("side");
let sheetFor = null; // the id of the conversation that the sheet is about
let opener = null; // what opened the menu or a sheet: the focus goes back to it

const { current, confirm: confirmed, download } = window.dateline;

function menu(open) {
  document.body.classList.toggle("menu-open", open);
  document.querySelector("[data-menu]").setAttribute("aria-expanded", String(open));
  for (const id of ["conversation", "composer", "welcome", "shelf"]) {
    document.getElementById(id).inert = open && narrow.matches;
  }
  // What is only becoming visible takes no focus yet.
  if (open) requestAnimationFrame(() => requestAnimationFrame(() => element.querySelector("[data-menu-close]").focus()));
  else if (opener?.matches("[data-menu]")) opener.focus();
}

function route() {
  const archive = location.hash === "#archive";
  document.body.dataset.page = archive ? "archive" : "ask";
  for (const link of element.querySelectorAll("[data-page]")) {
    if ((link.dataset.page === "archive") === archive) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  const wanted = location.hash.startsWith("#c=") ? location.hash.slice(3) : null;
  if (wanted !== null && wanted !== current()) trigger("resume", { conversation: wanted });
  document.dispatchEvent(new CustomEvent("dateline:page", { detail: document.body.dataset.page }));
}

function restart() {
  history.replaceState(null, "", "#ask");
  route();
  if (current() || document.querySelector(".turn")) trigger("resume", { conversation: "" });
  document.getElementById("question")?.focus({ preventScroll: true });
}

async function exported(form) {
  const told = await server.export({ conversation: sheetFor, form: form });
  if (told.problem) return;
  const name = (sheet().querySelector("[name=title]").value.replace(/[^\p{L}\p{N}]+/gu, "-") || "conversation").slice(0, 60);
  download(name + "." + form, form === "json" ? "application/json" : "text/markdown", told.html);
}

async function remove() {
  const [conversation, title] = [sheetFor, sheet().querySelector("[name=title]").value];
  sheet().close();
  if (await confirmed("Delete this conversation?", "“" + title + "” and what you said of its answers are forgotten.")) {
    if (conversation === current()) history.replaceState(null, "", "#ask");
    trigger("forget", { conversation: conversation, current: current() });
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button, a");
  if (!button) return;
  if ("menu" in button.dataset) {
    opener = button;
    menu(true);
  }
  if ("menuClose" in button.dataset) menu(false);
  if ("restart" in button.dataset && document.body.dataset.working !== "yes") {
    restart();
    if (narrow.matches) menu(false);
  }
  if (narrow.matches && button.matches("[data-page], [data-conversation-link]")) menu(false);
  if ("conversationLink" in button.dataset && document.body.dataset.working === "yes") event.preventDefault();
  if ("sheet" in button.dataset) {
    sheetFor = button.dataset.sheet;
    sheet().querySelector("[name=title]").value = button.dataset.title;
    sheet().showModal();
  }
  if ("cancel" in button.dataset) sheet().close();
  if ("export" in button.dataset) exported(button.dataset.export);
  if ("delete" in button.dataset) remove();
  if ("exportFeedback" in button.dataset) {
    server.feedback({}).then((told) => {
      if (!told.problem) download("feedback.jsonl", "application/jsonl", told.html);
    });
  }
});
document.addEventListener("submit", (event) => {
  if (event.target.parentElement !== sheet()) return;
  trigger("rename", { conversation: sheetFor, title: sheet().querySelector("[name=title]").value, current: current() });
});
document.addEventListener("keydown", (event) => {
  const elsewhere = document.querySelector("dialog[open]");
  if (event.key === "Escape" && !elsewhere && document.body.classList.contains("menu-open")) menu(false);
});
narrow.addEventListener("change", () => menu(false));
addEventListener("hashchange", route);
route();
