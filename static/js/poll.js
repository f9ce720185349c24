/* data-poll="3": looks every 3 seconds whether this page has changed; goes along when the answer leads elsewhere. Stops
   asking when the element no longer carries data-poll. */
const look = async (id) => {
  const here = document.getElementById(id);
  if (!here?.dataset.poll) return;
  const answer = await fetch(location.href, { headers: { Accept: "text/html" } }).catch(() => null);
  if (answer?.redirected && answer.url !== location.href) return location.replace(answer.url);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(id);
    if (!fresh) return location.reload();
    if (fresh.innerHTML !== here.innerHTML) {
      here.replaceWith(document.adoptNode(fresh));
      document.dispatchEvent(new CustomEvent("swapped", { detail: fresh }));
    } else here.dataset.poll = fresh.dataset.poll ?? "";
  }
  plan(id);
};

const plan = (id) => {
  const seconds = Number(document.getElementById(id)?.dataset.poll);
  if (seconds) setTimeout(() => look(id), seconds * 1000);
};

for (const element of document.querySelectorAll("[data-poll][id]")) plan(element.id);
