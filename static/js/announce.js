/* Reads a sentence out to screen readers: anybody dispatches `announce` with the words in `detail`. */
const live = document.getElementById("live");

document.addEventListener("announce", (event) => {
  if (!live || !event.detail) return;
  live.textContent = "";
  setTimeout(() => (live.textContent = event.detail), 60);
});
