/* data-photo-order: photos are put in order by dragging; the buttons beside them do the same without a mouse. What was
   typed is sent along. */
const form = document.querySelector("form[data-photo-order]");
const list = form?.querySelector("ol");
let dragged = null;

const order = () => [...list.children].map((item) => item.dataset.photo).join(",");

if (list?.querySelector("button")) {
  const before = order();
  for (const item of list.children) {
    item.draggable = true;
    item.addEventListener("dragstart", (event) => {
      if (event.target !== item) return;
      dragged = item;
      event.dataTransfer.effectAllowed = "move";
      item.classList.add("is-dragged");
    });
    item.addEventListener("dragover", (event) => {
      if (!dragged) return;
      event.preventDefault();
      if (dragged === item) return;
      const box = item.getBoundingClientRect();
      item[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
    });
    item.addEventListener("drop", (event) => event.preventDefault());
    item.addEventListener("dragend", () => {
      item.classList.remove("is-dragged");
      dragged = null;
      if (order() === before) return;
      form.elements.order.value = order();
      const what = Object.assign(document.createElement("input"), { type: "hidden", name: "do", value: "order" });
      form.append(what);
      form.submit();
    });
    for (const field of item.querySelectorAll("input")) {
      field.addEventListener("focus", () => (item.draggable = false)); // text is selected by dragging, too
      field.addEventListener("blur", () => (item.draggable = true));
    }
  }
}
