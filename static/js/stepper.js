/* − and + beside a number field; says why it stops at what is in stock. */
const sync = (box, note) => {
  const input = box.querySelector("input");
  const max = Number(input.max) || Infinity;
  const min = Number(input.min) || 0;
  const over = Number(input.value) > max;
  if (over) input.value = max;
  const words = box.querySelector("[data-stepper-note]");
  if (words && note) {
    words.hidden = !(over || Number(input.value) === max);
    words.textContent = words.dataset.maxNote;
    if (!words.hidden) document.dispatchEvent(new CustomEvent("announce", { detail: words.textContent }));
  }
  for (const button of box.querySelectorAll("[data-step]"))
    button.disabled = button.dataset.step > 0 ? Number(input.value) >= max : Number(input.value) <= min;
};

const ready = (root) => {
  for (const box of root.querySelectorAll("[data-stepper]")) {
    for (const button of box.querySelectorAll("[data-step]")) button.hidden = false;
    sync(box, false);
  }
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const box = button.closest("[data-stepper]");
  const input = box.querySelector("input");
  if (button.dataset.step > 0) input.stepUp();
  else input.stepDown();
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

document.addEventListener("change", (event) => {
  const box = event.target.closest("[data-stepper]");
  if (box) sync(box, true);
}, true);

document.addEventListener("swapped", (event) => ready(event.detail));
ready(document);
