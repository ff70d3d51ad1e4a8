// Runs once, as the js_on_load of the box that questions are written in: gets `element`, `trigger` and `server`.
const form = () => element.querySelector("form");
const box = () => element.querySelector("textarea");
const latest = () => document.querySelector("#latest .turn");
const LATEST_ANSWERED = '#latest .turn[data-state="done"]';
const STOP_WORDS = "Stopped.";
let replaces = null; // the number of the turn that the next question takes the place of
let asked = null; // what was sent last: it is what Stop stops
let sent = null; // the question on its way, left in the box until the conversation shows it
let sentAt = -Infinity;
let refused = null; // the question that the server did not take or did not answer, to be sent again
let moveFocus = false; // whether the button that asked is about to vanish
const AGAIN = "dateline:again"; // in the session's storage
const AGAIN_MS = 2000; // until a question sent shows, another is not sent; a busy server may have refused it

const working = () => latest()?.dataset.state === "working";

function scope() {
  const fields = new FormData(form());
  const days = Object.fromEntries(["from", "to", "today"].map((name) => [name, fields.get(name) ?? ""]));
  return { ...days, sources: fields.getAll("sources") };
}

function ask(question, more = {}) {
  const waiting = sent !== null && performance.now() - sentAt < AGAIN_MS;
  if (!question.trim() || waiting || working()) return;
  sent = question;
  sentAt = performance.now();
  asked = { question, conversation: window.dateline.current(), replaces, ...scope(), ...more };
  tell("");
  trigger("ask", asked);
  replaces = null;
  offer("");
}

// Says why there is no answer, above the box; "" takes it away.
function tell(words) {
  const told = element.querySelector("[data-refused]");
  told.querySelector("span").textContent = words;
  told.hidden = words === "";
}

// A question that was not taken can be sent again at once; one whose answer broke off makes way for it.
function fail({ words, lost }) {
  if (sent === null && !working()) return;
  refused = { ...asked, lost };
  if (working()) {
    Object.assign(refused, { conversation: window.dateline.current(), replaces: latest().dataset.turn });
    latest().querySelector(".outcome").replaceChildren();
    latest().dataset.state = "done";
  }
  sent = null;
  tell(words);
}
document.addEventListener("dateline:refused", (event) => fail(event.detail));

async function again({ lost, ...question }) {
  const alive = !lost || (await fetch("healthz").then((told) => told.ok, () => false));
  if (!alive) return;
  if (!lost) return resend(question);
  sessionStorage.setItem(AGAIN, JSON.stringify(question));
  location.reload();
}

function resend({ question, conversation, replaces: place, ...more }) {
  replaces = place;
  ask(question, more);
  box().focus();
}

// What was to be sent again before the page was opened anew, as soon as its conversation is here.
function takeUp() {
  const kept = JSON.parse(sessionStorage.getItem(AGAIN) ?? "null");
  if (!kept || (kept.conversation || "") !== window.dateline.current()) return;
  sessionStorage.removeItem(AGAIN);
  resend(kept);
}

function clearBox() {
  if (box().value === sent) box().value = "";
  sent = null;
  fitBox();
}

function fitBox() {
  const area = box();
  area.style.height = "auto";
  area.style.height = Math.min(area.scrollHeight, 200) + "px";
}

function sayScope() {
  const { from, to, today, sources } = scope();
  const days = from && to ? from + " to " + to : from ? "From " + from : to ? "Up to " + to : "All days";
  const named = sources.length > 2 ? sources.length + " sources" : sources.join(", ") || "all sources";
  element.querySelector(".scope").toggleAttribute("data-narrowed", Boolean(from || to || today || sources.length));
  element.querySelector("[data-scope-words]").textContent = days + ", " + named + (today ? ", as of " + today : "");
}

function say(words) {
  const status = element.querySelector("[data-status]");
  if (status.textContent !== words) status.textContent = words;
}

function offer(html) {
  document.getElementById("follow-ups").firstElementChild.innerHTML = html;
}

