// Runs once, as the js_on_load of the source panel: gets `element`, `props` and `server` from Gradio.
const LINK = "a[data-article]";
const narrow = matchMedia("(max-width: 1099px)");
let resting = null; // what the panel showed before a source was opened
let opener = null; // the link that opened it, to which the focus returns
let clicks = 0; // only the answer to the latest click is shown
const SILENT =
  '<section class="source"><button type="button" class="quiet" data-close>Close</button>' +
  '<p class="warning" role="alert" tabindex="-1">The server did not answer. Is it still running?</p></section>';

function settle(open) {
  document.body.classList.toggle("source-open", open);
  for (const id of ["conversation", "composer", "masthead"]) {
    document.getElementById(id).inert = open && narrow.matches;
  }
}

async function open(link) {
  const click = ++clicks;
  const { article, start, end, digest, number } = link.dataset;
  let html = null;
  try {
    html = await server.open_source({ article, start, end, digest, number });
  } catch (problem) {
    // Told below, as is any answer that is no page.
  }
  if (click !== clicks) return;
  if (resting === null) resting = props.value;
  opener = link;
  props.value = typeof html === "string" ? html : SILENT;
  settle(true);
  requestAnimationFrame(() => requestAnimationFrame(showQuote));
}

function showQuote() {
  if (opener === null) return;
  document.querySelectorAll(LINK + "[aria-current]").forEach((old) => old.removeAttribute("aria-current"));
  opener.setAttribute("aria-current", "true");
  const panel = document.getElementById("source-panel");
  const mark = element.querySelector("mark");
  const heading = element.querySelector("h2, .warning");
  if (heading) heading.focus({ preventScroll: true });
  panel.scrollTop = 0;
  if (!mark) return;
  const head = element.querySelector(".source-head").offsetHeight;
  const [top, height] = [mark.getBoundingClientRect().top - panel.getBoundingClientRect().top, panel.clientHeight];
  if (top > height * 0.6) panel.scrollTop = top - head - (height - head) / 3;
}

function close() {
  if (resting === null) return;
  clicks++;
  props.value = resting;
  resting = null;
  settle(false);
  if (opener) {
    opener.removeAttribute("aria-current");
    opener.focus();
  }
  opener = null;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest(LINK);
  if (link) {
    event.preventDefault();
    open(link);
  }
  if (event.target.closest("[data-close], [data-restart]")) close();
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") close();
});
narrow.addEventListener("change", () => settle(resting !== null));
