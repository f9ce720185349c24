/* Thumbnails exchange the large picture; a click on it enlarges it. Without script both are links to the large file. */
const choose = (gallery, thumb) => {
  const main = gallery.querySelector("[data-gallery-main]");
  const image = main.querySelector("img");
  image.srcset = thumb.dataset.srcset;
  image.src = thumb.dataset.src;
  image.alt = thumb.dataset.alt;
  main.href = thumb.href;
  for (const other of gallery.querySelectorAll("[data-gallery-thumb]")) other.toggleAttribute("aria-current", other === thumb);
  thumb.setAttribute("aria-current", "true");
};

const step = (gallery, by) => {
  const thumbs = [...gallery.querySelectorAll("[data-gallery-thumb]")];
  if (!thumbs.length) return null;
  const now = thumbs.findIndex((thumb) => thumb.hasAttribute("aria-current"));
  const next = thumbs[(now + by + thumbs.length) % thumbs.length];
  choose(gallery, next);
  return next;
};

const enlarge = (gallery) => {
  const dialog = gallery.querySelector("[data-gallery-zoom]");
  const main = gallery.querySelector("[data-gallery-main]");
  const large = new Image();
  large.src = main.href;
  large.alt = main.querySelector("img").alt;
  dialog.querySelector("[data-gallery-large]").replaceChildren(large);
  if (!dialog.open) dialog.showModal();
};

document.addEventListener("click", (event) => {
  const gallery = event.target.closest("[data-gallery]");
  if (!gallery || event.metaKey || event.ctrlKey) return;
  const thumb = event.target.closest("[data-gallery-thumb]");
  if (thumb) choose(gallery, thumb);
  else if (event.target.closest("[data-gallery-main]")) enlarge(gallery);
  else if (event.target.matches("[data-gallery-zoom] img")) return event.target.closest("dialog").close();
  else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const gallery = event.target.closest?.("[data-gallery]");
  const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!gallery || !by) return;
  event.preventDefault();
  const thumb = step(gallery, by);
  if (gallery.querySelector("[data-gallery-zoom]").open) enlarge(gallery);
  else if (event.target.matches("[data-gallery-thumb]")) thumb?.focus();
});

let from = null;
document.addEventListener("touchstart", (event) => {
  from = event.target.closest("[data-gallery-main]") && event.touches.length === 1 ? event.touches[0] : null;
}, { passive: true });
document.addEventListener("touchend", (event) => {
  if (!from) return;
  const moved = event.changedTouches[0].clientX - from.clientX;
  if (Math.abs(moved) > 50) step(event.target.closest("[data-gallery]"), moved < 0 ? 1 : -1);
  from = null;
}, { passive: true });
