/* On phones the buy button follows once it has scrolled out of sight. */
const bar = document.querySelector("[data-buy-bar]");
const button = document.querySelector("[data-add-to-cart] button:not([type=button])");

if (bar && button)
  new IntersectionObserver(([entry]) => {
    bar.hidden = entry.isIntersecting || entry.boundingClientRect.top > 0;
  }).observe(button);
