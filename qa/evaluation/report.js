"use strict";
const questions = [...document.querySelectorAll(".question")];
const buttons = [...document.querySelectorAll("[data-filter]")];
const type = document.getElementById("type");
const find = document.getElementById("find");
const shown = document.getElementById("shown");
const words = new Map(questions.map((question) => [question, question.textContent.toLowerCase()]));
const types = new Map(questions.map((question) => [question, JSON.parse(question.dataset.types)]));
let filter = "all";

function fits(question) {
  const kind = filter === "all" || (filter === "changed" ? "changed" in question.dataset : question.dataset.verdict === filter);
  return kind && (!type.value || types.get(question).includes(type.value)) && words.get(question).includes(find.value.toLowerCase());
}

function show() {
  let count = 0;
  for (const question of questions) {
    question.hidden = !fits(question);
    count += !question.hidden;
  }
  for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.filter === filter));
  shown.textContent = `${count} shown`;
}

for (const button of buttons) button.addEventListener("click", () => { filter = button.dataset.filter; show(); });
type.addEventListener("change", show);
find.addEventListener("input", show);
show();
