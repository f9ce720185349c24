/* data-dialog="id" opens a dialog; a click beside it or on [data-close] closes it. Focus returns by itself. */
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  const dialog = opener && document.getElementById(opener.dataset.dialog);
  if (dialog) {
    event.preventDefault();
    dialog.showModal();
    return;
  }
  const inside = event.target.closest("dialog");
  if (inside && (event.target === inside || event.target.closest("[data-close]"))) inside.close();
});
