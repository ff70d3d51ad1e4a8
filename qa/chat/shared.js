// What the parts of the page share. It stands in the page's head, because Gradio starts the parts in any order.
window.dateline = {
  // The id of the conversation that is shown, "" for one that has not begun.
  current: () => document.querySelector("#latest [data-conversation]")?.dataset.conversation ?? "",

  // Asks in a dialog, and gives whether the answer is yes.
  confirm: (title, words) => {
    const dialog = document.getElementById("confirm-sheet");
    dialog.querySelector("h2").textContent = title;
    dialog.querySelector("#confirm-words").textContent = words;
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  },

  // Gives text to the browser as a file to be kept.
  download: (name, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: type }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  },
};

// A question that the server does not take never shows in the conversation: why not is told beside the box instead.
const [JOIN, ANSWERS] = ["/gradio_api/queue/join", "/gradio_api/queue/data"];
const GONE = "The server did not answer. Is it still running?";
const BROKEN = "The answer broke off: the server has stopped or cannot be reached.";

async function reason(response) {
  const wait = Number(response.headers.get("retry-after"));
  if (response.status === 401) return "You are no longer signed in: open this page anew.";
  if (response.status === 429) return "Those were many questions in a short time." + (wait ? ` Try again in ${wait} s.` : "");
  if (response.status === 503) return "Too many questions are waiting at the server. Try again in a minute.";
  const told = await response.json().catch(() => ({}));
  return "The question was not taken: " + (told.error?.message ?? "the server answered " + response.status) + ".";
}

// `lost` is whether Gradio has lost its connection, which only opening the page anew brings back.
function refuse(words, lost = false) {
  document.dispatchEvent(new CustomEvent("dateline:refused", { detail: { words, lost } }));
}

// The stream of an answer ends by itself, or because the page has read all of it; anything else breaks it off.
function broke(problem) {
  if (problem.name !== "AbortError") refuse(BROKEN, true);
}

const fetched = window.fetch;
window.fetch = async (...asked) => {
  const address = String(asked[0]?.url ?? asked[0]);
  try {
    const response = await fetched(...asked);
    if (address.includes(ANSWERS)) response.clone().text().catch(broke);
    if (address.includes(JOIN) && !response.ok) reason(response.clone()).then((words) => refuse(words));
    return response;
  } catch (problem) {
    if (address.includes(JOIN)) refuse(GONE, true);
    if (address.includes(ANSWERS)) broke(problem);
    throw problem;
  }
};
