// Runs once, as the js_on_load of the source panel: gets `element`, `props` and `server` from Gradio.
const LINK = "a[data-article]";
const narrow = matchMedia("(max-width: 1099px)");
const panel = () => document.getElementById("source-panel");
let resting = null; // what the panel showed before anything was opened
let opener = null; // what opened it, to which the focus returns
let turn = null; // the number of the turn that is looked into, if it is one
let clicks = 0; // only the answer to the latest click is shown
let awaited = false; // whether a person waits for what that click opens

function failed(message) {
  const told = document.createElement("p");
  told.textContent = message;
  told.className = "warning";
  told.setAttribute("role", "alert");
  told.tabIndex = -1;
  const close = '<div class="source-bar"><p class="label">Source</p><button type="button" class="quiet" data-close>Close</button></div>';
  return '<section class="source"><header class="source-head">' + close + "</header>" + told.outerHTML + "</section>";
}

function settle(open) {
  document.body.classList.toggle("source-open", open);
  for (const id of ["conversation", "composer", "topbar", "side", "shelf"]) {
    document.getElementById(id).inert = open && narrow.matches;
  }
}

async function fetched(name, sent) {
  try {
    const told = await server[name](sent);
    return told.problem ? failed(told.problem) : told.html;
  } catch (problem) {
    return failed("The server did not answer. Is it still running?");
  }
}

async function show(name, sent, from) {
  const click = ++clicks;
  awaited = Boolean(from);
  const html = await fetched(name, sent);
  if (click !== clicks) return;
  awaited = false;
  if (resting === null) resting = props.value;
  props.value = html;
  document.querySelectorAll(LINK + "[aria-current]").forEach((old) => old.removeAttribute("aria-current"));
  if (from) {
    if (!panel().contains(from)) opener = from;
    if (from.matches(LINK) && document.contains(from) && !panel().contains(from)) from.setAttribute("aria-current", "true");
    settle(true);
  }
  requestAnimationFrame(() => requestAnimationFrame(() => settleView(Boolean(from))));
}

function settleView(focus) {
  const heading = element.querySelector("h2, .warning");
  if (heading && focus) heading.focus({ preventScroll: true });
  const mark = element.querySelector("mark");
  panel().scrollTop = 0;
  if (!mark) return;
  const head = element.querySelector(".source-head").offsetHeight;
  const [top, height] = [mark.getBoundingClientRect().top - panel().getBoundingClientRect().top, panel().clientHeight];
  if (top > height * 0.6) panel().scrollTop = top - head - (height - head) / 3;
}

function openSource(link) {
  const { article, start, end, digest, number } = link.dataset;
  const about = link.closest(".turn, [data-of-turn]");
  if (about) turn = about.dataset.turn ?? about.dataset.ofTurn;
  else if (!panel().contains(link)) turn = null;
  show("open_source", { article, start, end, digest, number, turn: about ? turn : null }, link);
}

function openEvidence(of, from) {
  turn = of;
  show("open_evidence", { conversation: window.dateline.current(), turn: of }, from);
}

function close() {
  clicks++;
  awaited = false;
  if (resting === null) return;
  props.value = resting;
  resting = null;
  settle(false);
  document.querySelectorAll(LINK + "[aria-current]").forEach((old) => old.removeAttribute("aria-current"));
  if (opener && document.contains(opener)) opener.focus();
  else document.getElementById("question")?.focus({ preventScroll: true });
  opener = null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(LINK);
  const button = event.target.closest("button");
  if (link) {
    event.preventDefault();
    openSource(link);
  } else if (button && "evidence" in button.dataset) {
    openEvidence(button.dataset.evidence || button.closest(".turn").dataset.turn, button);
  } else if (event.target.closest("[data-close], [data-restart], [data-page], [data-conversation-link]")) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) close();
});
// Where there is room, what an answer rests on is beside it at once, unless somebody is reading an article there or has
// just asked for one: a link can be pressed before the answer is said to be whole.
document.addEventListener("dateline:answered", (event) => {
  const reading = awaited || (resting !== null && !element.querySelector(".evidence"));
  if (!narrow.matches && !reading) openEvidence(event.detail.dataset.turn, null);
});
narrow.addEventListener("change", () => settle(resting !== null && opener !== null));
