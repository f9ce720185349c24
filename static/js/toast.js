/* A short message above the lower edge: anybody dispatches `toast` with the words in `detail`. Leaves after 6 seconds, not
   while the pointer or the focus is on it. */
const toasts = document.getElementById("toasts");
const pattern = document.getElementById("toast");

document.addEventListener("toast", (event) => {
  if (!toasts || !pattern || !event.detail) return;
  const toast = pattern.content.firstElementChild.cloneNode(true);
  toast.firstElementChild.textContent = event.detail;
  toast.querySelector("button").addEventListener("click", () => toast.remove());
  toasts.replaceChildren(toast);
  document.dispatchEvent(new CustomEvent("announce", { detail: event.detail }));
  const leave = () => {
    if (toast.matches(":hover, :focus-within")) return setTimeout(leave, 2000);
    toast.classList.add("is-leaving");
    setTimeout(() => toast.remove(), 300);
  };
  setTimeout(leave, 6000);
});