async function copied(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch (refused) {
    const area = document.createElement("textarea"); // a page that is not served securely has no clipboard
    area.value = button.dataset.copy;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    button.focus();
  }
  button.textContent = "Copied";
  say("Copied.");
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

function judge(turn, verdict, more = {}) {
  trigger("judge", { conversation: window.dateline.current(), turn: turn.dataset.turn, verdict, ...more });
  say(verdict ? "Noted." : "Taken back.");
}

function thumb(button) {
  const turn = button.closest(".turn");
  const [pressed, verdict] = [button.getAttribute("aria-pressed") === "true", button.dataset.verdict];
  const questions = turn.querySelector(".opinion");
  if (pressed) judge(turn, "");
  else if (verdict === "up") judge(turn, "up");
  else {
    questions.hidden = !questions.hidden;
    if (!questions.hidden) questions.querySelector("input").focus();
    questions.scrollIntoView({ block: "nearest" });
  }
}

element.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(box().value);
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches(".opinion")) return;
  event.preventDefault();
  const reason = event.target.querySelector("[type=radio]:checked");
  if (!reason) {
    event.target.querySelector("[type=radio]").focus();
    say("Choose what is wrong.");
    return;
  }
  const texts = Object.fromEntries(["right_answer", "comment"].map((name) => [name, event.target.elements[name].value]));
  event.target.hidden = true;
  const turn = event.target.closest(".turn");
  judge(turn, "down", { reason: reason.value, ...texts });
  turn.querySelector('[data-verdict="down"]').focus();
});
element.addEventListener("keydown", (event) => {
  const enters = event.target === box() && event.key === "Enter";
  if (!enters || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  ask(box().value);
});
element.addEventListener("input", (event) => (event.target === box() ? fitBox() : sayScope()));

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("stop" in button.dataset && asked) {
    trigger("stop", asked);
    say(STOP_WORDS);
  }
  if ("again" in button.dataset && refused) again(refused);
  if ("clearScope" in button.dataset) {
    for (const field of form().querySelectorAll(".scope input")) {
      if (field.type === "checkbox") field.checked = false;
      else field.value = "";
    }
    sayScope();
  }
  if ("replaces" in button.dataset) replaces = button.dataset.replaces;
  if ("ask" in button.dataset) {
    moveFocus = true;
    ask(button.dataset.ask, button.dataset.implied ? { implied: button.dataset.implied } : {});
  }
  if ("edit" in button.dataset) {
    box().value = button.dataset.edit;
    fitBox();
    box().focus();
  }
  if ("copy" in button.dataset) copied(button);
  if ("verdict" in button.dataset) thumb(button);
  if ("opinionCancel" in button.dataset) {
    button.closest(".opinion").hidden = true;
    button.closest(".turn").querySelector('[data-verdict="down"]').focus();
  }
});

if (matchMedia("(hover: hover)").matches) box().focus({ preventScroll: true });

async function answered(turn) {
  const place = { conversation: window.dateline.current(), turn: turn.dataset.turn };
  document.dispatchEvent(new CustomEvent("dateline:answered", { detail: turn }));
  let told = null;
  try {
    told = await server.follow_ups(place);
  } catch (problem) {
    return; // they are only an offer
  }
  const still = window.dateline.current() === place.conversation && latest()?.dataset.turn === place.turn;
  if (told && !told.problem && still && !working()) offer(told.html);
}

// The turns tell whether a question is being answered; a new one is brought to the top and what comes of it is said.
// The whole page is watched, because Gradio may put another element in the place of a part while it starts.
let state = "";
let conversation = "";
function follow() {
  const turn = latest();
  const now = turn ? turn.dataset.state : "none";
  const begins = now === "working" && state !== "working";
  const ends = now === "done" && state === "working";
  const other = window.dateline.current() !== conversation;
  if (sent !== null && now === "working") clearBox();
  document.body.dataset.talking = turn ? "yes" : "no";
  document.body.dataset.working = now === "working" ? "yes" : "no";
  if (turn && (begins || other)) {
    const calm = other || matchMedia("(prefers-reduced-motion: reduce)").matches;
    turn.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
    if (moveFocus) turn.querySelector(".question").focus({ preventScroll: true });
    moveFocus = false;
  }
  if (other) {
    conversation = window.dateline.current();
    if (!begins) offer("");
    if (conversation && location.hash !== "#archive") history.replaceState(null, "", "#c=" + conversation);
  }
  for (const link of document.querySelectorAll("[data-conversation-link]")) {
    const here = conversation !== "" && link.dataset.conversationLink === conversation;
    if (here && !link.hasAttribute("aria-current")) link.setAttribute("aria-current", "true");
    if (!here && link.hasAttribute("aria-current")) link.removeAttribute("aria-current");
  }
  if (now === "working") say(turn.querySelector(".stage")?.textContent ?? "");
  if (ends) {
    say(turn.querySelector(".short-answer, .sentence, .problem")?.textContent ?? "");
    if (turn.querySelector("[data-evidence]")) answered(turn);
  }
  state = now;
  takeUp();
}
new MutationObserver(follow).observe(document.body, {
  childList: true,
  subtree: true,
  characterData: true,
  attributes: true,
  attributeFilter: ["data-state", "data-conversation", "aria-current"],
});
follow();
