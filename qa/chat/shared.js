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
