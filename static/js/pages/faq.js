/* Frequent questions: a field that leaves only the questions with those words, and an address ending in #anchor that opens its answer. */
const search = document.querySelector("[data-faq-search]");
const count = document.querySelector("[data-faq-count]");
const none = document.querySelector("[data-faq-none]");

const show = () => {
  const words = search.querySelector("input").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const topic of document.querySelectorAll("[data-faq-topic]")) {
    let here = 0;
    for (const entry of topic.querySelectorAll("[data-faq-entry]")) {
      const text = entry.textContent.toLowerCase();
      entry.hidden = !words.every((word) => text.includes(word));
      here += entry.hidden ? 0 : 1;
    }
    topic.hidden = here === 0;
    found += here;
  }
  none.hidden = found > 0;
  count.textContent = words.length ? (found === 1 ? count.dataset.one : count.dataset.many.replace("%(count)s", found)) : "";
};

const open = () => {
  const answer = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const entry = answer && answer.closest("[data-faq-entry]");
  if (!entry) return;
  entry.open = true;
  entry.querySelector("summary").scrollIntoView();
};

if (search) {
  search.hidden = false;
  search.addEventListener("input", show);
  search.addEventListener("submit", (event) => event.preventDefault());
}
addEventListener("hashchange", open);
open();
