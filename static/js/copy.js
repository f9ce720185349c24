/* data-copy="text": a button that copies it and says so. */
const ready = (root) => {
  if (navigator.clipboard) for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copy);
  const words = button.querySelector("span");
  const before = words.textContent;
  words.textContent = button.dataset.copied;
  document.dispatchEvent(new CustomEvent("announce", { detail: button.dataset.copied }));
  setTimeout(() => (words.textContent = before), 2500);
});

document.addEventListener("swapped", (event) => ready(event.detail));
ready(document);
