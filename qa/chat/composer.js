// Runs once, as the js_on_load of the box that questions are written in: gets `element` and `trigger` from Gradio.
const form = () => element.querySelector("form");
const box = () => element.querySelector("textarea");
const talk = () => document.getElementById("conversation");
let replaces = null; // the number of the turn that the next question takes the place of
let sent = null; // the question on its way, left in the box until the conversation shows it
let sentAt = -Infinity;
const AGAIN_MS = 2000; // until a question sent shows, another is not sent; a busy server may have refused it

function working() {
  return talk().querySelector('.turn[data-state="working"]') !== null;
}

function ask(question) {
  const waiting = sent !== null && performance.now() - sentAt < AGAIN_MS;
  if (!question.trim() || waiting || working()) return;
  const fields = new FormData(form());
  sent = question;
  sentAt = performance.now();
  trigger("ask", {
    question: question,
    replaces: replaces,
    from: fields.get("from"),
    to: fields.get("to"),
    source: fields.get("source"),
    today: fields.get("today"),
  });
  replaces = null;
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
  const fields = new FormData(form());
  const source = fields.get("source");
  const [from, to] = [fields.get("from"), fields.get("to")];
  const days = from && to ? from + " to " + to : from ? "From " + from : to ? "Up to " + to : "All days";
  const asked = fields.get("today") ? ", as if asked on " + fields.get("today") : "";
  element.querySelector(".scope").toggleAttribute("data-narrowed", Boolean(from || to || source || asked));
  element.querySelector("[data-scope-words]").textContent = days + ", " + (source || "all sources") + asked;
}

element.addEventListener("submit", (event) => {
  event.preventDefault();
  ask(box().value);
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
  if ("stop" in button.dataset) trigger("stop", {});
  if ("restart" in button.dataset && !working()) trigger("restart", {});
  if ("clearScope" in button.dataset) {
    for (const field of form().querySelectorAll("input, select")) field.value = "";
    sayScope();
  }
  if ("replaces" in button.dataset) replaces = button.dataset.replaces;
  if ("ask" in button.dataset) ask(button.dataset.ask);
  if ("edit" in button.dataset) {
    box().value = button.dataset.edit;
    fitBox();
    box().focus();
  }
});

if (matchMedia("(hover: hover)").matches) box().focus({ preventScroll: true });

// The conversation tells by its turns whether a question is being answered; a new turn is brought to the top.
let shown = 0;
new MutationObserver(() => {
  const turns = talk().querySelectorAll(".turn");
  if (sent !== null && working()) clearBox();
  document.body.dataset.talking = turns.length > 0 ? "yes" : "no";
  document.body.dataset.working = working() ? "yes" : "no";
  if (turns.length > shown) {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    turns[turns.length - 1].scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  }
  shown = turns.length;
}).observe(talk(), { childList: true, subtree: true, attributes: true, attributeFilter: ["data-state"] });
