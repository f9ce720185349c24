/* The admin's fields that choose several out of many name neither themselves nor their parts: told here, for who does not see them. */
const tell = (box) => {
  const select = box.previousElementSibling;
  const name = select?.labels?.[0]?.textContent.trim() || select?.getAttribute("aria-label");
  for (const field of box.querySelectorAll(".select2-search__field")) if (name) field.setAttribute("aria-label", name);
  for (const list of box.querySelectorAll("ul.select2-selection__rendered")) {
    list.setAttribute("role", "none");
    for (const item of list.children) item.setAttribute("role", "none");
  }
};

const tellAll = () => document.querySelectorAll(".select2-container").forEach(tell);

addEventListener("load", () => {
  tellAll();
  new MutationObserver(tellAll).observe(document.body, { childList: true, subtree: true });
});
